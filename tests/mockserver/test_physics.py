# SPDX-License-Identifier: Apache-2.0
"""Whether results are what quantum mechanics and the calibration figures say."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from qiskit.quantum_info import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    SuperOp,
    average_gate_fidelity,
)
from qiskit_aer.noise import (  # type: ignore[import-untyped,import-not-found,unused-ignore]
    depolarizing_error,
    thermal_relaxation_error,
)

from iqm_mock_server import serve
from iqm_mock_server.circuits.reading import read_circuits
from iqm_mock_server.circuits.schedule import schedule
from iqm_mock_server.machines import load_machine
from iqm_mock_server.schemas.run_request import read_run_request
from iqm_mock_server.simulator.noise import average_fidelity, gate_channel, readout_errors

if TYPE_CHECKING:
    import numpy.typing as npt
    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server.circuits.program import Circuit

GARNET = load_machine("garnet")
FIGURES = GARNET.calibration
LINE = ("QB1", "QB2", "QB5", "QB6", "QB7", "QB12", "QB11", "QB10", "QB15", "QB16")


def read(instructions: list[dict[str, Any]]) -> Circuit:
    body = json.dumps({"circuits": [{"name": "c", "instructions": instructions}]}).encode()
    [circuit] = read_circuits(read_run_request(body))
    return circuit


def readout(qubit: str) -> tuple[float, float]:
    calibrated = FIGURES.at("measure", (qubit,))
    assert calibrated is not None
    assert calibrated.fidelity is not None
    return readout_errors(FIGURES, calibrated.fidelity)


def probability_of_one(counts: dict[str, int], qubit: str) -> float:
    """Return how often the qubit was in 1, with its readout errors taken out."""
    zero_to_one, one_to_zero = readout(qubit)
    seen = counts.get("1", 0) / sum(counts.values())
    return (seen - zero_to_one) / (1 - zero_to_one - one_to_zero)


def statevector_probabilities(circuit: Circuit, qubits: list[str]) -> npt.NDArray[np.float64]:
    """Simulate prx and cz by their definitions; bit k of an outcome's index belongs to qubit k."""
    state = np.zeros([2] * len(qubits), dtype=complex)
    state[(0,) * len(qubits)] = 1
    for operation in circuit.operations:
        axes = [qubits.index(name) for name in operation.locus]
        if operation.name == "prx":
            angle, phase = operation.angle, operation.phase  # type: ignore[attr-defined]
            cos, sin = math.cos(angle / 2), math.sin(angle / 2)
            gate = np.array([[cos, -1j * np.exp(-1j * phase) * sin], [-1j * np.exp(1j * phase) * sin, cos]])
            state = np.moveaxis(np.tensordot(gate, state, axes=(1, axes[0])), 0, axes[0])
        elif operation.name == "cz":
            both = [slice(None)] * len(qubits)
            both[axes[0]] = both[axes[1]] = 1  # type: ignore[call-overload]
            state[tuple(both)] *= -1
    return np.abs(state.transpose(range(len(qubits))[::-1]).ravel()) ** 2


def random_program(rng: np.random.Generator, circuits: Circuits, size: int) -> list[dict[str, Any]]:
    """Return gates on the first qubits of a connected group of five."""
    qubits = ["QB4", "QB5", "QB9", "QB10", "QB3"][:size]
    edges = [edge for edge in GARNET.connectivity if set(edge) <= set(qubits)]
    program = []
    for _ in range(12):
        angle, phase = rng.uniform(-math.pi, math.pi, 2)
        program.append(circuits.gate("prx", str(rng.choice(qubits)), angle=angle, phase=phase))
        if edges:
            program.append(circuits.gate("cz", *edges[rng.integers(len(edges))]))
    return [
        *program,
        *(circuits.gate("prx", qubit, angle=1.0, phase=0.5) for qubit in qubits),
        circuits.measure(*qubits[::-1]),
    ]


