# SPDX-License-Identifier: Apache-2.0
"""Circuits as jobs, by the command, and what it says of a site file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.python.command.conftest import Machine

    from iqm_mock_server import MockServer

IDEAL = pytest.mark.iqm_mock_server(ideal=True)
SITE = """
[devices.garnet]
url = "{url}"
partitions = ["quantum"]
[devices.garnet.env]
url = ["IQM_SERVER_URL"]
"""
BELL = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg c[2]; h q[0]; cx q[0],q[1]; measure q -> c;'


@pytest.fixture
def bell(machine: Machine) -> Path:
    file = machine.home / "bell.qasm"
    file.write_text(BELL)
    return file


@pytest.fixture
def site_file(machine: Machine, iqm_mock_server: MockServer) -> Path:
    file = machine.home / "site.toml"
    file.write_text(SITE.format(url=iqm_mock_server.url))
    file.chmod(0o644)
    return file


@IDEAL
def test_a_circuit_runs_in_a_local_job(machine: Machine, iqm_mock_server: MockServer, bell: Path) -> None:
    server = {"IQM_SERVER_URL": iqm_mock_server.url}
    done = machine.run(
        "slurm", "run", bell, "--device", "qdmikit.iqm", "--shots", "50", "--local", "--json", **server
    )
    assert done.code == 0, done.err
    (result,) = done.json["results"]
    assert result["shots"] == 50
    assert set(result["counts"]) <= {"00", "11"}


@IDEAL
def test_another_command_comes_back_to_the_job(
    machine: Machine, iqm_mock_server: MockServer, bell: Path
) -> None:
    server = {"IQM_SERVER_URL": iqm_mock_server.url}
    submitted = machine.run(
        "slurm", "run", bell, "--device", "qdmikit.iqm", "--shots", "50", "--local", "--no-wait", **server
    )
    folder = submitted.out.strip()
    result = machine.run("slurm", "result", folder, "--json", "--timeout", "100")
    assert result.code == 0, result.err
    assert (result.json["device"], result.json["results"][0]["shots"]) == ("qdmikit.iqm", 50)
    assert machine.run("slurm", "status", folder, "--json").json["status"] == "DONE"
    assert machine.run("slurm", "cancel", folder, "--json").json["status"] == "DONE"


def test_a_folder_that_is_no_job(machine: Machine) -> None:
    done = machine.run("slurm", "status", machine.home)
    assert done.code != 0
    assert "is not the folder of a submitted job" in done.err


def test_a_machine_without_slurm(machine: Machine, bell: Path) -> None:
    done = machine.run("slurm", "run", bell, "--device", "qdmikit.iqm", PATH=str(machine.home))
    assert done.code != 0
    assert "there is no sbatch" in done.err or "submitit" in done.err


@IDEAL
def test_what_a_site_file_does(machine: Machine, site_file: Path, iqm_mock_server: MockServer) -> None:
    accepted = machine.run("slurm", "check-config", site_file, "--partition", "quantum", "--json")
    assert accepted.code == 0, accepted.err
    (device,) = accepted.json["devices"]
    assert device["environment"]["IQM_SERVER_URL"] == iqm_mock_server.url
    refused = machine.run(
        "slurm", "check-config", site_file, "--partition", "classical", "--device", "garnet"
    )
    assert refused.code == 4
    assert "rejected: quantum device 'garnet' cannot be used from partition 'classical'" in refused.out


def test_a_site_file_that_is_no_good(machine: Machine) -> None:
    file = machine.home / "site.toml"
    file.write_text("[devices.garnet]\nurl = 3\n")
    file.chmod(0o644)
    done = machine.run("slurm", "check-config", file)
    assert done.code != 0
    assert f"{file}:2: 'url' of device 'garnet' must be a text" in done.err


@IDEAL
def test_devices_that_answer_and_those_that_do_not(
    machine: Machine, site_file: Path, iqm_mock_server: MockServer
) -> None:
    answered = machine.run("slurm", "probe", site_file, "--open", "qdmikit.iqm")
    assert answered.code == 0, answered.out + answered.err
    assert "opened a session: IQM Garnet" in answered.out
    site_file.write_text(SITE.format(url="http://127.0.0.1:1"))
    away = machine.run("slurm", "probe", site_file, "--open", "qdmikit.iqm")
    assert away.code == 1
    assert "remedy:" in away.out
    assert json.dumps(iqm_mock_server.url) not in away.out
