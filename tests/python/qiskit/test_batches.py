# SPDX-License-Identifier: Apache-2.0
"""Many circuits: as few jobs as the device and its server allow."""

import json
from collections.abc import Iterator
from importlib.resources import files

import pytest
from qiskit import QuantumCircuit

import qdmikit
from iqm_mock_server import MockServer, serve
from qdmikit.qiskit import QDMIBackend

CIRCUITS_AT_MOST = 4
EXECUTIONS_AT_MOST = 1000


@pytest.fixture(scope="module")
def narrow_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MockServer]:
    """Serve a machine that takes few circuits in one job."""
    description = json.loads(files("iqm_mock_server").joinpath("machines", "garnet.json").read_text())
    description["limits"] |= {
        "max_circuits_per_job": CIRCUITS_AT_MOST,
        "max_executions_per_job": EXECUTIONS_AT_MOST,
    }
    machine = tmp_path_factory.mktemp("machines") / "narrow.json"
    machine.write_text(json.dumps(description))
    with serve(machine=str(machine), ideal=True, instant=True) as server:
        yield server


@pytest.fixture
def narrow(narrow_server: MockServer) -> QDMIBackend:
    return QDMIBackend(qdmikit.open_device("qdmikit.iqm", base_url=narrow_server.url))


def numbered(number: int, width: int = 4) -> QuantumCircuit:
    """Return a circuit that measures a number."""
    circuit = QuantumCircuit(width, width, name=f"number {number}")
    for bit in range(width):
        if number >> bit & 1:
            circuit.r(3.141592653589793, 0, bit)
    circuit.measure(range(width), range(width))
    return circuit


def submissions(server: MockServer) -> list[int | None]:
    """Return how many submissions the server has got, by its answers."""
    return [entry.status for entry in server.ledger.requests() if entry.method == "POST"]


def test_the_server_s_limit_of_circuits_splits_a_batch(
    narrow: QDMIBackend, narrow_server: MockServer
) -> None:
    before = len(submissions(narrow_server))
    job = narrow.run([numbered(number) for number in range(10)], shots=5)
    result = job.result(timeout=60)
    assert result.get_counts() == [{f"{number:04b}": 5} for number in range(10)]
    assert [entry.header["name"] for entry in result.results] == [f"number {n}" for n in range(10)]
    # The fewest there can be, and none that was refused.
    assert submissions(narrow_server)[before:] == [200, 200, 200]


def test_the_server_s_limit_of_executions_splits_a_batch(
    narrow: QDMIBackend, narrow_server: MockServer
) -> None:
    before = len(submissions(narrow_server))
    job = narrow.run([numbered(number) for number in range(4)], shots=EXECUTIONS_AT_MOST // 2)
    assert job.result(timeout=60).success
    assert submissions(narrow_server)[before:] == [200, 200]


def test_a_circuit_that_is_too_much_by_itself_is_refused_before_it_is_sent(
    narrow: QDMIBackend, narrow_server: MockServer
) -> None:
    before = len(submissions(narrow_server))
    with pytest.raises(qdmikit.Error, match=rf"executions of one circuit: {EXECUTIONS_AT_MOST + 1}"):
        narrow.run([numbered(1), numbered(2)], shots=EXECUTIONS_AT_MOST + 1)
    assert submissions(narrow_server)[before:] == []


@pytest.mark.iqm_mock_server(ideal=True, instant=True)
def test_a_hundred_circuits_are_one_job(garnet: QDMIBackend, iqm_mock_server: MockServer) -> None:
    job = garnet.run([numbered(number % 16) for number in range(100)], shots=10)
    assert job.result(timeout=60).get_counts() == [{f"{number % 16:04b}": 10} for number in range(100)]
    assert submissions(iqm_mock_server) == [200]