def test_ideal_samples_agree_with_the_statevector(connect: Connect, circuits: Circuits) -> None:
    rng = np.random.default_rng(11)
    sizes = [1 + index % 5 for index in range(20)]
    programs = [random_program(rng, circuits, size) for size in sizes]
    shots = 20_000
    with serve(ideal=True, seed=5) as server:
        all_counts = connect(server).counts(*programs, shots=shots)
    for program, counts in zip(programs, all_counts, strict=True):
        measured = program[-1]["locus"]
        size = len(measured)
        expected = shots * statevector_probabilities(read(program), measured[::-1])
        seen = np.array([counts.get(f"{outcome:0{size}b}", 0) for outcome in range(2**size)])
        likely = expected > 5
        chi_square = np.sum((seen[likely] - expected[likely]) ** 2 / expected[likely])
        # Beyond the 99.99 % quantile of each chi-square distribution with up to 31 degrees of freedom.
        freedom = int(likely.sum())
        assert chi_square < freedom + 4 * math.sqrt(2 * freedom) + 8
        assert seen[~likely].sum() < expected[~likely].sum() + 30


def test_every_coupler_makes_a_good_but_not_a_perfect_bell_pair(api: Api, circuits: Circuits) -> None:
    programs = [circuits.ghz(*pair) for pair in GARNET.connectivity]
    shots = 4000
    fidelities = [(c["00"] + c["11"]) / shots for c in api.counts(*programs, shots=shots)]
    assert min(fidelities) > 0.88
    assert fidelities[0] >= 0.90
    for pair, fidelity in zip(GARNET.connectivity, fidelities, strict=True):
        kept = math.prod(1 - sum(readout(qubit)) / 2 for qubit in pair)
        # Readout dominates; two correlated outcomes survive a double flip, and gates take a percent or two.
        assert fidelity == pytest.approx(kept, abs=0.035)


@pytest.mark.iqm_mock_server(ideal=True)
def test_without_noise_there_are_no_errors(api: Api, circuits: Circuits) -> None:
    [counts] = api.counts(circuits.ghz(*LINE), shots=1000)
    assert set(counts) == {"0" * 10, "1" * 10}


def ghz_tree(circuits: Circuits, size: int) -> list[dict[str, Any]]:
    """Return a GHZ state that grows from the middle of the machine along as many couplers as there are."""
    reached = ["QB10"]
    program = [circuits.y90("QB10")]
    for source in reached:
        for pair in GARNET.connectivity:
            new = [name for name in pair if name not in reached]
            if source in pair and len(new) == 1 and len(reached) < size:
                target = new[0]
                program += [circuits.y90(target, -1), circuits.gate("cz", source, target)]
                program.append(circuits.y90(target))
                reached.append(target)
    return [*program, circuits.measure(*reached)]


def product_of_fidelities(circuit: Circuit) -> float:
    """Multiply the published fidelities of everything in a circuit."""
    product = 1.0
    for operation in circuit.operations:
        each = [(q,) for q in operation.locus] if operation.name == "measure" else [operation.locus]
        for locus in each:
            calibrated = FIGURES.at(operation.name, locus)
            assert calibrated is not None
            assert calibrated.fidelity is not None
            product *= calibrated.fidelity
    return product


def test_ghz_fidelity_falls_with_size_as_the_figures_say(api: Api, circuits: Circuits) -> None:
    sizes = (2, 4, 7, 10, 14, 20)
    shots = 2000
    programs = [ghz_tree(circuits, size) for size in sizes]
    job_id = api.completed(*programs, shots=shots)
    populations = [
        (each["counts"].get("0" * size, 0) + each["counts"].get("1" * size, 0)) / shots
        for size, each in zip(sizes, api.artifact(job_id, "measurement_counts"), strict=True)
    ]
    assert populations == pytest.approx(
        [product_of_fidelities(read(program)) for program in programs], abs=0.05
    )
    assert all(larger > smaller + 0.03 for larger, smaller in pairwise(populations))


