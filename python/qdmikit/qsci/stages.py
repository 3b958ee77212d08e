# SPDX-License-Identifier: Apache-2.0
"""The stages of a run, each a function of folders, so that any process can do any of them.

A stage reads the run's folder, works in ``<stage>.partial`` and renames that to ``<stage>`` when it is done:
a folder with that name is a finished stage, whatever happened to the process.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from qdmikit.qsci import ansatz as ansatz_module
from qdmikit.qsci import estimation, files, postprocessing, sampling
from qdmikit.qsci import problem as problem_module
from qdmikit.qsci.machine import Machine, Measured
from qdmikit.qsci.recovery import BatchSolver, solve_batches
from qdmikit.qsci.result import QSCIResult
from qdmikit.qsci.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

Tell = Callable[[str], None]
"""Called with a few words on how far a stage is."""


class Stage(Protocol):
    """A function that reads a run's folder and writes its own."""

    def __call__(self, run: Path, folder: Path, *, tell: Tell = ...) -> None:
        """Do the stage's work."""
        ...


def _silent(text: str) -> None:
    """Tell nobody."""


def read_settings(run: Path) -> Settings:
    """Read what the run was asked for."""
    return Settings.from_dict(files.read_json(run / "settings.json"))


def problem(run: Path, folder: Path, *, tell: Tell = _silent) -> None:
    """Solve the molecule classically: integrals and references."""
    settings = read_settings(run)
    tell("Hartree-Fock, coupled cluster, exact reference")
    built = problem_module.build_problem(
        settings.atom, settings.basis, settings.active_space, symmetry=settings.symmetry
    )
    files.write_problem(folder, built)


def ansatz(run: Path, folder: Path, *, tell: Tell = _silent) -> None:
    """Make the trial state and the qubit Hamiltonian."""
    settings = read_settings(run)
    tell(settings.ansatz)
    built = ansatz_module.build_ansatz(
        files.read_problem(run / "problem"), settings.ansatz, mapper=settings.mapper
    )
    files.write_ansatz(folder, built)


def estimate(run: Path, folder: Path, *, tell: Tell = _silent) -> None:
    """Optimise the parameters, keeping each evaluation as it ends."""
    settings = read_settings(run)
    found = estimation.estimate(
        files.read_ansatz(run / "ansatz"),
        optimizer=settings.optimizer,
        maxiter=settings.maxiter,
        precision=settings.precision,
        seed=settings.seed,
        journal=folder / "evaluations.jsonl",
        progress=lambda number, lowest: tell(f"{number} evaluations, lowest {lowest:.6f} hartree"),
        **_where(settings.machine),
    )
    files.write_json(folder / "estimate.json", found.to_dict())


def sample(run: Path, folder: Path, *, tell: Tell = _silent) -> None:
    """Sample the circuit with the parameters found."""
    settings = read_settings(run)
    trial = files.read_ansatz(run / "ansatz")
    found = estimation.Estimate.from_dict(files.read_json(run / "estimate" / "estimate.json"))
    circuit = trial.circuit.assign_parameters(list(found.parameters))
    files.write_circuit(folder / "circuit.qpy", circuit)
    tell(f"{settings.shots} shots of {circuit.num_qubits} qubits")
    measured = sampling.sample(circuit, settings.shots, seed=settings.seed, **_where(settings.machine))
    files.write_measured(folder, measured)


def postprocess(
    run: Path, folder: Path, *, tell: Tell = _silent, batch_solver: BatchSolver = solve_batches
) -> None:
    """Select, diagonalise, and do the same with random bits."""
    settings = read_settings(run)
    measured = Measured(**files.read_json(run / "sample" / "counts.json"))
    tell("diagonalising, and the random control")
    result = postprocessing.postprocess(
        measured.counts,
        files.read_problem(run / "problem"),
        mapper=settings.mapper,
        cutoff=settings.cutoff,
        recovery=settings.recovery,
        solver=settings.solver,
        seed=settings.seed,
        batch_solver=batch_solver,
    )
    found = estimation.Estimate.from_dict(files.read_json(run / "estimate" / "estimate.json"))
    whole = replace(
        result,
        settings=settings.to_dict(),
        estimate=found,
        two_qubit_gates=measured.two_qubit_gates,
        depth=measured.depth,
    )
    files.write_json(folder / "result.json", whole.to_dict())


STAGES: dict[str, Stage] = {
    "problem": problem,
    "ansatz": ansatz,
    "estimate": estimate,
    "sample": sample,
    "postprocess": postprocess,
}
"""In the order in which they run."""


def finished(run: Path, name: str) -> bool:
    """Tell whether a stage is done."""
    return (run / name).is_dir()


def execute(run: Path, name: str, *, tell: Tell = _silent, stage: Stage | None = None) -> None:
    """Do one stage, unless it is done.

    Parameters
    ----------
    run
        The run's folder, with all earlier stages done.
    name
        Of the stage.
    tell
        Told how far it is.
    stage
        Does it in place of the one of that name.
    """
    if finished(run, name):
        return
    folder = run / f"{name}.partial"
    folder.mkdir(exist_ok=True)
    begun = time.perf_counter()
    (stage or STAGES[name])(run, folder, tell=tell)
    files.write_json(folder / "stage.json", {"stage": name, "seconds": time.perf_counter() - begun})
    folder.replace(run / name)


def read_result(run: Path) -> QSCIResult:
    """Read the result of a finished run, with the seconds of all stages."""
    result = QSCIResult.from_dict(files.read_json(run / "postprocess" / "result.json"))
    seconds = {name: files.read_json(run / name / "stage.json")["seconds"] for name in STAGES}
    return replace(result, timings={**seconds, **result.timings})


def _where(machine: Machine) -> dict[str, Any]:
    if machine.kind == "qdmi":
        return {"simulator": False, "device": machine.device, "session": machine.session}
    return {"simulator": machine.kind}
