# SPDX-License-Identifier: Apache-2.0
"""`qdmikit run`: programs in every format, as they are and through Qiskit."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from qiskit import QuantumCircuit, qpy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.python.command.conftest import Machine

    from iqm_mock_server import MockServer

SIMULATOR = ("--device", "mqt.ddsim.default")


def on(server: MockServer) -> tuple[str, ...]:
    return ("--device", "qdmikit.iqm", "--base-url", server.url)


def write_qpy(path: Path, *ones: int) -> Path:
    """Write a circuit for each number, that sets as many of three bits."""
    circuits = []
    for number in ones:
        circuit = QuantumCircuit(3, 3)
        for qubit in range(number):
            circuit.x(qubit)
        circuit.measure(range(3), range(3))
        circuits.append(circuit)
    with path.open("wb") as file:
        qpy.dump(circuits, file)
    return path


@pytest.mark.parametrize("name", ["qasm2", "qasm3"])
def test_a_format_that_the_device_takes_goes_as_it_is(
    machine: Machine, programs: dict[str, Path], name: str
) -> None:
    done = machine.run("run", programs[name], *SIMULATOR, "--shots", "200", "--json")
    assert done.code == 0
    document = done.json
    assert (document["device"], document["status"]) == ("mqt.ddsim.default", "DONE")
    assert document["transpiled"] is False
    (result,) = document["results"]
    assert set(result["counts"]) <= {"00", "11"}
    assert sum(result["counts"].values()) == result["shots"] == 200
    assert f"submitted as job {document['job']}" in done.err


@pytest.mark.iqm_mock_server(ideal=True)
@pytest.mark.parametrize("name", ["qasm2", "qasm3"])
def test_other_circuits_are_transpiled(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path], name: str
) -> None:
    document = machine.run("run", programs[name], *on(iqm_mock_server), "--shots", "200", "--json").json
    assert document["transpiled"] is True
    (result,) = document["results"]
    assert set(result["counts"]) == {"00", "11"}
    assert result["shots"] == 200
    (submission,) = iqm_mock_server.ledger.submissions()
    assert str(submission.id) == document["job"]


@pytest.mark.iqm_mock_server(ideal=True)
def test_several_circuits_of_a_qpy_file_have_results_of_their_own(
    iqm_mock_server: MockServer, machine: Machine
) -> None:
    program = write_qpy(machine.home / "circuits.qpy", 1, 2)
    document = machine.run("run", program, *on(iqm_mock_server), "--shots", "50", "--json").json
    assert [each["counts"] for each in document["results"]] == [{"001": 50}, {"011": 50}]


@pytest.mark.iqm_mock_server(ideal=True)
def test_the_devices_own_json_goes_as_it_is(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    document = machine.run("run", programs["json"], *on(iqm_mock_server), "--shots", "50", "--json").json
    assert document["transpiled"] is False
    assert document["results"] == [{"shots": 50, "counts": {"1": 50}}]


def test_transpiling_can_be_asked_for(machine: Machine, programs: dict[str, Path]) -> None:
    document = machine.run("run", programs["qasm3"], *SIMULATOR, "--transpile", "--json").json
    assert document["transpiled"] is True
    assert set(document["results"][0]["counts"]) == {"00", "11"}


@pytest.mark.iqm_mock_server(ideal=True)
def test_registers_are_one_string_whichever_way_the_program_took(
    iqm_mock_server: MockServer, machine: Machine
) -> None:
    text = (
        'OPENQASM 2.0; include "qelib1.inc"; qreg q[2]; creg a[1]; creg b[1]; x q[0]; '
        "measure q[0] -> a[0]; measure q[1] -> b[0];"
    )
    program = machine.write("registers.qasm", text)
    for options in (SIMULATOR, (*SIMULATOR, "--transpile"), on(iqm_mock_server)):
        document = machine.run("run", program, *options, "--shots", "20", "--json").json
        assert document["results"][0]["counts"] == {"01": 20}


@pytest.mark.iqm_mock_server(ideal=True)
def test_counts_are_a_table_and_a_file(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    file = machine.write(
        "counts.json", "something that is much longer than the result of so short a job" * 20
    )
    done = machine.run("run", programs["json"], *on(iqm_mock_server), "--shots", "50", "--output", file)
    document = json.loads(file.read_text())
    assert document["results"] == [{"shots": 50, "counts": {"1": 50}}]
    (row,) = [line for line in done.out.splitlines() if line.startswith("│")]
    assert [part.strip() for part in row.split("│")[1:4]] == ["1", "50", "100.0%"]


def test_a_file_that_cannot_be_written_is_told_before_anything_is_submitted(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    done = machine.run("run", programs["json"], *on(iqm_mock_server), "--output", "absent/counts.json")
    assert done.code == 2
    assert "absent/counts.json cannot be written: No such file or directory" in done.err
    assert iqm_mock_server.ledger.requests() == []


@pytest.mark.iqm_mock_server(ideal=True)
def test_results_that_cannot_be_written_leave_the_jobs_id(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    done = machine.run("run", programs["json"], *on(iqm_mock_server), "--output", "/dev/full")
    assert done.code == 2
    (submission,) = iqm_mock_server.ledger.submissions()
    assert f"the results of job {submission.id} cannot be written to /dev/full: No space left" in done.err


@pytest.mark.iqm_mock_server(ideal=True)
def test_the_format_can_be_named(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    renamed = machine.write("program.txt", programs["json"].read_text())
    done = machine.run("run", renamed, *on(iqm_mock_server), "--shots", "20")
    assert done.code == 2
    assert "the name of" in done.err
    assert "Remedy: say so with --format" in done.err
    done = machine.run(
        "run", renamed, *on(iqm_mock_server), "--shots", "20", "--format", "iqm-json", "--json"
    )
    assert done.json["results"][0]["counts"] == {"1": 20}


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("absent.qasm", None, "cannot be read: No such file"),
        ("a.qasm", "qreg q[2];", "does not begin with 'OPENQASM 2' or 'OPENQASM 3'"),
        ("a.qpy", "nonsense", "is no QPY file"),
        ("a.qasm", b"OPENQASM 2.0; \xff", "is no UTF-8 text"),
        ("a.json", "{}", "those of its own are none"),
    ],
)
def test_what_is_no_program_is_wrong_usage(
    machine: Machine, name: str, content: str | bytes | None, said: str
) -> None:
    if content is not None:
        machine.write(name, content)
    done = machine.run("run", name, *SIMULATOR)
    assert done.code == 2
    assert said in done.err


def test_an_unknown_format_is_wrong_usage(machine: Machine, programs: dict[str, Path]) -> None:
    done = machine.run("run", programs["qasm2"], *SIMULATOR, "--format", "fortran")
    assert done.code == 2
    assert "there is no format 'fortran'. There are qasm2, qasm3," in done.err


def test_a_circuit_with_mistakes_fails_with_the_readers_words(
    iqm_mock_server: MockServer, machine: Machine
) -> None:
    for number, text in enumerate(("OPENQASM 2.0; nonsense;", "OPENQASM 3.0; nonsense;")):
        program = machine.write(f"wrong{number}.qasm", text)
        done = machine.run("run", program, *on(iqm_mock_server))
        assert done.code == 1
        assert "program that Qiskit can read:" in done.err
    assert iqm_mock_server.ledger.submissions() == []


def test_a_circuit_that_does_not_fit_fails_before_it_is_sent(
    iqm_mock_server: MockServer, machine: Machine
) -> None:
    text = 'OPENQASM 2.0; include "qelib1.inc"; qreg q[500]; creg c[1]; h q[0]; measure q[0] -> c[0];'
    done = machine.run("run", machine.write("wide.qasm", text), *on(iqm_mock_server))
    assert done.code == 1
    assert "cannot be run on IQM Garnet:" in done.err
    assert iqm_mock_server.ledger.submissions() == []


def test_a_job_that_fails_says_why(machine: Machine) -> None:
    program = machine.write("wrong.qasm", "OPENQASM 3.0; nonsense;")
    done = machine.run("run", program, *SIMULATOR, "--json")
    assert done.code == 1
    assert done.json["error"]["status"] == "BADSTATE"
    assert "FAILED" in done.err


def test_without_qiskit_it_says_what_to_install(
    iqm_mock_server: MockServer, machine: Machine, programs: dict[str, Path]
) -> None:
    folder = machine.home / "without"
    folder.mkdir()
    machine.write(folder / "qiskit.py", "raise ModuleNotFoundError('no', name='qiskit')")
    options = (*on(iqm_mock_server), "--shots", "20")
    done = machine.run("run", programs["qasm2"], *options, PYTHONPATH=str(folder))
    assert done.code == 3
    assert "QASM2, which the device does not take (it takes IQMJSON, QIRBASESTRING)" in done.err
    assert 'Remedy: pip install "qdmikit[qiskit]"' in done.err
    assert machine.run("run", programs["json"], *options, PYTHONPATH=str(folder)).code == 0
