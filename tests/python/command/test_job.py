# SPDX-License-Identifier: Apache-2.0
"""Jobs that outlive the command: waiting, leaving, coming back, cancelling; and calibrations."""

from __future__ import annotations

import json
import os
import pty
import select
import shlex
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.python.command.conftest import Machine

    from iqm_mock_server import MockServer

LONG = pytest.mark.iqm_mock_server(ideal=True, duration=600.0)


def on(server: MockServer) -> tuple[str, ...]:
    return ("--device", "qdmikit.iqm", "--base-url", server.url)


def submitted(machine: Machine, server: MockServer, program: Path) -> str:
    done = machine.run("run", program, *on(server), "--shots", "20", "--no-wait")
    assert done.code == 0
    return done.out.strip()


@pytest.mark.iqm_mock_server(ideal=True)
def test_the_id_leads_back_to_the_results(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    job_id = submitted(machine, iqm_mock_server, programs["json"])
    done = machine.run("job", job_id, *on(iqm_mock_server), "--watch", "--json")
    assert done.code == 0
    assert done.json == {
        "job": job_id,
        "device": "qdmikit.iqm",
        "status": "DONE",
        "queue_position": None,
        "shots": 20,
        "programs": 1,
        "format": "IQMJSON",
    }
    file = machine.home / "counts.json"
    done = machine.run("job", job_id, *on(iqm_mock_server), "--result", "--json", "--output", file)
    assert done.json["results"] == [{"shots": 20, "counts": {"1": 20}}]
    assert json.loads(file.read_text()) == done.json


def test_no_wait_as_json(iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]) -> None:
    document = machine.run("run", programs["json"], *on(iqm_mock_server), "--no-wait", "--json").json
    (submission,) = iqm_mock_server.ledger.submissions()
    assert document == {"job": str(submission.id), "device": "qdmikit.iqm", "status": "SUBMITTED"}


@LONG
def test_a_job_that_runs_is_told_and_cancelled(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    first = submitted(machine, iqm_mock_server, programs["json"])
    second = submitted(machine, iqm_mock_server, programs["json"])
    done = machine.run("job", second, *on(iqm_mock_server))
    assert done.code == 0
    assert done.out.startswith(f"job {second} on qdmikit.iqm: queued, ")
    assert "ahead of it" in done.out
    done = machine.run("job", first, *on(iqm_mock_server), "--cancel", "--json")
    assert (done.code, done.json["status"]) == (0, "CANCELED")
    assert machine.run("job", first, *on(iqm_mock_server), "--watch").code == 1
    done = machine.run("job", first, *on(iqm_mock_server), "--result", "--json")
    assert (done.code, done.json["error"]["status"]) == (1, "BADSTATE")


@pytest.mark.iqm_mock_server(ideal=True, duration=5.0)
def test_the_time_to_wait_is_limited_and_the_job_runs_on(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    options = ("--shots", "20", "--timeout", "0.2", "--json", "--session", "custom3=50000")
    done = machine.run("run", programs["json"], *on(iqm_mock_server), *options)
    assert done.code == 6
    (submission,) = iqm_mock_server.ledger.submissions()
    hint = (
        f"qdmikit job {submission.id} --device qdmikit.iqm --result --session custom3=50000 "
        f"--base-url {iqm_mock_server.url}"
    )
    assert hint in done.err
    assert hint in done.json["error"]["message"]
    _, *arguments = shlex.split(hint)
    done = machine.run(*arguments, "--json")
    assert done.json["results"] == [{"shots": 20, "counts": {"1": 20}}]


@LONG
@pytest.mark.parametrize("name", ["json", "qasm2"])
def test_ctrl_c_leaves_the_job_alone(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path], name: str
) -> None:
    with machine.begin("run", programs[name], *on(iqm_mock_server)) as process:
        assert process.stderr is not None
        job_id = process.stderr.readline().rpartition(" ")[2].strip()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert (
        f"interrupted: the job {job_id} runs on; come back to it with: qdmikit job {job_id} --device" in err
    )
    document = machine.run("job", job_id, *on(iqm_mock_server), "--json").json
    assert document["status"] in {"QUEUED", "RUNNING"}
    machine.run("job", job_id, *on(iqm_mock_server), "--cancel")


@LONG
@pytest.mark.parametrize("name", ["json", "qasm2"])
def test_a_terminal_shows_how_far_the_job_is(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path], name: str
) -> None:
    terminal, theirs = pty.openpty()
    with subprocess.Popen(
        [*_command(), "run", programs[name], *on(iqm_mock_server)],
        env={**machine.environment, "TERM": "xterm", "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        seen = b""
        while b": running" not in seen:
            readable, _, _ = select.select([terminal], [], [], 60)
            assert readable, seen
            seen += os.read(terminal, 4096)
        process.send_signal(signal.SIGINT)
        while True:
            try:
                seen += os.read(terminal, 4096)
            except OSError:  # the other end is closed
                break
        process.wait(timeout=30)
    os.close(terminal)
    assert process.returncode == 130
    assert b"come back to it with" in seen
    (submission,) = iqm_mock_server.ledger.submissions()
    machine.run("job", str(submission.id), *on(iqm_mock_server), "--cancel")


def _command() -> list[Path]:
    from tests.python.command.conftest import COMMAND

    return [COMMAND]


def test_a_device_that_finds_no_jobs_is_not_left_alone(
    machine: Machine, programs: dict[str, Path], library_named: Callable[[str], Path]
) -> None:
    plain = library_named("plain-device")
    machine.describe({"id": "my.device", "library": str(plain), "prefix": "SCRIPTED"})
    done = machine.run("run", programs["qasm3"], "--device", "my.device", "--no-wait")
    assert done.code == 1
    assert "does not find jobs by their id, so the results would be lost" in done.err


def test_an_unknown_job_is_not_found(iqm_mock_server: MockServer, machine: Machine) -> None:
    job_id = "00000000-0000-4000-8000-000000000000"
    done = machine.run("job", job_id, *on(iqm_mock_server))
    assert done.code == 3
    assert f"cannot come back to job {job_id} on qdmikit.iqm: cannot retrieve job {job_id}" in done.err


@pytest.mark.parametrize(
    "options", [("--watch", "--cancel"), ("--result", "--watch"), ("--output", "counts.json")]
)
def test_options_that_make_no_sense_together_are_wrong_usage(
    machine: Machine, options: tuple[str, ...]
) -> None:
    assert machine.run("job", "1", "--device", "mqt.ddsim.default", *options).code == 2


@pytest.mark.iqm_mock_server(calibration_duration=0.1)
def test_a_calibration_tells_the_new_set(iqm_mock_server: MockServer, machine: Machine) -> None:
    configuration = machine.write("calibration.json", "{}")
    done = machine.run("calibrate", "qdmikit.iqm", configuration, "--base-url", iqm_mock_server.url, "--json")
    assert done.code == 0
    computer = iqm_mock_server.app.extensions["iqm_mock_server"].find("garnet")
    document = done.json
    assert document["status"] == "DONE"
    assert document["result"] == str(computer.calibrations.find(None).id)
    assert f"submitted as job {document['job']}" in done.err


@pytest.mark.iqm_mock_server(calibration_service=False)
def test_a_server_without_calibrations_says_so(iqm_mock_server: MockServer, machine: Machine) -> None:
    configuration = machine.write("calibration.json", "{}")
    done = machine.run("calibrate", "qdmikit.iqm", configuration, "--base-url", iqm_mock_server.url)
    assert done.code == 1
    assert done.err.startswith("qdmikit: cannot calibrate qdmikit.iqm: ")
