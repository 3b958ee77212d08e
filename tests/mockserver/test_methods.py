# SPDX-License-Identifier: Apache-2.0
"""Which method simulates a circuit, that all methods agree, and what is refused because it takes too long."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from iqm_mock_server import serve
from iqm_mock_server.circuits.program import Circuit, Cz, Delay, Measure, Operation, Prx, Reset
from iqm_mock_server.machines import load_machine
from iqm_mock_server.simulator.clifford import clifford_gates
from iqm_mock_server.simulator.compilation import compile_task
from iqm_mock_server.simulator.matrix_product import matrix_product
from iqm_mock_server.simulator.methods import Plan, plan
from iqm_mock_server.simulator.process import POOL, SimulationError
from iqm_mock_server.simulator.task import Method, Preparation, Samples

if TYPE_CHECKING:
    import numpy.typing as npt
    from tests.mockserver.conftest import Api, Circuits, Connect, Instruction

    from iqm_mock_server.machines import CalibrationFigures

GARNET = load_machine("garnet")
FIGURES = GARNET.calibration
LINE = (
    *("QB1", "QB2", "QB5", "QB6", "QB7", "QB12", "QB11", "QB10", "QB15", "QB16"),
    *("QB20", "QB19", "QB18", "QB14", "QB13", "QB8", "QB9", "QB4", "QB3"),
)


def y90(qubit: str, sign: int = 1) -> Prx:
    return Prx((qubit,), None, sign * math.pi / 2, math.pi / 2)


def ghz(*qubits: str) -> Circuit:
    operations: list[Operation] = [y90(qubits[0])]
    for left, right in pairwise(qubits):
        operations += [y90(right, -1), Cz((left, right), None), y90(right)]
    return Circuit("ghz", (*operations, Measure(qubits, None, "m", None)))


def scrambled(size: int, layers: int) -> Circuit:
    """Return a circuit of gates that are no Clifford gates, on the first qubits of the line."""
    qubits = LINE[:size]
    operations: list[Operation] = []
    for layer in range(layers):
        operations += [Prx((qubit,), None, 1.0 + layer, 0.3) for qubit in qubits]
        operations += [
            Cz((qubits[index], qubits[index + 1]), None) for index in range(layer % 2, size - 1, 2)
        ]
    return Circuit("scrambled", (*operations, Measure(qubits, None, "m", None)))


def planned(
    circuit: Circuit,
    shots: int = 1000,
    *,
    ideal: bool = False,
    preparation: Preparation | None = None,
    figures: CalibrationFigures = FIGURES,
) -> Plan:
    return plan(circuit, GARNET, figures, shots, ideal=ideal, preparation=preparation or Preparation())


@pytest.mark.parametrize(
    ("circuit", "shots", "ideal", "method"),
    [
        (ghz(*LINE[:2]), 1000, False, Method.DENSITY_MATRIX),
        (ghz(*LINE[:8]), 1000, False, Method.DENSITY_MATRIX),
        (ghz(*LINE[:10]), 100, False, Method.STATEVECTOR),
        (ghz(*LINE[:12]), 1000, False, Method.STATEVECTOR),
        (scrambled(12, 4), 100, False, Method.STATEVECTOR),
        (ghz(*LINE[:13]), 1000, False, Method.STABILIZER),
        (ghz(*LINE), 1000, False, Method.STABILIZER),
        (scrambled(19, 2), 1000, False, Method.MATRIX_PRODUCT_STATE),
        (ghz(*LINE[:5]), 1000, True, Method.STATEVECTOR),
        (scrambled(19, 8), 1000, True, Method.STATEVECTOR),
        (ghz(*LINE[:12]), 100_000, False, Method.STABILIZER),
    ],
)
def test_the_method_fits_the_circuit(circuit: Circuit, shots: int, ideal: bool, method: Method) -> None:
    assert planned(circuit, shots, ideal=ideal).method is method


def test_long_waiting_of_a_qubit_with_long_coherence_is_not_left_to_the_stabilizer_method() -> None:
    coherence = FIGURES.coherence["QB1"]
    kept = {**FIGURES.coherence, "QB1": coherence.model_copy(update={"t2": 1.5 * coherence.t1})}
    figures = FIGURES.model_copy(update={"coherence": kept})
    start, rest = ghz(*LINE).operations[:1], ghz(*LINE).operations[1:]
    short, long = (
        Circuit("waits", (*start, Delay(("QB1",), None, seconds), *rest))
        for seconds in (0.001 * coherence.t1, coherence.t1)
    )
    # Last in its chain of gates, QB1 hardly waits for the others.
    assert planned(short).method is Method.STABILIZER
    assert planned(long).method is Method.STABILIZER
    assert planned(long, figures=figures).method is Method.MATRIX_PRODUCT_STATE


@pytest.mark.parametrize("method", [m for m in Method if m is not Method.DENSITY_MATRIX])
def test_all_methods_sample_the_same_distribution(method: Method) -> None:
    # Delays for idle noise, and a coupler whose relaxation needs Kraus operators.
    qubits = LINE[4:9]
    operations = ghz(*qubits).operations
    circuit = Circuit(
        "all of it",
        (Delay(qubits[:2], None, 2e-6), *operations[:4], Delay(qubits[:1], None, 5e-7), *operations[4:]),
    )
    best = planned(circuit)
    shots = 6000
    histograms = []
    with POOL.lease() as simulator:
        for seed, each in ((10**9, Method.DENSITY_MATRIX), (5 * 10**8, method)):
            task = compile_task(
                circuit, replace(best, method=each), FIGURES, ideal=False, shots=shots, seed=seed
            )
            samples = simulator.run(task)
            histograms.append(np.bincount(samples.packed[:, 0], minlength=32))
    one, other = histograms
    both = one + other
    often = both > 10
    chi_square = np.sum((one[often] - other[often]) ** 2 / both[often])
    # Five standard deviations above the mean of a chi-square distribution.
    freedom = int(often.sum())
    assert freedom > 5
    assert chi_square < freedom + 5 * math.sqrt(2 * freedom)


def test_a_reset_is_the_same_to_all_pure_states() -> None:
    circuit = Circuit(
        "reset",
        (*ghz("QB1", "QB2").operations[:-1], Reset(("QB1",), None), Measure(("QB1", "QB2"), None, "m", None)),
    )
    for method in (Method.STATEVECTOR, Method.STABILIZER, Method.MATRIX_PRODUCT_STATE):
        samples = sampled(circuit, method)
        assert not (samples.packed & 1).any()
        assert 400 < (samples.packed >> 1 & 1).sum() < 600


def sampled(circuit: Circuit, method: Method, shots: int = 1000) -> Samples:
    with POOL.lease() as simulator:
        return simulator.run(
            compile_task(
                circuit,
                replace(planned(circuit, ideal=True), method=method),
                FIGURES,
                ideal=True,
                shots=shots,
                seed=4,
            )
        )


GATES = {
    "s": np.diag([1, 1j]),
    "x": np.array([[0, 1], [1, 0]]),
    "sx": np.array([[1 + 1j, 1 - 1j], [1 - 1j, 1 + 1j]]) / 2,
    "sxdg": np.array([[1 - 1j, 1 + 1j], [1 + 1j, 1 - 1j]]) / 2,
}


def rotation(angle: float, phase: float) -> npt.NDArray[np.complex128]:
    cos, sin = math.cos(angle / 2), math.sin(angle / 2)
    return np.array([[cos, -1j * np.exp(-1j * phase) * sin], [-1j * np.exp(1j * phase) * sin, cos]])


def test_every_clifford_rotation_is_written_as_the_gates_it_is() -> None:
    eighth = math.pi / 4
    found = 0
    for turns, about in ((turns, about) for turns in range(-9, 10) for about in range(-9, 10)):
        gates = clifford_gates(turns * eighth, about * eighth)
        wanted = rotation(turns * eighth, about * eighth)
        if gates is None:
            continue
        found += 1
        product = np.eye(2)
        for gate in gates:
            product = GATES[gate] @ product
        assert abs(np.trace(product.conj().T @ wanted)) == pytest.approx(2)
    # Whole quarters about whole quarters, and half turns and full turns about anything here.
    assert found == 4 * 9 + 5 * 19
    assert clifford_gates(math.pi / 2, 1e-6) is None
    assert clifford_gates(0.3, 0.0) is None


def test_a_matrix_product_follows_the_gates() -> None:
    circuit = ghz(*LINE)
    by_number = tuple(component for component in GARNET.qubits if component in LINE)
    layout = matrix_product(circuit, by_number, 4)
    assert layout.order in {LINE, LINE[::-1]}
    # Neighbours in the layout are as entangled as a GHZ state allows to assume: two states per bond.
    assert layout.evolution < 0.003


def test_more_shots_and_more_gates_take_longer() -> None:
    few, many = planned(scrambled(19, 2), 100), planned(scrambled(19, 2), 1000)
    assert many.seconds == pytest.approx(10 * few.seconds)
    for less, more in combinations([scrambled(19, layers) for layers in (2, 4, 8)], 2):
        assert planned(less).seconds < planned(more).seconds


def deep(circuits: Circuits) -> list[Instruction]:
    qubits = GARNET.qubits
    layer = [
        *(circuits.gate("prx", qubit, angle=1.0, phase=0.3) for qubit in qubits),
        *(circuits.gate("cz", *pair) for pair in GARNET.connectivity),
    ]
    return [*(20 * layer), circuits.measure(*qubits)]


def test_what_takes_too_long_is_refused_at_once_and_says_so(api: Api, circuits: Circuits) -> None:
    reply = api.submit(deep(circuits), shots=100_000)
    assert reply.status == 400
    assert reply.json["error_code"] == "invalid_job_payload"
    assert "Simulating this job would take about" in reply.json["message"]
    assert "use fewer shots, qubits or gates" in reply.json["message"]
    # The machine is as free as before.
    assert api.counts([circuits.measure("QB1")], shots=5)


def test_the_budget_counts_all_circuits_of_a_job(connect: Connect, circuits: Circuits) -> None:
    seconds = planned(ghz(*LINE)).seconds
    with serve(simulation_budget=2.5 * seconds) as server:
        api = connect(server)
        assert api.submit(*([circuits.ghz(*LINE)] * 2), shots=1000).status == 200
        assert api.submit(*([circuits.ghz(*LINE)] * 3), shots=1000).status == 400


def test_a_simulation_that_outlasts_its_time_is_given_up() -> None:
    circuit = scrambled(19, 8)
    best = replace(planned(circuit), method=Method.STATEVECTOR)
    task = compile_task(circuit, best, FIGURES, ideal=False, shots=1000, seed=1)
    with POOL.lease() as simulator:
        simulator.wait_ready()
        with pytest.raises(SimulationError, match="longer than estimated"):
            simulator.run(task, 0.05)
        assert not simulator.usable


def test_methods_are_named_by_circuit(api: Api, circuits: Circuits) -> None:
    programs = [circuits.ghz(*LINE[:size]) for size in (2, 3, 14, 4, 12)]
    job_id = api.completed(*programs, shots=50)
    assert api.job(job_id)["messages"][0]["message"] == (
        "Simulated by qiskit-aer with noise, method density_matrix for circuits 0-1, 3; "
        "stabilizer for circuit 2; statevector for circuit 4."
    )
