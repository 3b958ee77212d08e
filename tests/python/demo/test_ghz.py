# SPDX-License-Identifier: Apache-2.0
"""The fidelity estimate of the demonstration, against states whose fidelity is known."""

import importlib
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.providers.basic_provider import BasicSimulator
from qiskit.quantum_info import DensityMatrix

SHOTS = 10**9  # of exact probabilities, so that rounding is all that is left


EXAMPLES = Path(__file__).parents[3] / "examples" / "python"
Experiment = Callable[[int], list[QuantumCircuit]]


@pytest.fixture
def ghz(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import the module as a script beside it would."""
    monkeypatch.syspath_prepend(str(EXAMPLES))
    return importlib.import_module("ghz")


@pytest.fixture
def experiment(ghz: ModuleType) -> Experiment:
    def circuits(qubits: int) -> list[QuantumCircuit]:
        prepared: list[QuantumCircuit] = ghz.ghz_experiment(qubits, BasicSimulator())
        return prepared

    return circuits


def state(populations: Sequence[float], coherence: complex, qubits: int) -> DensityMatrix:
    """Return a state of two populations and their coherence."""
    matrix = np.zeros((2**qubits, 2**qubits), dtype=complex)
    matrix[0, 0], matrix[-1, -1] = populations
    matrix[0, -1], matrix[-1, 0] = coherence, np.conj(coherence)
    return DensityMatrix(matrix)


def measured(rho: DensityMatrix, circuits: list[QuantumCircuit]) -> list[dict[str, int]]:
    """Return the counts of a given state in place of the one that the circuits prepare."""
    counts = []
    for circuit in circuits:
        analysis = QuantumCircuit(circuit.num_qubits)
        for instruction in circuit.data:
            if instruction.name == "r":  # the preparation has none on this backend
                analysis.append(instruction.operation, [circuit.find_bit(instruction.qubits[0]).index])
        probabilities = rho.evolve(analysis).probabilities_dict()
        counts.append({outcome: round(share * SHOTS) for outcome, share in probabilities.items()})
    return counts


@pytest.mark.parametrize("qubits", [1, 2, 3, 5])
@pytest.mark.parametrize("phase", [0.0, 1.0, math.pi])
def test_a_ghz_state_of_any_phase_has_fidelity_1(
    ghz: ModuleType, experiment: Experiment, qubits: int, phase: float
) -> None:
    rho = state([0.5, 0.5], 0.5 * np.exp(1j * phase), qubits)
    result = ghz.ghz_fidelity(measured(rho, experiment(qubits)))
    assert result.populations.value == pytest.approx(1.0, abs=1e-6)
    assert result.coherence.value == pytest.approx(1.0, abs=1e-6)
    assert result.fidelity.value == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("qubits", [2, 4, 5])
def test_populations_alone_do_not_make_a_ghz_state(
    ghz: ModuleType, experiment: Experiment, qubits: int
) -> None:
    result = ghz.ghz_fidelity(measured(state([0.5, 0.5], 0.0, qubits), experiment(qubits)))
    assert result.populations.value == pytest.approx(1.0, abs=1e-6)
    assert result.coherence.value == pytest.approx(0.0, abs=1e-6)
    assert result.fidelity.value == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("qubits", [2, 5])
def test_other_coherences_do_not_count(ghz: ModuleType, experiment: Experiment, qubits: int) -> None:
    plus = DensityMatrix(np.full((2**qubits, 2**qubits), 2.0**-qubits))
    result = ghz.ghz_fidelity(measured(plus, experiment(qubits)))
    assert result.fidelity.value == pytest.approx(2.0 / 2**qubits, abs=1e-6)


def test_a_depolarised_ghz_state(ghz: ModuleType, experiment: Experiment) -> None:
    qubits, lost = 3, 0.2
    rho = (1 - lost) * state([0.5, 0.5], 0.5, qubits) + lost * DensityMatrix(np.eye(8) / 8)
    result = ghz.ghz_fidelity(measured(DensityMatrix(rho), experiment(qubits)))
    assert result.fidelity.value == pytest.approx(1 - lost + lost / 8, abs=1e-6)


def test_the_prepared_state_is_a_ghz_state(ghz: ModuleType, experiment: Experiment) -> None:
    circuits = experiment(4)
    assert len({tuple(circuit.count_ops()) for circuit in circuits[1:]}) == 1
    result = ghz.ghz_fidelity(
        BasicSimulator().run(circuits, shots=4000, seed_simulator=3).result().get_counts()
    )
    assert result.populations.value == 1.0
    assert result.fidelity.value == pytest.approx(1.0, abs=0.02)


def test_deviations_are_those_of_repeated_measurements(ghz: ModuleType, experiment: Experiment) -> None:
    qubits, shots = 3, 400
    exact = measured(state([0.55, 0.45], 0.3, qubits), experiment(qubits))
    random = np.random.default_rng(5)
    values, claimed = [], []
    for _ in range(300):
        sample = []
        for counts in exact:
            total = sum(counts.values())
            drawn = random.multinomial(shots, [count / total for count in counts.values()])
            sample.append(dict(zip(counts, map(int, drawn), strict=True)))
        fidelity = ghz.ghz_fidelity(sample).fidelity
        values.append(fidelity.value)
        claimed.append(fidelity.deviation)
    assert np.std(values) == pytest.approx(np.mean(claimed), rel=0.2)
