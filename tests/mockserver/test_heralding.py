# SPDX-License-Identifier: Apache-2.0
"""How shots begin: excited qubits, heralding, and shots without a reset between them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server import serve
from iqm_mock_server.machines import Gate, load_machine
from iqm_mock_server.simulator.noise import readout_errors
from iqm_mock_server.simulator.preparation import QubitStart, heralded_shots, qubit_start

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Connect, Json

GARNET = load_machine("garnet")
FIGURES = GARNET.calibration


def published(qubit: str) -> tuple[float, float]:
    calibrated = FIGURES.at("measure", (qubit,))
    assert calibrated is not None
    assert calibrated.fidelity is not None
    return readout_errors(FIGURES, calibrated.fidelity)


def heralding(api: Api, job_id: str) -> str:
    return str(api.job(job_id)["messages"][1]["message"])


def shots_of(measurements: Json) -> int:
    [shots] = {len(rows) for rows in measurements.values()}
    return int(shots)


@pytest.mark.parametrize("qubit", GARNET.qubits)
def test_excitations_are_part_of_the_published_readout_errors(qubit: str) -> None:
    start = qubit_start(FIGURES, qubit)
    assert 0 < start.excited <= FIGURES.thermal_population
    assert start.zero_to_one >= 0
    assert start.one_to_zero >= 0
    reads_one = start.excited * (1 - start.one_to_zero) + (1 - start.excited) * start.zero_to_one
    flipped_reads_zero = start.excited * (1 - start.zero_to_one) + (1 - start.excited) * start.one_to_zero
    assert (reads_one, flipped_reads_zero) == pytest.approx(published(qubit))
    assert start.passes == pytest.approx(1 - reads_one)
    assert start.heralded().excited < 0.2 * start.excited


def test_a_perfect_readout_leaves_no_room_for_excitations() -> None:
    gate = FIGURES.gates["measure"]
    [perfect] = [at.model_copy(update={"fidelity": 1.0}) for at in gate.loci if at.locus == ("QB1",)]
    measure = Gate(implementation=gate.implementation, duration=gate.duration, loci=(perfect,))
    figures = FIGURES.model_copy(update={"gates": {**FIGURES.gates, "measure": measure}})
    assert qubit_start(figures, "QB1") == QubitStart()
    # QB2 cannot be measured any more: nothing is known about it, so it begins in its ground state.
    assert qubit_start(figures, "QB2") == QubitStart()


def test_heralding_drops_shots_and_improves_the_rest(api: Api, circuits: Circuits) -> None:
    qubits = ("QB1", "QB2", "QB5", "QB6", "QB7", "QB12")
    shots = 20_000
    program = [circuits.measure(*qubits)]
    [plain] = api.counts(program, shots=shots)
    job_id = api.completed(program, shots=shots, heralding_mode="zeros")
    [heralded] = (each["counts"] for each in api.artifact(job_id, "measurement_counts"))
    kept = sum(heralded.values())
    passing = math.prod(1 - published(qubit)[0] for qubit in qubits)
    assert kept / shots == pytest.approx(passing, abs=5 * math.sqrt(passing * (1 - passing) / shots))
    assert heralding(api, job_id) == f"Heralding kept {kept} of {shots} shots."
    starts = [qubit_start(FIGURES, qubit) for qubit in qubits]
    before = math.prod(start.passes for start in starts)
    after = math.prod(start.heralded().passes for start in starts)
    assert after > before + 0.01
    assert plain["0" * 6] / shots == pytest.approx(before, abs=0.012)
    assert heralded["0" * 6] / kept == pytest.approx(after, abs=0.012)


def test_each_circuit_keeps_its_own_number_of_shots(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(
        [circuits.measure("QB1")], circuits.ghz("QB2", "QB5", "QB6"), shots=2000, heralding_mode="zeros"
    )
    one, three = (shots_of(each) for each in api.artifact(job_id, "measurements"))
    assert 2000 > one > three > 1700
    assert heralding(api, job_id) == f"Heralding kept {three} to {one} of 2000 shots per circuit."
    counts = api.artifact(job_id, "measurement_counts")
    assert [sum(each["counts"].values()) for each in counts] == [one, three]


@pytest.mark.iqm_mock_server(ideal=True)
def test_without_noise_heralding_drops_nothing(api: Api, circuits: Circuits) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"), shots=50, heralding_mode="zeros")
    [measurements] = api.artifact(job_id, "measurements")
    assert shots_of(measurements) == 50


def ruined_readout(folder: Path) -> str:
    """Write a machine down whose QB1 is always read wrong, and its name."""
    gate = FIGURES.gates["measure"]
    loci = tuple(at.model_copy(update={"fidelity": 1e-6}) if at.locus == ("QB1",) else at for at in gate.loci)
    measure = gate.model_copy(update={"loci": loci})
    figures = FIGURES.model_copy(
        update={
            "gates": {**FIGURES.gates, "measure": measure},
            "readout_one_to_zero_share": 0.5,
            "thermal_population": 0.0,
        }
    )
    path = folder / "ruined.json"
    path.write_text(GARNET.model_copy(update={"calibration": figures}).model_dump_json())
    return str(path)


@pytest.mark.parametrize("options", [{}, {"active_reset_cycles": 0}])
def test_a_job_fails_when_heralding_leaves_nothing(
    connect: Connect, circuits: Circuits, tmp_path: Path, options: dict[str, object]
) -> None:
    with serve(machine=ruined_readout(tmp_path)) as server:
        api = connect(server)
        programs = [[circuits.measure("QB2")], [circuits.measure("QB1")]]
        job = api.ended(api.accepted(*programs, shots=20, heralding_mode="zeros", **options))
        assert job["status"] == "failed"
        [error] = job["errors"]
        assert error["error_code"] == "circuit_execution_error"
        assert error["message"] == "Execution of circuit 1 with heralding discarded all the shots."
        assert api.get(f"/api/v1/jobs/{job['id']}/artifacts/measurements").status == 404
        # The machine goes on.
        assert api.counts([circuits.measure("QB2")], shots=5)


def test_what_heralding_keeps_depends_on_the_seed_alone() -> None:
    starts = [qubit_start(FIGURES, qubit) for qubit in GARNET.qubits]
    kept = [heralded_shots(starts, 1000, seed) for seed in (1, 2, 3, 1)]
    assert kept[0] == kept[3]
    assert len(set(kept)) == 3


@pytest.mark.iqm_mock_server(ideal=True)
def test_without_a_reset_a_shot_begins_where_the_last_one_ended(api: Api, circuits: Circuits) -> None:
    flip = [circuits.x("QB1"), circuits.measure("QB1")]
    # An entangled pair, one half of which is never measured.
    half = [circuits.y90("QB5"), *circuits.ghz("QB5", "QB6")[1:-1], circuits.measure("QB6")]
    for cycles in (0, -1):
        job_id = api.completed(flip, half, shots=2001, active_reset_cycles=cycles)
        flips, halves = api.artifact(job_id, "measurements")
        assert flips == {"m": [[1 - shot % 2] for shot in range(2001)]}
        ones = sum(bit for [bit] in halves["m"])
        assert 800 < ones < 1200
    again = api.completed(flip, shots=4, active_reset_cycles=1)
    assert api.artifact(again, "measurements") == [{"m": [[1]] * 4}]


@pytest.mark.iqm_mock_server(ideal=True)
def test_without_a_reset_heralding_keeps_the_shots_that_begin_in_zero(api: Api, circuits: Circuits) -> None:
    flip = [circuits.x("QB1"), circuits.measure("QB1")]
    job_id = api.completed(flip, shots=100, active_reset_cycles=0, heralding_mode="zeros")
    assert api.artifact(job_id, "measurements") == [{"m": [[1]] * 50}]


@pytest.mark.iqm_mock_server(ideal=True)
def test_without_a_reset_feedback_sees_the_shot_it_belongs_to(api: Api, circuits: Circuits) -> None:
    undo = circuits.gate("cc_prx", "QB1", angle=math.pi, phase=0.0, feedback_key="f", feedback_qubit="QB1")
    program = [
        circuits.y90("QB1"),
        circuits.measure("QB1", key="first", feedback_key="f"),
        undo,
        circuits.measure("QB1", key="then"),
    ]
    [counts] = api.counts(program, shots=400, active_reset_cycles=0)
    assert set(counts) == {"00", "10"}


def test_without_a_reset_an_excitation_lasts_as_long_as_t1(api: Api, circuits: Circuits) -> None:
    t1 = FIGURES.coherence["QB1"].t1
    # Nothing flips the qubit after the first shots; each shot takes one t1 and then some.
    program = [circuits.measure("QB1"), circuits.gate("delay", "QB1", duration=t1)]
    flipped = [circuits.x("QB1"), *program]
    quiet, pumped = api.counts(program, flipped, shots=2000, active_reset_cycles=0)
    zero_to_one, _ = published("QB1")
    assert quiet.get("1", 0) / 2000 < zero_to_one + 0.01
    # Flipped once a shot, decaying in between: p = 1 - p exp(-(t1 + readout) / t1).
    decay = math.exp(-(t1 + FIGURES.duration_at("measure", ("QB1",))) / t1)
    assert pumped["1"] / 2000 == pytest.approx(1 / (1 + decay), abs=0.05)


def test_how_shots_begin_is_part_of_what_a_job_is(api: Api, circuits: Circuits) -> None:
    program = circuits.ghz("QB1", "QB2")
    first, again, heralded = (
        api.artifact(api.completed(program, shots=300, **options), "measurements")
        for options in ({}, {"active_reset_cycles": 3}, {"heralding_mode": "zeros"})
    )
    assert first == again
    assert heralded[0]["m"] != first[0]["m"][: shots_of(heralded[0])]