def test_a_whole_machine_with_noise_is_simulated(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(ghz_tree(circuits, 20), shots=1000)
    message = api.job(job_id)["messages"][0]["message"]
    assert message == "Simulated by qiskit-aer with noise, method stabilizer."
    [counts] = api.artifact(job_id, "measurement_counts")
    assert sum(counts["counts"].values()) == 1000
    assert {len(outcome) for outcome in counts["counts"]} == {20}


@pytest.mark.parametrize("qubit", ["QB1", "QB12"])
def test_readout_errors_are_those_of_the_calibration_set(api: Api, circuits: Circuits, qubit: str) -> None:
    shots = 40_000
    [zero, one] = api.counts(
        [circuits.measure(qubit)], [circuits.x(qubit), circuits.measure(qubit)], shots=shots
    )
    zero_to_one, one_to_zero = readout(qubit)
    spread = 4 * math.sqrt(0.05 / shots)
    assert zero.get("1", 0) / shots == pytest.approx(zero_to_one, abs=spread)
    # The flip itself adds at most its own infidelity, 1.5 times the average one.
    assert one_to_zero - spread < one["0"] / shots < one_to_zero + spread + 0.002


def test_an_excited_qubit_decays_with_t1(api: Api, circuits: Circuits) -> None:
    t1 = FIGURES.coherence["QB1"].t1
    times = [0.0, 0.5 * t1, t1, 2 * t1]
    programs = [
        [circuits.x("QB1"), circuits.gate("delay", "QB1", duration=time), circuits.measure("QB1")]
        for time in times
    ]
    excited = [probability_of_one(counts, "QB1") for counts in api.counts(*programs, shots=20_000)]
    assert excited == pytest.approx([math.exp(-time / t1) for time in times], abs=0.02)


def test_a_superposition_dephases_with_t2(api: Api, circuits: Circuits) -> None:
    t2 = FIGURES.coherence["QB5"].t2
    times = [0.0, 0.5 * t2, t2, 2 * t2]
    y90 = circuits.y90("QB5")
    programs = [
        [y90, circuits.gate("delay", "QB5", duration=time), y90, circuits.measure("QB5")] for time in times
    ]
    returned = [probability_of_one(counts, "QB5") for counts in api.counts(*programs, shots=20_000)]
    assert returned == pytest.approx([(1 + math.exp(-time / t2)) / 2 for time in times], abs=0.02)


def test_a_qubit_dephases_while_it_waits_for_others(api: Api, circuits: Circuits) -> None:
    y90 = circuits.y90("QB1")
    busy = [circuits.gate("delay", "QB2", duration=FIGURES.coherence["QB1"].t2)]
    barrier = circuits.gate("barrier", "QB1", "QB2")
    waits = [y90, barrier, *busy, barrier, y90, circuits.measure("QB1")]
    # Nothing makes the second one wait: as late as possible means right before the second pulse.
    does_not = [barrier, *busy, barrier, y90, y90, circuits.measure("QB1")]
    [waited, had_not] = (
        probability_of_one(counts, "QB1") for counts in api.counts(waits, does_not, shots=20_000)
    )
    assert waited == pytest.approx((1 + math.exp(-1)) / 2, abs=0.02)
    assert had_not > 0.98


def test_the_schedule_is_as_late_as_possible_and_waits_for_feedback(circuits: Circuits) -> None:
    early = read(
        [circuits.x("QB1"), circuits.gate("delay", "QB2", duration=3e-7), circuits.gate("cz", "QB1", "QB2")]
    )
    assert [step.idle for step in schedule(early, FIGURES).steps] == [{}, {}, {}]
    assert schedule(early, FIGURES).duration == pytest.approx(3.4e-7)

    conditional = circuits.gate("cc_prx", "QB2", angle=1.0, phase=0.0, feedback_key="f", feedback_qubit="QB1")
    fed_back = read([circuits.measure("QB1", feedback_key="f"), conditional])
    assert schedule(fed_back, FIGURES).duration == pytest.approx(1e-6 + FIGURES.feedback_latency + 20e-9)


@pytest.mark.parametrize("gate", ["prx", "cz"])
def test_a_gates_whole_channel_has_the_published_fidelity(gate: str) -> None:
    for at in FIGURES.gates[gate].loci:
        assert at.fidelity is not None
        channel = gate_channel(
            [FIGURES.coherence[name] for name in at.locus], FIGURES.duration_at(gate, at.locus), at.fidelity
        )
        assert average_fidelity(channel) == pytest.approx(at.fidelity, abs=1e-12)
        if at.locus[0] in {"QB1", "QB11"}:  # built as the simulator builds it; enough for a few
            relaxations = [
                SuperOp(thermal_relaxation_error(*t, channel.duration)) for t in channel.relaxation
            ]
            whole = relaxations[0] if len(relaxations) == 1 else relaxations[1].tensor(relaxations[0])
            whole = whole.compose(SuperOp(depolarizing_error(channel.depolarization, len(at.locus))))
            assert average_gate_fidelity(whole) == pytest.approx(at.fidelity, abs=1e-9)


def test_gates_keep_amplitude_damping_and_never_gain_coherence() -> None:
    for gate in ("prx", "cz"):
        for at in FIGURES.gates[gate].loci:
            coherences = [FIGURES.coherence[name] for name in at.locus]
            assert at.fidelity is not None
            channel = gate_channel(coherences, FIGURES.duration_at(gate, at.locus), at.fidelity)
            for given, (t1, t2) in zip(coherences, channel.relaxation, strict=True):
                assert t1 == given.t1
                assert given.t2 * (1 - 1e-9) <= t2 <= 2 * t1
            # Only where relaxation leaves something to explain is anything added.
            limited = any(
                t2 > given.t2 * 1.001 for given, (_, t2) in zip(coherences, channel.relaxation, strict=True)
            )
            assert (channel.depolarization > 1e-9) != limited


def test_a_gate_that_cannot_be_as_good_as_its_figure_is_named() -> None:
    with pytest.raises(ValueError, match="contradicts t1"):
        gate_channel([FIGURES.coherence["QB1"]], 1e-6, 0.9999)


def test_many_shots_of_many_qubits(connect: Connect, circuits: Circuits) -> None:
    qubits = list(GARNET.qubits)
    program = [*(circuits.y90(qubit) for qubit in qubits), *(circuits.measure(q, key=q) for q in qubits)]
    shots = 20_000
    with serve(ideal=True) as server:
        api = connect(server)
        job_id = api.completed(program, shots=shots)
        [measurements] = api.artifact(job_id, "measurements")
        [counts] = api.artifact(job_id, "measurement_counts")
    assert list(measurements) == qubits
    table = np.array([measurements[qubit] for qubit in qubits])
    assert table.shape == (20, shots, 1)
    assert np.abs(table.mean(axis=(1, 2)) - 0.5).max() < 0.02
    assert sum(counts["counts"].values()) == shots


def test_results_depend_on_seed_and_payload_but_not_on_order(connect: Connect, circuits: Circuits) -> None:
    programs = [circuits.ghz("QB1", "QB2"), circuits.ghz("QB4", "QB5", "QB6"), [circuits.measure("QB1")]]

    def results(order: list[int], seed: int) -> list[Any]:
        with serve(seed=seed) as server:
            api = connect(server)
            jobs = {index: api.accepted(programs[index], shots=300) for index in order}
            for job in jobs.values():
                api.ended(job)
            return [api.artifact(jobs[index], "measurements") for index in sorted(jobs)]

    assert results([0, 1, 2], 1) == results([2, 0, 1], 1)
    assert results([0, 1, 2], 1)[:2] != results([0, 1, 2], 2)[:2]


def test_equal_circuits_of_one_job_give_independent_samples(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"), circuits.ghz("QB1", "QB2"), shots=300)
    first, second = api.artifact(job_id, "measurements")
    assert first != second
