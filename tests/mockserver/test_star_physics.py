# SPDX-License-Identifier: Apache-2.0
"""MOVE on a star of qubits around a resonator: the same physics as couplers between all qubits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iqm_mock_server import serve
from iqm_mock_server.machines import Machine, load_machine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Connect, Instruction

QUBITS = ("QB1", "QB2", "QB3", "QB4", "QB5")
RESONATOR = "CR1"
PRX, CZ, MOVE, READOUT = 0.999, 0.99, 0.992, 0.98


def machine(folder: Path, alias: str, *, star: bool) -> str:
    """Write a machine down, in the format of the built-in ones."""
    resonators = (RESONATOR,) if star else ()
    couplers = [(q, RESONATOR) for q in QUBITS] if star else [(a, b) for a in QUBITS for b in QUBITS if a < b]
    gates: dict[str, Any] = {
        "prx": gate("drag_gaussian", 2e-8, PRX, [(q,) for q in QUBITS]),
        "cz": gate("tgss", 4e-8, CZ, couplers),
        "measure": gate("constant", 1e-6, READOUT, [(q,) for q in QUBITS]),
    }
    if star:
        gates["move"] = gate("tgss_crf", 6e-8, MOVE, couplers)
    garnet = load_machine("garnet").model_dump(mode="json")
    document = {
        **garnet,
        "alias": alias,
        "qubits": QUBITS,
        "computational_resonators": resonators,
        "connectivity": couplers,
        "calibration": {
            **garnet["calibration"],
            "coherence": {name: {"t1": 4e-5, "t2": 2e-5} for name in QUBITS + resonators},
            "gates": gates,
        },
    }
    path = folder / f"{alias}.json"
    path.write_text(Machine.model_validate(document).model_dump_json())
    return str(path)


def gate(
    implementation: str, duration: float, fidelity: float, loci: Sequence[tuple[str, ...]]
) -> dict[str, Any]:
    return {
        "implementation": implementation,
        "duration": duration,
        "loci": [{"locus": locus, "fidelity": fidelity} for locus in loci],
    }


def coupled(circuits: Circuits, first: str, *others: str, star: bool) -> list[Instruction]:
    """Return cz gates of one qubit with others; on a star while its state is in the resonator."""
    if not star:
        return [circuits.gate("cz", first, other) for other in others]
    return [
        circuits.gate("move", first, RESONATOR),
        *(circuits.gate("cz", other, RESONATOR) for other in others),
        circuits.gate("move", first, RESONATOR),
    ]


def random_program(seed: int, circuits: Circuits, *, star: bool) -> list[Instruction]:
    rng = np.random.default_rng(seed)
    program: list[Instruction] = []
    for _ in range(5):
        for qubit in QUBITS:
            angle, phase = rng.uniform(-math.pi, math.pi, 2)
            program.append(circuits.gate("prx", qubit, angle=angle, phase=phase))
        program += coupled(circuits, *rng.permutation(QUBITS)[:3].tolist(), star=star)
    program += [circuits.gate("prx", qubit, angle=1.0, phase=0.5) for qubit in QUBITS]
    return [*program, circuits.measure(*QUBITS)]


def ghz(circuits: Circuits, *, star: bool) -> list[Instruction]:
    first, *others = QUBITS
    return [
        circuits.y90(first),
        *(circuits.y90(qubit, -1) for qubit in others),
        *coupled(circuits, first, *others, star=star),
        *(circuits.y90(qubit) for qubit in others),
        circuits.measure(*QUBITS),
    ]


def counts_on(api: Api, alias: str, programs: list[list[Instruction]], shots: int) -> list[dict[str, int]]:
    document = {
        "circuits": [{"name": f"c{i}", "instructions": each} for i, each in enumerate(programs)],
        "shots": shots,
    }
    reply = api.post(f"/api/v1/jobs/{alias}/circuit", document)
    assert reply.status == 200, reply.body
    job = api.ended(reply.json["id"])
    assert job["status"] == "completed", job
    return [each["counts"] for each in api.artifact(job["id"], "measurement_counts")]


def test_circuits_on_a_star_agree_with_those_on_an_all_to_all_machine(
    connect: Connect, circuits: Circuits, tmp_path: Path
) -> None:
    shots = 10_000
    counts = []
    for alias, star in (("star", True), ("complete", False)):
        programs = [random_program(seed, circuits, star=star) for seed in range(8)]
        with serve(machine=machine(tmp_path, alias, star=star), ideal=True, seed=7) as server:
            counts.append(counts_on(connect(server), alias, programs, shots))
    for star_counts, complete_counts in zip(*counts, strict=True):
        outcomes = sorted(star_counts.keys() | complete_counts.keys())
        one = np.array([star_counts.get(outcome, 0) for outcome in outcomes])
        other = np.array([complete_counts.get(outcome, 0) for outcome in outcomes])
        often = one + other > 10
        chi_square = np.sum((one[often] - other[often]) ** 2 / (one + other)[often])
        freedom = int(often.sum())
        assert freedom > 10
        assert chi_square < freedom + 5 * math.sqrt(2 * freedom)


@pytest.mark.parametrize("star", [True, False])
def test_moves_cost_what_their_figures_say(
    connect: Connect, circuits: Circuits, tmp_path: Path, star: bool
) -> None:
    shots = 4000
    with serve(machine=machine(tmp_path, "m", star=star)) as server:
        [counts] = counts_on(connect(server), "m", [ghz(circuits, star=star)], shots)
    population = (counts["0" * 5] + counts["1" * 5]) / shots
    expected = PRX**9 * CZ**4 * READOUT**5 * (MOVE**2 if star else 1)
    assert population == pytest.approx(expected, abs=0.05)


def test_a_resonator_keeps_a_state_and_loses_it_with_its_t1(
    connect: Connect, circuits: Circuits, tmp_path: Path
) -> None:
    move = circuits.gate("move", "QB2", RESONATOR)
    programs = [
        [
            circuits.x("QB2"),
            move,
            circuits.gate("delay", RESONATOR, duration=seconds),
            move,
            circuits.measure("QB2"),
        ]
        for seconds in (0.0, 4e-5)
    ]
    with serve(machine=machine(tmp_path, "star", star=True)) as server:
        at_once, later = counts_on(connect(server), "star", programs, 4000)
    assert at_once["1"] / 4000 > 0.94
    assert later["1"] / at_once["1"] == pytest.approx(math.exp(-1), abs=0.05)
