# SPDX-License-Identifier: Apache-2.0
"""Qiskit's primitives over a simulator that takes OpenQASM and a machine with its own format."""

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit import Parameter
from qiskit.primitives import BackendEstimatorV2, BackendSamplerV2, StatevectorEstimator
from qiskit.quantum_info import SparsePauliOp

from iqm_mock_server import MockServer
from qdmikit.qiskit import CircuitValidationError, OptionError, QDMIBackend, QDMIJobError

SHOTS = 100


@pytest.fixture(params=["simulator", pytest.param("garnet", marks=pytest.mark.iqm_mock_server(ideal=True))])
def backend(request: pytest.FixtureRequest) -> QDMIBackend:
    chosen: QDMIBackend = request.getfixturevalue(request.param)
    return chosen


def fitted(circuit: QuantumCircuit, backend: QDMIBackend) -> QuantumCircuit:
    return transpile(circuit, backend, seed_transpiler=1, optimization_level=1)


def rotation() -> QuantumCircuit:
    """Return a circuit with one parameter: at pi its two bits read 01, at 0 they read 00."""
    circuit = QuantumCircuit(2)
    circuit.rx(Parameter("angle"), 0)
    circuit.measure_all()
    return circuit


def bell() -> QuantumCircuit:
    circuit = QuantumCircuit(2)
    circuit.h(0)
    circuit.cx(0, 1)
    return circuit


# --- sampler ------------------------------------------------------------------------------------------------


def test_the_sampler_is_qiskit_s_own(backend: QDMIBackend) -> None:
    sampler = backend.sampler(default_shots=SHOTS)
    assert isinstance(sampler, BackendSamplerV2)
    assert sampler.backend is backend
    [result] = sampler.run([fitted(bell().measure_all(inplace=False), backend)]).result()
    counts = result.data.meas.get_counts()
    assert set(counts) == {"00", "11"}
    assert sum(counts.values()) == SHOTS


def test_registers_of_a_circuit_are_apart(backend: QDMIBackend) -> None:
    low, high = ClassicalRegister(2, "low"), ClassicalRegister(1, "high")
    circuit = QuantumCircuit(QuantumRegister(3, "q"), low, high)
    circuit.x([0, 2])
    circuit.measure([0, 1], low)
    circuit.measure(2, high[0])
    [result] = backend.sampler().run([fitted(circuit, backend)], shots=SHOTS).result()
    assert set(result.data) == {"low", "high"}
    assert result.data.low.get_counts() == {"01": SHOTS}
    assert result.data.high.get_counts() == {"1": SHOTS}
    assert result.data.low.num_bits == 2


def test_parameter_values_of_any_shape_are_broadcast(backend: QDMIBackend) -> None:
    values = np.array([[0.0, np.pi, 0.0], [np.pi, np.pi, 0.0]])
    [result] = backend.sampler().run([(fitted(rotation(), backend), values[..., None])], shots=SHOTS).result()
    bits = result.data.meas
    assert bits.shape == (2, 3)
    for index in np.ndindex(2, 3):
        assert bits[index].get_counts() == {"01" if values[index] else "00": SHOTS}


def test_each_pub_may_have_its_own_shots(backend: QDMIBackend) -> None:
    circuit = fitted(bell().measure_all(inplace=False), backend)
    results = backend.sampler().run([(circuit, None, 10), (circuit, None, 30), circuit], shots=20).result()
    assert [result.data.meas.num_shots for result in results] == [10, 30, 20]
    assert [result.metadata["shots"] for result in results] == [10, 30, 20]


def test_metadata_of_circuits_come_back(backend: QDMIBackend) -> None:
    circuit = fitted(bell().measure_all(inplace=False), backend)
    circuit.metadata = {"experiment": 7}
    [result] = backend.sampler().run([circuit], shots=1).result()
    assert result.metadata["circuit_metadata"] == {"experiment": 7}


