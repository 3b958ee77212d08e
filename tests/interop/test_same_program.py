# SPDX-License-Identifier: Apache-2.0
"""One Python program and one C++ program, run unchanged on the devices of several vendors."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qdmikit

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

EXAMPLES = Path(__file__).parents[2] / "examples"


@dataclasses.dataclass(frozen=True)
class Case:
    """A device.

    Parameters
    ----------
    id
        In its manifest.
    has_server
        Whether it needs the mock server's URL.
    qubits
        How many it has; None: any number.
    runs
        Whether it runs jobs. If not, all that can be done is to ask what it is.
    """

    id: str
    has_server: bool = False
    qubits: int | None = None
    runs: bool = True


CASES = [
    Case("qdmikit.iqm", has_server=True, qubits=20),
    Case("iqm.default", has_server=True, qubits=20),
    Case("mqt.ddsim.default"),
    Case("mqt.sc.default", qubits=100, runs=False),
    Case("mqt.sc.iqm.garnet", qubits=20, runs=False),
]

on_every_device = pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])


def run(*command: str | Path) -> str:
    """Run a program and return what it prints; its complaint becomes the test's."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def cpp_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build ``examples/cpp/bell.cpp`` with the installed package."""
    folder = tmp_path_factory.mktemp("examples")
    package = f"-Dqdmikit_DIR={qdmikit.cmake_dir()}"
    run("cmake", "-G", "Ninja", "-S", EXAMPLES / "cpp", "-B", folder, package)
    run("cmake", "--build", folder, "--target", "bell")
    return folder / "bell"


def assert_is_right(output: str, case: Case) -> None:
    first, *rest = output.splitlines()
    assert first.endswith(" qubits")
    assert case.qubits in (None, int(first.split()[-2]))
    if not case.runs:
        assert rest == ["takes none of our programs"]
        return
    counts = {bits: int(number) for bits, number in (line.split(": ") for line in rest)}
    assert sum(counts.values()) == 1000
    assert counts.keys() == {"00", "11"}
    assert min(counts.values()) > 400


@on_every_device
@pytest.mark.iqm_mock_server(ideal=True)
def test_the_same_cpp_program_runs(case: Case, cpp_program: Path, iqm_mock_server: MockServer) -> None:
    (entry,) = [entry for entry in qdmikit.devices() if entry.id == case.id]
    url = [iqm_mock_server.url] if case.has_server else []
    assert_is_right(run(cpp_program, entry.library, entry.prefix, *url), case)


@on_every_device
@pytest.mark.iqm_mock_server(ideal=True)
def test_the_same_python_program_runs(case: Case, iqm_mock_server: MockServer) -> None:
    url = [iqm_mock_server.url] if case.has_server else []
    assert_is_right(run(sys.executable, EXAMPLES / "python" / "any_device.py", case.id, *url), case)


@on_every_device
@pytest.mark.iqm_mock_server(ideal=True)
def test_each_tells_what_it_is(case: Case, iqm_mock_server: MockServer) -> None:
    url = {"base_url": iqm_mock_server.url} if case.has_server else {}
    device = qdmikit.open_device(case.id, **url)
    assert device.name
    assert device.version
    assert device.library_version is not None
    assert device.library_version.startswith("1.4")
    assert device.status is qdmikit.DeviceStatus.IDLE
    assert len(device.sites) >= device.qubits_num >= 1
    assert len({site.index for site in device.sites}) == len(device.sites)
    for operation in device.operations:
        assert operation.qubits_num is None or operation.qubits_num >= 1
        for sites in operation.sites or ():
            fidelity = operation.fidelity(*sites)
            assert fidelity is None or 0 <= fidelity <= 1
    assert all(one != other for one, other in device.coupling_map or ())
    if not case.runs:
        with pytest.raises(qdmikit.NotSupported, match="QASM3"):
            device.submit("OPENQASM 3.0;", qdmikit.ProgramFormat.QASM3)
