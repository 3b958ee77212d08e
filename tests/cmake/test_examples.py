# SPDX-License-Identifier: Apache-2.0
"""The C++ examples: one binary each, on devices of two makers."""

from __future__ import annotations

import json
import subprocess
from importlib.metadata import distribution
from typing import TYPE_CHECKING, NamedTuple

import pytest
from programs import assert_bell, run

if TYPE_CHECKING:
    from pathlib import Path

    from iqm_mock_server import MockServer

BELL_IN_QASM = """OPENQASM 3.0; include "stdgates.inc";
qubit[2] q; bit[2] c; h q[0]; cx q[0], q[1]; c = measure q;"""


class Target(NamedTuple):
    """A device, and a Bell circuit in a format that it takes."""

    device: list[str]
    program: list[str]
    parameters: list[str]


def bell_in_iqm_json() -> str:
    def hadamard(qubit: str) -> list[dict[str, object]]:
        turns = ((1.5707963267948966, 1.5707963267948966), (3.141592653589793, 0.0))
        return [
            {"name": "prx", "locus": [qubit], "args": {"angle": angle, "phase": phase}}
            for angle, phase in turns
        ]

    measurements = [
        {"name": "measure", "locus": [f"QB{bit + 1}"], "args": {"key": f"c_2_0_{bit}"}} for bit in range(2)
    ]
    cz = {"name": "cz", "locus": ["QB1", "QB2"], "args": {}}
    gates = [*hadamard("QB1"), *hadamard("QB2"), cz, *hadamard("QB2")]
    return json.dumps({"name": "bell", "metadata": {}, "instructions": [*gates, *measurements]})


@pytest.fixture
def iqm(prefix: Path, tmp_path: Path, iqm_mock_server: MockServer) -> Target:
    program = tmp_path / "bell.json"
    program.write_text(bell_in_iqm_json())
    return Target(
        [str(prefix / "lib" / "libiqm-qdmi-device.so"), "IQM"],
        ["iqmjson", str(program)],
        [f"baseurl={iqm_mock_server.url}"],
    )


@pytest.fixture
def ddsim(tmp_path: Path) -> Target:
    files = distribution("mqt-core").files
    assert files is not None
    (library,) = [file for file in files if file.name == "libmqt-core-qdmi-ddsim-device.so"]
    program = tmp_path / "bell.qasm"
    program.write_text(BELL_IN_QASM)
    return Target([str(library.locate()), "MQT_DDSIM"], ["qasm3", str(program)], [])


@pytest.fixture(params=["iqm", "ddsim"])
def target(request: pytest.FixtureRequest) -> Target:
    found: Target = request.getfixturevalue(request.param)
    return found


def failure(*command: str | Path) -> str:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done.stdout
    return done.stderr


@pytest.mark.iqm_mock_server(ideal=True)
def test_query_tells_what_a_device_is(from_prefix: Path, target: Target) -> None:
    told = run(from_prefix / "query", *target.device, *target.parameters).splitlines()
    assert " qubits, IDLE" in told[0]
    assert told[1].startswith("site 0 ")
    assert any(line.startswith("operation ") for line in told)
    assert told[-2:] == ["QDMI 1.4.0", "0 child devices"]


@pytest.mark.iqm_mock_server(ideal=True)
def test_run_runs_a_program(from_prefix: Path, target: Target) -> None:
    assert_bell(run(from_prefix / "run", *target.device, *target.program, "1000", *target.parameters))


@pytest.mark.iqm_mock_server(ideal=True)
def test_async_waits_for_several_jobs(from_prefix: Path, target: Target) -> None:
    told = run(from_prefix / "async", *target.device, *target.program, "60", *target.parameters)
    assert told.splitlines() == [f"job {i}: DONE, {100 * (i + 1)} shots" for i in range(3)]


@pytest.mark.iqm_mock_server(ideal=True, duration=3600)
def test_async_cancels_what_takes_too_long(from_prefix: Path, iqm: Target) -> None:
    told = run(from_prefix / "async", *iqm.device, *iqm.program, "0.1", *iqm.parameters)
    assert told.splitlines() == [f"job {i}: CANCELED" for i in range(3)]


@pytest.mark.iqm_mock_server(calibration_duration=0.1)
def test_calibrate_calibrates(from_prefix: Path, iqm: Target, tmp_path: Path) -> None:
    configuration = tmp_path / "configuration.json"
    configuration.write_text("{}")
    told = run(from_prefix / "calibrate", *iqm.device, "iqmjson", configuration, *iqm.parameters)
    assert "calibration: DONE" in told
    assert "site 0: T1 " in told


def test_calibrate_says_that_a_device_cannot_be_calibrated(from_prefix: Path, ddsim: Target) -> None:
    told = failure(from_prefix / "calibrate", *ddsim.device, *ddsim.program)
    assert "this device cannot be calibrated" in told


@pytest.mark.iqm_mock_server(token="s3cret")  # noqa: S106 - of a server that lives as long as the test
def test_secrets_come_from_files_and_never_from_the_command_line(
    from_prefix: Path, iqm: Target, tmp_path: Path
) -> None:
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    told = run(from_prefix / "query", *iqm.device, *iqm.parameters, f"token=@{token}")
    assert "20 qubits" in told
    refused = failure(from_prefix / "query", *iqm.device, *iqm.parameters, "token=s3cret")
    assert "token=@FILE" in refused
    assert "s3cret" not in refused


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["lib.so"], "usage: run LIBRARY PREFIX FORMAT PROGRAM SHOTS [parameter=value]..."),
        (["./l.so", "P", "qasm3", "p", "10", "colour=red"], "no session parameter 'colour'"),
        (["./l.so", "P", "qasm3", "p", "10", "baseurl"], "write name=value or name=@FILE"),
        (["./l.so", "P", "qasm3", "p", "10", "token=@/nowhere"], "cannot read /nowhere"),
        (["./l.so", "P", "qasm3", "p", "10"], "./l.so"),
    ],
)
def test_what_makes_no_sense_is_refused(from_prefix: Path, arguments: list[str], reason: str) -> None:
    assert reason in failure(from_prefix / "run", *arguments)


def test_what_is_no_number_is_refused(from_prefix: Path, ddsim: Target) -> None:
    for shots in ("many", "-1", "1e3", ""):
        assert "is no such number" in failure(from_prefix / "run", *ddsim.device, *ddsim.program, shots)
    assert "no program format" in failure(from_prefix / "run", *ddsim.device, "basic", "p", "10")