def test_more_than_eight_bits_are_packed_rightly(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(10)
    circuit.x([0, 9])
    circuit.measure_all()
    [result] = backend.sampler().run([fitted(circuit, backend)], shots=3).result()
    assert result.data.meas.get_bitstrings() == ["1000000001"] * 3


def test_no_pub_is_an_empty_result(backend: QDMIBackend) -> None:
    assert len(backend.sampler().run([]).result()) == 0
    assert len(backend.estimator().run([]).result()) == 0


def test_a_circuit_that_measures_nothing_is_refused_by_name(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(1, 1, name="silent")
    with pytest.raises(CircuitValidationError, match=r"'silent.*' measures nothing"):
        backend.sampler().run([circuit]).result()


def test_a_seed_that_a_device_cannot_take_is_refused(backend: QDMIBackend) -> None:
    sampler = BackendSamplerV2(backend=backend, options={"seed_simulator": 1})
    with pytest.raises(OptionError, match="takes no seed"):
        sampler.run([fitted(rotation(), backend).assign_parameters([0.0])]).result()


@pytest.mark.iqm_mock_server(ideal=True, instant=True)
def test_pubs_with_the_same_shots_are_one_job(garnet: QDMIBackend, iqm_mock_server: MockServer) -> None:
    pub = (fitted(rotation(), garnet), np.linspace(0, np.pi, 20)[:, None])
    results = garnet.sampler(default_shots=10).run([pub, pub, pub]).result()
    assert [result.data.meas.shape for result in results] == [(20,)] * 3
    posts = [entry for entry in iqm_mock_server.ledger.requests() if entry.method == "POST"]
    assert len(posts) == 1


@pytest.mark.iqm_mock_server(ideal=True, instant=True)
def test_run_options_reach_the_device(garnet: QDMIBackend) -> None:
    circuit = fitted(rotation(), garnet).assign_parameters([0.0])
    garnet.sampler(custom1="none").run([circuit], shots=1).result()
    with pytest.raises(Exception, match="sideways"):
        garnet.sampler(custom1="sideways").run([circuit], shots=1).result()


@pytest.mark.iqm_mock_server(instant=True, seed=5)
def test_a_sampler_refuses_results_from_which_shots_are_missing(garnet: QDMIBackend) -> None:
    circuit = QuantumCircuit(6, 6, name="heralded")
    circuit.measure(range(6), range(6))
    with pytest.raises(QDMIJobError, match=r"'heralded.*' of job .* has \d+ of 2000 shots.*use backend.run"):
        garnet.sampler(custom1="zeros").run([circuit], shots=2000).result()


def test_measurements_on_the_way_go_into_registers_of_their_own(backend: QDMIBackend) -> None:
    early, late = ClassicalRegister(1, "early"), ClassicalRegister(2, "late")
    circuit = QuantumCircuit(QuantumRegister(2, "q"), early, late)
    circuit.x(0)
    circuit.measure(0, early[0])
    circuit.x([0, 1])
    circuit.measure([0, 1], late)
    [result] = backend.sampler().run([fitted(circuit, backend)], shots=SHOTS).result()
    assert result.data.early.get_counts() == {"1": SHOTS}
    assert result.data.late.get_counts() == {"10": SHOTS}
    assert result.join_data().get_counts() == {"101": SHOTS}


def test_shots_of_several_registers_belong_together(backend: QDMIBackend) -> None:
    one, other = ClassicalRegister(1, "one"), ClassicalRegister(1, "other")
    circuit = QuantumCircuit(QuantumRegister(2, "q"), one, other)
    circuit.h(0)
    circuit.cx(0, 1)
    circuit.measure(0, one[0])
    circuit.measure(1, other[0])
    [result] = backend.sampler().run([fitted(circuit, backend)], shots=SHOTS).result()
    assert result.data.one.get_bitstrings() == result.data.other.get_bitstrings()
    assert set(result.data.one.get_counts()) == {"0", "1"}


def test_parameters_by_name_and_in_arrays_of_their_own_are_the_same(backend: QDMIBackend) -> None:
    first, second = Parameter("first"), Parameter("second")
    circuit = QuantumCircuit(2)
    circuit.rx(first, 0)
    circuit.rx(second, 1)
    circuit.measure_all()
    circuit = fitted(circuit, backend)
    pi = np.pi
    by_name = {
        "second": np.array([[0.0], [pi]]) * np.ones(3),
        "first": np.array([0.0, pi, 0.0]) * np.ones((2, 1)),
    }
    in_one = np.stack([by_name["first"], by_name["second"]], axis=-1)
    results = backend.sampler().run([(circuit, by_name), (circuit, in_one)], shots=SHOTS).result()
    for result in results:
        assert result.data.shape == (2, 3)
        for index in np.ndindex(2, 3):
            wanted = "".join("1" if by_name[name][index] else "0" for name in ("second", "first"))
            assert result.data.meas[index].get_counts() == {wanted: SHOTS}


def test_too_many_values_and_no_shots_are_refused_before_anything_is_sent(backend: QDMIBackend) -> None:
    circuit = fitted(rotation(), backend)
    with pytest.raises(ValueError, match="number of values"):
        backend.sampler().run([(circuit, {"angle": 0.0, "other": 0.0})])
    with pytest.raises(ValueError, match="shots must be positive"):
        backend.sampler().run([(circuit, [0.0], 0)])


# --- estimator ----------------------------------------------------------------------------------------------


def test_the_estimator_agrees_with_the_exact_values(backend: QDMIBackend) -> None:
    circuit = bell()
    circuit.ry(0.7, 1)
    observables = [SparsePauliOp(label) for label in ("ZZ", "XX", "YY", "ZI", "IX")]
    laid_out = fitted(circuit, backend)
    estimator = backend.estimator(default_precision=0.02)
    assert isinstance(estimator, BackendEstimatorV2)
    shifted = [observable.apply_layout(laid_out.layout, laid_out.num_qubits) for observable in observables]
    [measured] = estimator.run([(laid_out, shifted)]).result()
    [exact] = StatevectorEstimator().run([(circuit, observables)]).result()
    assert measured.data.evs.shape == (5,)
    # Six standard errors.
    assert np.all(np.abs(measured.data.evs - exact.data.evs) < 6 * 0.02)
    assert measured.metadata["shots"] == 2500


def test_values_and_observables_are_broadcast_against_each_other(backend: QDMIBackend) -> None:
    circuit = rotation().remove_final_measurements(inplace=False)
    laid_out = fitted(circuit, backend)
    observables = [
        [SparsePauliOp(label).apply_layout(laid_out.layout, laid_out.num_qubits)]
        for label in ("IZ", "ZI", "II")
    ]
    values = np.array([0.0, np.pi])[:, None]
    [result] = backend.estimator(default_precision=0.1).run([(laid_out, observables, values)]).result()
    assert result.data.evs.shape == (3, 2)
    assert result.data.stds.shape == (3, 2)
    np.testing.assert_allclose(result.data.evs, [[1, -1], [1, 1], [1, 1]], atol=1e-9)


def test_weighted_sums_of_observables_add_up(backend: QDMIBackend) -> None:
    laid_out = fitted(bell(), backend)
    energy = SparsePauliOp(["ZZ", "XX", "II"], [0.5, 0.25, -2.0])
    observable = energy.apply_layout(laid_out.layout, laid_out.num_qubits)
    [result] = backend.estimator(default_precision=0.1).run([(laid_out, observable)]).result()
    assert float(result.data.evs) == pytest.approx(-1.25, abs=1e-9)


def test_precision_of_a_pub_sets_its_shots(backend: QDMIBackend) -> None:
    laid_out = fitted(bell(), backend)
    observable = SparsePauliOp("ZZ").apply_layout(laid_out.layout, laid_out.num_qubits)
    pubs = [(laid_out, observable, None, 0.1), (laid_out, observable, None, 0.05), (laid_out, observable)]
    results = backend.estimator().run(pubs, precision=0.2).result()
    assert [result.metadata["shots"] for result in results] == [100, 400, 25]
    with pytest.raises(ValueError, match="precision"):
        backend.estimator().run([(laid_out, observable, None, 0.0)])


@pytest.mark.iqm_mock_server(ideal=True, instant=True)
@pytest.mark.parametrize(("grouping", "circuits"), [(True, 1), (False, 2)])
def test_commuting_observables_share_a_circuit(
    garnet: QDMIBackend, monkeypatch: pytest.MonkeyPatch, grouping: bool, circuits: int
) -> None:
    sent: list[int] = []
    run = garnet.run

    def counting(batch: list[QuantumCircuit], **options: object) -> object:
        sent.append(len(batch))
        return run(batch, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(garnet, "run", counting)
    laid_out = fitted(bell(), garnet)
    observable = SparsePauliOp(["ZZ", "IZ"]).apply_layout(laid_out.layout, laid_out.num_qubits)
    estimator = garnet.estimator(default_precision=0.2, abelian_grouping=grouping)
    estimator.run([(laid_out, observable)]).result()
    assert sent == [circuits]


def test_a_grid_of_observables_over_a_grid_of_values(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(2)
    circuit.ry(Parameter("angle"), 0)
    circuit.cx(0, 1)
    laid_out = fitted(circuit, backend)
    labels = [["ZZ", "XX", "IZ"], ["YY", "ZI", "II"]]
    values = np.linspace(0, np.pi, 4)
    grid = [
        [[SparsePauliOp(label).apply_layout(laid_out.layout, laid_out.num_qubits)] for label in row]
        for row in labels
    ]
    [measured] = backend.estimator(default_precision=0.05).run([(laid_out, grid, values[:, None])]).result()
    plain = [[[label] for label in row] for row in labels]
    [exact] = StatevectorEstimator().run([(circuit, plain, values[:, None])]).result()
    assert measured.data.evs.shape == measured.data.stds.shape == exact.data.evs.shape == (2, 3, 4)
    assert np.all(np.abs(measured.data.evs - exact.data.evs) < 6 * 0.05)
    assert np.all(np.abs(measured.data.evs - exact.data.evs) <= 6 * measured.data.stds + 1e-9)


def test_shapes_that_do_not_fit_each_other_are_refused(backend: QDMIBackend) -> None:
    laid_out = fitted(rotation().remove_final_measurements(inplace=False), backend)
    observables = [SparsePauliOp("ZZ").apply_layout(laid_out.layout, laid_out.num_qubits)] * 3
    with pytest.raises(ValueError, match="broadcast"):
        backend.estimator().run([(laid_out, observables, np.zeros((2, 1)))])


def test_standard_errors_follow_the_precision_of_each_pub(backend: QDMIBackend) -> None:
    circuit = QuantumCircuit(1)
    circuit.h(0)
    laid_out = fitted(circuit, backend)
    observable = SparsePauliOp("Z").apply_layout(laid_out.layout, laid_out.num_qubits)
    pubs = [(laid_out, observable, None, precision) for precision in (0.1, 0.02)]
    results = backend.estimator().run(pubs).result()
    assert [float(result.data.stds) for result in results] == pytest.approx([0.1, 0.02], rel=0.1)
    assert [result.metadata["target_precision"] for result in results] == [0.1, 0.02]


def test_observables_of_no_values_are_empty(backend: QDMIBackend) -> None:
    circuit = fitted(rotation().remove_final_measurements(inplace=False), backend)
    observable = SparsePauliOp("ZZ").apply_layout(circuit.layout, circuit.num_qubits)
    pubs = [(circuit, observable, np.empty((0, 1))), (circuit, observable, [0.0])]
    empty, full = backend.estimator(default_precision=0.1).run(pubs).result()
    assert empty.data.evs.shape == empty.data.stds.shape == (0,)
    assert float(full.data.evs) == 1
