# SPDX-License-Identifier: Apache-2.0
"""PennyLane's circuits on QDMI devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from pennylane.exceptions import DeviceError
from qiskit.quantum_info import Operator

import pennylane as qml
import qdmikit
from qdmikit.pennylane import QDMIDevice
from qdmikit.pennylane.circuits import OPERATIONS, circuit
from qdmikit.qiskit import QDMIBackend

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from iqm_mock_server import MockServer

    Open = Callable[..., QDMIDevice]

SHOTS = 4000

pytestmark = pytest.mark.iqm_mock_server(ideal=True, instant=True, seed=1)


def posts(server: MockServer) -> int:
    return sum(entry.method == "POST" for entry in server.ledger.requests())


def test_every_kind_of_result_agrees_with_pennylane_s_simulator(garnet: Open) -> None:
    def measured(angle: float) -> object:
        qml.RX(angle, 0)
        qml.CNOT([0, 1])
        qml.RY(0.4, 2)
        qml.IsingXX(0.3, [1, 2])
        return (
            qml.expval(qml.Z(0)),
            qml.expval(qml.X(1) @ qml.Y(2)),
            qml.expval(0.5 * qml.Z(0) - 2.0 * qml.Z(1) @ qml.Z(2)),
            qml.var(qml.Z(2)),
            qml.probs([0, 2]),
        )

    ours = qml.set_shots(qml.QNode(measured, garnet(wires=3)), SHOTS)(0.7)
    exact = qml.QNode(measured, qml.device("default.qubit", wires=3))(0.7)
    for one, other in zip(ours, exact, strict=True):
        # Six standard errors of the widest, which has the weights 0.5 and 2.
        np.testing.assert_allclose(one, other, atol=6 * 2.5 / np.sqrt(SHOTS))


def test_hermitian_observables_are_measured_in_their_own_basis(garnet: Open) -> None:
    matrix = np.array([[1.0, 0.5j], [-0.5j, -0.3]])

    def measured() -> object:
        qml.RX(0.4, 0)
        qml.RY(0.9, 1)
        qml.CNOT([0, 1])
        return (
            qml.expval(qml.Hermitian(matrix, 0)),
            qml.expval(qml.Z(0) @ qml.Hermitian(matrix, 1)),
            qml.expval(qml.Projector([1, 0], [0, 1])),
        )

    ours = qml.set_shots(qml.QNode(measured, garnet(wires=2)), SHOTS)()
    exact = qml.QNode(measured, qml.device("default.qubit", wires=2))()
    np.testing.assert_allclose(ours, exact, atol=6 / np.sqrt(SHOTS))
    assert min(abs(exact[0]), abs(exact[1])) > 0.5, "a result without its basis would be far away"


def test_observables_that_share_a_factor_are_one_circuit(garnet: Open, iqm_mock_server: MockServer) -> None:
    def measured() -> object:
        qml.RY(0.8, 0)
        qml.CNOT([0, 1])
        return qml.expval(qml.X(0)), qml.expval(qml.X(0) @ qml.Y(1)), qml.expval(qml.X(0) @ qml.X(2))

    ours = qml.set_shots(qml.QNode(measured, garnet(wires=3)), SHOTS)()
    exact = qml.QNode(measured, qml.device("default.qubit", wires=3))()
    np.testing.assert_allclose(ours, exact, atol=6 / np.sqrt(SHOTS))
    assert posts(iqm_mock_server) == 1


def test_measurements_that_no_samples_answer_are_refused(garnet: Open) -> None:
    state = qml.set_shots(qml.QNode(lambda: qml.state(), garnet(wires=1)), 10)
    with pytest.raises(DeviceError, match=r"not accepted"):
        state()


def test_samples_and_counts_have_the_first_wire_first(garnet: Open) -> None:
    def prepared() -> object:
        qml.PauliX("a")
        qml.PauliX("c")
        return qml.sample(wires=["a", "b", "c"]), qml.counts(), qml.sample(wires=["c", "b"])

    flipped = qml.set_shots(qml.QNode(prepared, garnet(wires=["a", "b", "c"])), 10)

    samples, counts, chosen = flipped()
    assert samples.tolist() == [[1, 0, 1]] * 10
    assert {str(bits): int(count) for bits, count in counts.items()} == {"101": 10}
    assert chosen.tolist() == [[1, 0]] * 10


@pytest.mark.parametrize("name", sorted(OPERATIONS - {"Barrier", "WireCut", "Snapshot", "GlobalPhase"}))
def test_each_gate_is_the_same_in_pennylane_and_in_qiskit(name: str) -> None:
    adjoint = name.startswith("Adjoint(")
    kind = getattr(qml, name.removeprefix("Adjoint(").rstrip(")"))
    wires = list(range(kind.num_wires or 1))
    operation = kind(*np.linspace(0.3, 0.9, kind.num_params), wires=wires)
    operation = qml.adjoint(operation) if adjoint else operation
    assert operation.name == name
    translated = circuit([operation], wires, wires)
    translated.remove_final_measurements()
    ours = Operator(translated.reverse_bits()).data  # PennyLane's first wire is the highest bit
    assert Operator(ours).equiv(Operator(qml.matrix(operation, wire_order=wires)))


def test_a_gradient_by_parameter_shifts_is_one_job(garnet: Open, iqm_mock_server: MockServer) -> None:
    def prepared(angles: npt.NDArray[np.float64]) -> object:
        qml.RX(angles[0], 0)
        qml.RY(angles[1], 1)
        qml.CNOT([0, 1])
        return qml.expval(qml.Z(1))

    energy = qml.set_shots(qml.QNode(prepared, garnet(wires=2), diff_method="parameter-shift"), SHOTS)

    angles = qml.numpy.array([0.4, 0.9], requires_grad=True)
    exact = [-np.sin(0.4) * np.cos(0.9), -np.cos(0.4) * np.sin(0.9)]
    gradient = qml.grad(energy)(angles)
    np.testing.assert_allclose(gradient, exact, atol=6 / np.sqrt(SHOTS))
    assert posts(iqm_mock_server) <= 2, "the value and the four shifted circuits"


def test_circuits_with_the_same_shots_are_submitted_together(
    garnet: Open, iqm_mock_server: MockServer
) -> None:
    device = garnet(wires=1)
    tapes = [qml.tape.QuantumScript([qml.RX(0.1 * n, 0)], [qml.sample(wires=0)], shots=50) for n in range(20)]
    tapes.append(qml.tape.QuantumScript([], [qml.sample(wires=0)], shots=(10, 20)))
    results = device.execute(tapes)
    assert [len(result) for result in results[:20]] == [50] * 20
    assert [len(part) for part in results[20]] == [10, 20]
    assert posts(iqm_mock_server) == 2


def test_values_in_a_batch_come_back_as_a_batch(garnet: Open) -> None:
    def prepared(angle: object) -> object:
        qml.RX(angle, wires=0)
        return qml.expval(qml.Z(0))

    flipped = qml.set_shots(qml.QNode(prepared, garnet()), 100)

    np.testing.assert_allclose(flipped(np.array([0.0, np.pi, 0.0])), [1, -1, 1])


def test_measurements_on_the_way_are_deferred(garnet: Open) -> None:
    def prepared() -> object:
        qml.PauliX(0)
        read = qml.measure(0)
        qml.cond(read, qml.PauliX)(wires=1)
        return qml.expval(qml.Z(1)), qml.counts(wires=[0, 1])

    conditional = qml.set_shots(qml.QNode(prepared, garnet()), 100)

    value, counts = conditional()
    assert value == -1
    assert {str(bits): int(count) for bits, count in counts.items()} == {"11": 100}


def test_shots_are_needed(garnet: Open) -> None:
    def prepared() -> object:
        return qml.expval(qml.Z(0))

    exact = qml.QNode(prepared, garnet(wires=1))

    with pytest.raises(DeviceError, match=r"[Aa]nalytic"):
        exact()


def test_more_wires_than_qubits_are_refused(garnet: Open, iqm_mock_server: MockServer) -> None:
    with pytest.raises(DeviceError, match="has 20 qubits; 21 wires were asked for"):
        garnet(wires=21)
    tape = qml.tape.QuantumScript([qml.PauliX(n) for n in range(21)], [qml.sample(wires=0)], shots=1)
    with pytest.raises(DeviceError, match="has 20 qubits; 21 wires were asked for"):
        garnet().execute([tape])
    assert posts(iqm_mock_server) == 0


def test_open_devices_and_backends_are_taken_as_they_are(iqm_mock_server: MockServer) -> None:
    opened = qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url)
    backend = QDMIBackend(opened)
    assert QDMIDevice(wires=1, device=opened).backend.device is opened
    assert QDMIDevice(wires=1, device=backend).backend is backend
    with pytest.raises(TypeError, match="base_url: the device is open already"):
        QDMIDevice(wires=1, device=opened, base_url="http://127.0.0.1:1")
