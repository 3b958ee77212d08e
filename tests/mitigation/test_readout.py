# SPDX-License-Identifier: Apache-2.0
"""Sampler and estimator without readout errors, on the noisy mock machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit import Parameter
from qiskit.quantum_info import SparsePauliOp

import qdmikit
from iqm_mock_server.calibration.script import Script
from qdmikit import JobResult, ProgramFormat
from qdmikit.qiskit import CircuitValidationError, MitigationNotInstalledError, QDMIBackend

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iqm_mock_server import MockServer

QUBITS = 5
SHOTS = 10_000

pytestmark = pytest.mark.iqm_mock_server(seed=3, instant=True, calibration_duration=0.1)


def fitted(circuit: QuantumCircuit, backend: QDMIBackend) -> QuantumCircuit:
    return transpile(circuit, backend, seed_transpiler=1, optimization_level=1)


def ones(number: int, *, measured: bool = True) -> QuantumCircuit:
    """Return a circuit without entanglement: nearly all of its errors are those of readout."""
    circuit = QuantumCircuit(number)
    circuit.x(range(number))
    if measured:
        circuit.measure_all()
    return circuit


def laid_out(circuit: QuantumCircuit, labels: Iterable[str]) -> list[SparsePauliOp]:
    return [SparsePauliOp(label).apply_layout(circuit.layout, circuit.num_qubits) for label in labels]


def posts(server: MockServer) -> int:
    return sum(entry.method == "POST" for entry in server.ledger.requests())


def test_the_estimator_s_error_of_a_product_of_z_is_a_fifth_of_what_it_was(garnet: QDMIBackend) -> None:
    circuit = fitted(ones(QUBITS, measured=False), garnet)
    pub = (circuit, laid_out(circuit, ["Z" * QUBITS, "IIIZZ", "ZIIII"]))
    exact = np.array([-1, 1, -1])
    [plain] = garnet.estimator(default_precision=0.01).run([pub]).result()
    [better] = garnet.estimator(default_precision=0.01, mitigate_readout=True).run([pub]).result()
    before, after = np.abs(plain.data.evs - exact), np.abs(better.data.evs - exact)
    print(f"|error| of ZZZZZ, IIIZZ, ZIIII: {before} plain, {after} mitigated, stds {better.data.stds}")
    assert np.all(after < before / 3)
    assert after[0] < before[0] / 5
    assert np.all(after < 4 * better.data.stds)


def test_a_ghz_state_s_parities_get_closer_to_one(garnet: QDMIBackend) -> None:
    circuit = QuantumCircuit(3)
    circuit.h(0)
    circuit.cx(0, [1, 2])
    circuit = fitted(circuit, garnet)
    pub = (circuit, laid_out(circuit, ["XXX", "IZZ", "ZZI"]))
    [plain] = garnet.estimator(default_precision=0.01).run([pub]).result()
    [better] = garnet.estimator(default_precision=0.01, mitigate_readout=True).run([pub]).result()
    gain = better.data.evs - plain.data.evs
    print(f"XXX, IZZ, ZZI of a GHZ state: {plain.data.evs} plain, {better.data.evs} mitigated")
    assert np.all(gain > 3 * better.data.stds)
    assert np.all(better.data.evs < 1 + 4 * better.data.stds)


def test_standard_errors_are_not_smaller_than_what_values_scatter_by(garnet: QDMIBackend) -> None:
    circuit = QuantumCircuit(2)
    circuit.ry(1.0, [0, 1])
    circuit = fitted(circuit, garnet)
    [observable] = laid_out(circuit, ["ZZ"])
    # The same circuit many times is many samples: each circuit of a job has a seed of its own.
    estimator = garnet.estimator(default_precision=0.05, mitigate_readout=True)
    results = estimator.run([(circuit, observable)] * 60).result()
    values = np.array([float(result.data.evs) for result in results])
    stds = np.array([float(result.data.stds) for result in results])
    assert np.std(values) > 0
    assert np.std(values) < 1.3 * np.mean(stds)
    assert np.all(stds >= 0.05)


def test_values_observables_and_identities_have_the_shape_of_qiskit_s_estimator(garnet: QDMIBackend) -> None:
    circuit = QuantumCircuit(2)
    circuit.rx(Parameter("angle"), 0)
    circuit = fitted(circuit, garnet)
    observables = [[observable] for observable in laid_out(circuit, ["IZ", "ZI", "II"])]
    pub = (circuit, observables, np.array([0.0, np.pi])[:, None])
    [plain] = garnet.estimator(default_precision=0.05).run([pub]).result()
    [better] = garnet.estimator(default_precision=0.05, mitigate_readout=True).run([pub]).result()
    assert better.data.evs.shape == better.data.stds.shape == plain.data.evs.shape == (3, 2)
    np.testing.assert_allclose(better.data.evs, [[1, -1], [1, 1], [1, 1]], atol=0.05)
    assert (better.data.evs[2] == 1).all()
    assert (better.data.stds[2] == 0).all()
    assert better.metadata["shots"] == plain.metadata["shots"] == 400
    assert len(garnet.estimator(mitigate_readout=True).run([]).result()) == 0
    with pytest.raises(ValueError, match="precision must be larger than 0"):
        garnet.estimator(mitigate_readout=True).run([(*pub, 0.0)])


def test_the_sampler_gives_its_shots_and_quasi_probabilities_beside_them(garnet: QDMIBackend) -> None:
    sampler = garnet.sampler(default_shots=SHOTS, mitigate_readout=True)
    [result] = sampler.run([fitted(ones(QUBITS), garnet)]).result()
    wanted = "1" * QUBITS
    read = result.data.meas.get_counts()[wanted] / SHOTS
    quasi = result.metadata["quasi_distributions"][()]
    print(f"probability of {wanted}: {read:.4f} as read, {quasi[wanted]:.4f} mitigated")
    assert sum(result.data.meas.get_counts().values()) == SHOTS
    assert sum(quasi.values()) == pytest.approx(1, abs=1e-4)
    assert abs(1 - quasi[wanted]) < (1 - read) / 3
    nearest = quasi.nearest_probability_distribution()
    assert min(nearest.values()) >= 0
    assert sum(nearest.values()) == pytest.approx(1, abs=1e-4)


def test_quasi_probabilities_are_over_all_registers_and_all_parameter_values(garnet: QDMIBackend) -> None:
    low, high = ClassicalRegister(2, "low"), ClassicalRegister(2, "high")
    circuit = QuantumCircuit(QuantumRegister(3, "q"), low, high)
    circuit.rx(Parameter("angle"), 0)
    circuit.measure([0, 1], low)
    circuit.measure(2, high[0])
    values = np.array([[0.0], [np.pi], [0.0]])[None]
    sampler = garnet.sampler(default_shots=2000, mitigate_readout=True)
    [result] = sampler.run([(fitted(circuit, garnet), values)]).result()
    quasi = result.metadata["quasi_distributions"]
    assert quasi.shape == (1, 3)
    for place, wanted in enumerate(["0000", "0001", "0000"]):
        assert quasi[0, place][wanted] == pytest.approx(1, abs=0.03)
        assert all(bits[0] == "0" for bits in quasi[0, place]), "nothing was read into that bit"


def test_readout_is_measured_by_one_job_and_once_for_each_calibration(
    garnet: QDMIBackend, iqm_mock_server: MockServer
) -> None:
    circuit = fitted(ones(3), garnet)
    sampler = garnet.sampler(default_shots=100, mitigate_readout=True)
    assert posts(iqm_mock_server) == 0
    sampler.run([circuit]).result()
    assert posts(iqm_mock_server) == 2, "one for the shots, one for the readout"
    sampler.run([circuit]).result()
    garnet.sampler(default_shots=100, mitigate_readout=True).run([circuit]).result()
    assert posts(iqm_mock_server) == 4

    computer = iqm_mock_server.app.extensions["iqm_mock_server"].find("garnet")
    computer.calibration_runs.script_next(Script())
    job = garnet.device.submit_calibration("{}", ProgramFormat.IQMJSON)
    job.wait(60)
    job.raw_result(JobResult.CUSTOM1)
    before = posts(iqm_mock_server)
    sampler.run([circuit]).result()
    assert posts(iqm_mock_server) == before + 2


def test_options_that_change_the_readout_reach_its_calibration(
    garnet: QDMIBackend, iqm_mock_server: MockServer
) -> None:
    circuit = fitted(ones(2), garnet)
    garnet.sampler(default_shots=10, mitigate_readout=True).run([circuit]).result()
    before = posts(iqm_mock_server)
    garnet.sampler(default_shots=10, mitigate_readout=True, custom1="none").run([circuit]).result()
    assert posts(iqm_mock_server) == before + 2


def test_results_of_a_device_without_readout_errors_stay_as_they_are() -> None:
    (entry,) = [entry for entry in qdmikit.devices() if entry.prefix == "MQT_DDSIM"]
    simulator = QDMIBackend(qdmikit.open_device(entry.id))
    assert simulator.readout_figures(0) == (1.0, None, None)
    circuit = QuantumCircuit(3)
    circuit.h(0)
    circuit.cx(0, 2)
    estimator = simulator.estimator(default_precision=0.1, mitigate_readout=True, calibration_shots=100)
    [estimated] = estimator.run([(circuit, ["ZIZ", "XIX", "IZI", "IIZ"])]).result()
    np.testing.assert_allclose(estimated.data.evs, [1, 1, 1, 0], atol=0.6)
    np.testing.assert_allclose(estimated.data.evs[:3], 1, atol=1e-6)
    np.testing.assert_allclose(estimated.data.stds, 0.1)
    sampler = simulator.sampler(default_shots=50, mitigate_readout=True, calibration_shots=100)
    [sampled] = sampler.run([circuit.measure_all(inplace=False)]).result()
    quasi = sampled.metadata["quasi_distributions"][()]
    counts = sampled.data.meas.get_counts()
    assert quasi == pytest.approx({bits: count / 50 for bits, count in counts.items()})


def test_circuits_whose_readout_cannot_be_corrected_afterwards_are_refused_by_name(
    garnet: QDMIBackend,
) -> None:
    sampler = garnet.sampler(mitigate_readout=True)
    decides = QuantumCircuit(2, 1, name="decides")
    decides.measure(0, 0)
    with decides.if_test((0, 1)):
        decides.x(1)
    with pytest.raises(CircuitValidationError, match=r"'decides'.*'if_else' decides by what was read"):
        sampler.run([decides])
    loose = QuantumCircuit(1, name="loose")
    loose.add_bits([ClassicalRegister(1)[0]])
    loose.measure(0, 0)
    with pytest.raises(CircuitValidationError, match=r"'loose'.*give each bit one register"):
        sampler.run([loose])


def test_a_missing_package_is_told_with_the_remedy(
    garnet: QDMIBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "mthree", None)
    for make in (garnet.sampler, garnet.estimator):
        with pytest.raises(MitigationNotInstalledError, match=r'pip install "qdmikit\[mitigation\]"'):
            make(mitigate_readout=True)
        make()
