# SPDX-License-Identifier: Apache-2.0
"""The variational loop: what it finds, what it counts, and that noise does not fool it."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from qiskit.primitives import StatevectorEstimator

import qdmikit
from qdmikit.qsci import Estimate, estimate
from qdmikit.qsci.machine import Energies

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iqm_mock_server import MockServer
    from qdmikit.qsci import Ansatz, Problem


def exact(trial: Ansatz, parameters: tuple[float, ...]) -> float:
    [result] = StatevectorEstimator().run([(trial.circuit, trial.observable, parameters)]).result()
    return float(result.data.evs)


@pytest.mark.parametrize("name", ["H2", "LiH", "H2O", "N2"])
def test_the_coupled_cluster_point_is_close_to_exact(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], name: str
) -> None:
    trial = ansatz(name, "uccsd", "jordan_wigner")
    energy = exact(trial, tuple(trial.initial_point))
    assert problem(name).e_fci == pytest.approx(energy, abs=2e-4)


@pytest.mark.parametrize("mapper", ["jordan_wigner", "parity"])
@pytest.mark.parametrize("optimizer", ["slsqp", "cobyla"])
def test_hydrogen_is_solved_from_zero_without_noise(
    problem: Callable[[str], Problem],
    ansatz: Callable[..., Ansatz],
    optimizer: Literal["slsqp", "cobyla"],
    mapper: str,
) -> None:
    trial = ansatz("H2", "uccsd", mapper)
    lost = dataclasses.replace(trial, initial_point=np.zeros_like(trial.initial_point))
    seen: list[tuple[int, float]] = []
    found = estimate(
        lost, optimizer=optimizer, maxiter=100, progress=lambda number, lowest: seen.append((number, lowest))
    )
    assert found.energy == pytest.approx(problem("H2").e_fci, abs=1e-6)
    assert found.start_energy == pytest.approx(problem("H2").e_hf, abs=1e-8)
    assert found.energy == min(found.history)
    assert found.evaluations == len(found.history) == seen[-1][0]
    assert found.optimizer == optimizer


def test_exact_simulators_take_derivatives_and_noisy_ones_do_not(ansatz: Callable[..., Ansatz]) -> None:
    trial = ansatz("H2", "uccsd", "parity")
    assert estimate(trial).optimizer == "slsqp"
    assert estimate(trial, simulator="aer", maxiter=3, precision=0.1, seed=1).optimizer == "cobyla"


def test_a_loop_is_never_shorter_than_its_optimizer_needs(ansatz: Callable[..., Ansatz]) -> None:
    trial = ansatz("LiH", "uccsd", "jordan_wigner")
    found = estimate(trial, optimizer="cobyla", maxiter=1)
    assert found.evaluations >= len(trial.initial_point) + 2


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_noise_does_not_talk_the_loop_out_of_a_good_start(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], seed: int
) -> None:
    trial = ansatz("H2", "uccsd", "parity")
    found = estimate(trial, simulator="aer", maxiter=15, seed=seed)
    # 10 mHa are the noise of one value; the lowest of many is lower than the energy of any state.
    assert exact(trial, found.parameters) - (problem("H2").e_fci or 0) < 2e-3
    assert len(set(found.history)) > 2
    assert found.standard_error is not None
    assert 0 < found.standard_error < 0.02


def test_a_state_without_parameters_is_measured_once(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz]
) -> None:
    found = estimate(ansatz("H2", "hf", "jordan_wigner"))
    assert found.evaluations == 1
    assert found.energy == pytest.approx(problem("H2").e_hf, abs=1e-8)


@pytest.mark.iqm_mock_server(instant=True)
def test_no_optimizer_runs_nothing(ansatz: Callable[..., Ansatz], iqm_mock_server: MockServer) -> None:
    trial = ansatz("H2", "uccsd", "parity")
    found = estimate(trial, simulator=False, device="qdmikit.iqm", optimizer="none")
    assert found.parameters == tuple(trial.initial_point)
    assert (found.energy, found.evaluations) == (None, 0)
    assert list(iqm_mock_server.ledger.requests()) == []


@pytest.mark.iqm_mock_server(ideal=True, instant=True)
def test_each_evaluation_is_one_job_of_the_device(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], iqm_mock_server: MockServer
) -> None:
    found = estimate(
        ansatz("H2", "uccsd", "parity"),
        simulator=False,
        device="qdmikit.iqm",
        session={"base_url": iqm_mock_server.url},
        maxiter=4,
        precision=0.02,
        seed=1,
    )
    posts = [entry for entry in iqm_mock_server.ledger.requests() if entry.method == "POST"]
    assert len(posts) == found.evaluations
    assert found.energy == pytest.approx(problem("H2").e_fci, abs=0.05)


def test_an_interrupted_loop_repeats_no_evaluation(
    ansatz: Callable[..., Ansatz], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial, journal = ansatz("LiH", "uccsd", "jordan_wigner"), tmp_path / "evaluations.jsonl"
    asked: list[float] = []
    run = Energies.at

    def interrupted(self: Energies, values: np.ndarray[Any, Any]) -> tuple[float, float]:
        if len(asked) == 7:
            raise KeyboardInterrupt
        asked.append(float(values[0]))
        return run(self, values)

    whole = estimate(trial, optimizer="cobyla", maxiter=20)
    monkeypatch.setattr(Energies, "at", interrupted)
    with pytest.raises(KeyboardInterrupt):
        estimate(trial, optimizer="cobyla", maxiter=20, journal=journal)
    # As a process leaves it that is killed while it writes.
    with journal.open("a") as file:
        file.write('{"parameters": [0.')
    asked.append(0.0)  # the seventh has passed
    again = estimate(trial, optimizer="cobyla", maxiter=20, journal=journal)
    assert again == whole
    assert len(asked) - 1 == whole.evaluations
    entries = [json.loads(line) for line in journal.read_text().splitlines()]
    assert [entry["energy"] for entry in entries] == list(whole.history)


def test_an_estimate_survives_json(ansatz: Callable[..., Ansatz]) -> None:
    found = estimate(ansatz("H2", "uccsd", "parity"))
    assert Estimate.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_an_unknown_optimizer_is_refused(ansatz: Callable[..., Ansatz]) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="give auto, cobyla"):
        estimate(ansatz("H2", "uccsd", "parity"), optimizer="adam")  # type: ignore[arg-type]
