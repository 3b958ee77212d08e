# SPDX-License-Identifier: Apache-2.0
"""The variational loop: parameters of the lowest energy that was seen, with every evaluation counted."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import numpy as np

from qdmikit.errors import InvalidArgument
from qdmikit.qsci.machine import Machine

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from qdmikit.qsci.ansatz import Ansatz
    from qdmikit.qsci.machine import Energies

Optimizer = Literal["auto", "cobyla", "slsqp", "none"]
DEFAULT_PRECISION = 0.01

Progress = Callable[[int, float], None]
"""Called with the number of evaluations and the lowest energy so far."""


@dataclass(frozen=True)
class Estimate:
    """Parameters and their energy.

    Parameters
    ----------
    parameters
        Values in the order of the circuit's parameters.
    energy, standard_error
        Of these parameters, in hartree; None where nothing was estimated.
    start_energy
        Of the starting point.
    evaluations
        How many energies were estimated, by this or an interrupted run before it.
    history
        Their values in order.
    optimizer
        What proposed the parameters.
    """

    parameters: tuple[float, ...]
    energy: float | None
    standard_error: float | None
    start_energy: float | None
    evaluations: int
    history: tuple[float, ...]
    optimizer: str

    def to_dict(self) -> dict[str, Any]:
        """Return this as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> Self:
        """Read what `to_dict` returned."""
        sequences = {name: tuple(document[name]) for name in ("parameters", "history")}
        return cls(**{**document, **sequences})


def estimate(
    ansatz: Ansatz,
    *,
    simulator: bool | str = True,
    device: str | None = None,
    session: Mapping[str, str] | None = None,
    optimizer: Optimizer = "auto",
    maxiter: int = 80,
    precision: float = DEFAULT_PRECISION,
    seed: int | None = None,
    journal: Path | None = None,
    progress: Progress | None = None,
) -> Estimate:
    """Optimise the parameters of a trial state, from the coupled-cluster point.

    Parameters
    ----------
    ansatz
        State and observable.
    simulator, device, session
        Where to run; see `Machine.choose`.
    optimizer
        ``cobyla`` bears noise, ``slsqp`` takes derivatives by differences and does not; ``auto`` is the
        second where energies are exact, else the first. ``none`` keeps the coupled-cluster point and runs
        nothing.
    maxiter
        Evaluations of COBYLA, iterations of SLSQP. COBYLA cannot do with less than two more than there are
        parameters, and is given those.
    precision
        Standard error of one Pauli term that is asked for; each circuit runs ``1 / precision**2`` times. An
        exact simulator ignores it.
    seed
        See `Machine.open`.
    journal
        A file that keeps each evaluation as it ends. A run that was killed takes them from there and repeats
        none of them.
    progress
        Called after each evaluation.

    Returns
    -------
    Estimate
        The best parameters seen. With noise the lowest of many values is low by luck: start and best are
        measured once more, and the start stays unless the other is lower by more than the error.

    Raises
    ------
    InvalidArgument
        If there is no such optimizer.
    qdmikit.Error
        If a device fails.
    """
    start = np.asarray(ansatz.initial_point, dtype=np.float64)
    if optimizer not in {"auto", "cobyla", "slsqp", "none"}:
        raise InvalidArgument(
            f"no optimizer is called {optimizer!r}. Remedy: give auto, cobyla, slsqp or none"
        )
    if optimizer == "none":
        return Estimate(tuple(start.tolist()), None, None, None, 0, (), "none")
    opened = Machine.choose(simulator, device, session).open(seed)
    chosen = optimizer if optimizer != "auto" else "slsqp" if opened.exact else "cobyla"
    energies = opened.energies(ansatz.circuit, ansatz.observable, precision)
    evaluate = _Evaluations(energies, journal, progress)
    if len(start) == 0:
        energy, error = evaluate(start)
        return Estimate((), energy, error, energy, 1, tuple(evaluate.history), "none")
    _minimize(chosen, lambda values: evaluate(values)[0], start, maxiter)
    best = min(evaluate.seen, key=lambda entry: entry[1])[0]
    if opened.exact:
        parameters, (energy, error) = best, evaluate(best)
    else:
        parameters, (energy, error) = _compared(evaluate, start, best)
    return Estimate(
        parameters=tuple(float(value) for value in parameters),
        energy=energy,
        standard_error=error,
        start_energy=evaluate.history[0],
        evaluations=len(evaluate.history),
        history=tuple(evaluate.history),
        optimizer=chosen,
    )


def _minimize(
    optimizer: str,
    function: Callable[[npt.NDArray[np.float64]], float],
    start: npt.NDArray[np.float64],
    maxiter: int,
) -> None:
    from scipy.optimize import minimize

    if optimizer == "cobyla":
        # A wide first step loses the coupled-cluster point in the noise.
        options: dict[str, float] = {"rhobeg": 0.02, "maxiter": max(maxiter, len(start) + 2)}
        minimize(function, start, method="COBYLA", options=options)
    else:
        minimize(function, start, method="SLSQP", options={"maxiter": maxiter, "ftol": 1e-10})


def _compared(
    evaluate: _Evaluations, start: npt.NDArray[np.float64], best: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], tuple[float, float]]:
    before = evaluate(start)
    if np.array_equal(start, best):
        return start, before
    after = evaluate(best)
    if after[0] < before[0] - math.hypot(before[1], after[1]):
        return best, after
    return start, before


class _Evaluations:
    """Counts and keeps evaluations; those of an interrupted run are taken from its journal."""

    def __init__(self, energies: Energies, journal: Path | None, progress: Progress | None) -> None:
        self._energies = energies
        self._journal = journal
        self._progress = progress
        self._kept = _read(journal) if journal is not None and journal.exists() else []
        self.seen: list[tuple[npt.NDArray[np.float64], float]] = []
        self.history: list[float] = []

    def __call__(self, values: npt.NDArray[np.float64]) -> tuple[float, float]:
        """Return energy and standard error."""
        place = len(self.history)
        # Optimizers are deterministic: given the same answers they ask the same questions.
        if place < len(self._kept) and np.array_equal(self._kept[place]["parameters"], values):
            energy, error = self._kept[place]["energy"], self._kept[place]["standard_error"]
        else:
            if place < len(self._kept):
                self._forget(place)
            energy, error = self._energies.at(values)
            self._write(values, energy, error)
        self.history.append(energy)
        self.seen.append((np.array(values), energy))
        if self._progress is not None:
            self._progress(len(self.history), min(self.history))
        return energy, error

    def _forget(self, place: int) -> None:
        """Drop what another version of an optimizer asked for."""
        self._kept = self._kept[:place]
        if self._journal is not None:
            self._journal.write_text("".join(json.dumps(entry) + "\n" for entry in self._kept))

    def _write(self, values: npt.NDArray[np.float64], energy: float, error: float) -> None:
        if self._journal is None:
            return
        entry = {"parameters": [float(v) for v in values], "energy": energy, "standard_error": error}
        with self._journal.open("a") as file:
            file.write(json.dumps(entry) + "\n")


def _read(journal: Path) -> list[dict[str, Any]]:
    entries = []
    whole = ""
    for line in journal.read_text().splitlines(keepends=True):
        # A line without its end was being written when the run was killed.
        if not line.endswith("\n"):
            break
        whole += line
        entries.append(json.loads(line))
    journal.write_text(whole)
    return entries
