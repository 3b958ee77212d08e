# SPDX-License-Identifier: Apache-2.0
"""`qdmikit qsci`: a molecule's energy from samples of a quantum computer, or of a simulator."""

from __future__ import annotations

import enum
from pathlib import Path  # noqa: TC003 - Typer reads it
from typing import TYPE_CHECKING, Annotated

import typer

import qdmikit
from qdmikit.cli import output
from qdmikit.cli.opening import JsonOption, device_ids
from qdmikit.cli.reporting import UsageError, reported
from qdmikit.cli.session_options import AuthFileOption, BaseUrlOption, SessionOption, session_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from qdmikit.qsci import QSCIResult
    from qdmikit.slurm import Executor

# One option of Typer is one choice of these; the same names as in qdmikit.qsci, which is slow to import.
_Ansatz = enum.StrEnum("_Ansatz", ["uccsd", "lucj", "hf"])
_Mapper = enum.StrEnum("_Mapper", ["jordan_wigner", "parity"])
_Optimizer = enum.StrEnum("_Optimizer", ["auto", "cobyla", "slsqp", "none"])
_Solver = enum.StrEnum("_Solver", ["auto", "sparse", "product"])


@reported("calculate {molecule}")
def qsci(
    molecule: Annotated[
        str,
        typer.Option(help="H2, LiH, H2O, N2 or N2-stretched; an .xyz file; or a geometry in angstrom."),
    ],
    report: Annotated[
        Path, typer.Option(metavar="DIR", help="Where results, drawings and the stages' files go.")
    ],
    device: Annotated[
        str | None,
        typer.Option("--device", "-d", help="Run on this QDMI device.", autocompletion=device_ids),
    ] = None,
    simulator: Annotated[
        str, typer.Option(help="Without --device: exact, aer, or the id of a QDMI device that simulates.")
    ] = "exact",
    offload: Annotated[
        bool, typer.Option("--offload", help="VQE, sampling and post-processing as Slurm jobs.")
    ] = False,
    partition: Annotated[str | None, typer.Option(help="With --offload: of the jobs.")] = None,
    quantum_partition: Annotated[
        str | None, typer.Option(help="Of those that use --device; else --partition.")
    ] = None,
    qdmi_device: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The site's name of --device, where the plugin is installed."),
    ] = None,
    licenses: Annotated[
        str | None, typer.Option(help="Of the jobs that use --device, such as qpu_aurora:1.")
    ] = None,
    minutes: Annotated[int, typer.Option(min=1, help="With --offload: each job's time limit.")] = 15,
    basis: Annotated[str | None, typer.Option(help="The basis set; the molecule's usual one.")] = None,
    active_space: Annotated[
        str | None, typer.Option(metavar="ELECTRONS,ORBITALS", help="Or 'all'; the molecule's usual one.")
    ] = None,
    ansatz: Annotated[_Ansatz, typer.Option(help="The trial state; lucj has few gates.")] = _Ansatz.uccsd,
    mapper: Annotated[_Mapper, typer.Option(help="parity needs two qubits less.")] = _Mapper.jordan_wigner,
    optimizer: Annotated[
        _Optimizer, typer.Option(help="none keeps the coupled-cluster parameters.")
    ] = _Optimizer.auto,
    maxiter: Annotated[int, typer.Option(min=1, help="Of the optimizer.")] = 80,
    shots: Annotated[int, typer.Option(min=1, help="Of the final circuit.")] = 10_000,
    cutoff: Annotated[int | None, typer.Option(min=1, help="Keep only so many determinants.")] = None,
    recover: Annotated[
        bool, typer.Option("--recover", help="Repair configurations that noise has damaged.")
    ] = False,
    largest: Annotated[
        int | None, typer.Option(min=1, help="With --recover: strings of either spin, at most.")
    ] = None,
    solver: Annotated[_Solver, typer.Option(help="How the subspace is diagonalised.")] = _Solver.auto,
    seed: Annotated[int | None, typer.Option(min=0, help="Makes simulations repeatable.")] = None,
    session: SessionOption = None,
    base_url: BaseUrlOption = None,
    auth_file: AuthFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Calculate a molecule's energy by quantum-selected configuration interaction.

    The same command again goes on with what is in the report's folder: finished stages are not repeated.
    """
    if largest is not None and not recover:
        raise UsageError("--largest belongs to --recover")
    of_devices = {
        "--quantum-partition": quantum_partition, "--qdmi-device": qdmi_device, "--licenses": licenses,
    }  # fmt: skip
    _only_with("--offload", {"--partition": partition, **of_devices}, given=offload)
    _only_with("--device", of_devices, given=device is not None)
    parameters = session_parameters(session, base_url, auth_file)
    space = None if active_space is None else _space(active_space)
    package = _package()
    try:
        known = package.find_molecule(molecule)
    except package.InvalidProblem as error:
        raise UsageError(str(error)) from None
    run = report / "run"
    executors: dict[str, Executor] = {}
    if offload:
        from qdmikit.slurm import SlurmExecutor

        classical = quantum = SlurmExecutor(run / "jobs", partition=partition, minutes=minutes)
        if device is not None:
            quantum = SlurmExecutor(
                run / "jobs",
                partition=quantum_partition or partition,
                qdmi_device=qdmi_device,
                licenses=licenses,
                minutes=minutes,
            )
        executors = {"estimate": quantum, "sample": quantum, "postprocess": classical}
    result: QSCIResult = package.run_qsci(
        known.atom,
        basis or known.basis,
        executors or False,
        False if device is not None else simulator,
        device=device,
        session=parameters,
        active_space=known.active_space if active_space is None else space,
        ansatz=ansatz.value,
        mapper=mapper.value,
        optimizer=optimizer.value,
        maxiter=maxiter,
        shots=shots,
        cutoff=cutoff,
        recovery=package.Recovery(largest=largest) if recover else None,
        solver=solver.value,
        seed=seed,
        directory=run,
        progress=package.TerminalProgress(),
    )
    written = package.write_report(result, report)
    if as_json:
        output.print_json({**result.to_dict(), "findings": result.findings()})
        return
    output.print_result(f"{result.e_qsci:.8f} hartree")
    for finding in result.findings():
        output.print_result(f"* {finding}")
    output.say(f"written: {', '.join(map(str, written))}")


def _only_with(option: str, others: Mapping[str, str | None], *, given: bool) -> None:
    if not given and (alone := [name for name, value in others.items() if value is not None]):
        raise UsageError(f"{', '.join(alone)} {'belongs' if len(alone) == 1 else 'belong'} to {option}")


def _space(text: str) -> tuple[int, int] | None:
    if text == "all":
        return None
    try:
        electrons, orbitals = (int(part) for part in text.split(","))
    except ValueError:
        raise UsageError(
            f"--active-space {text!r} is not understood. Remedy: electrons and orbitals, such as 2,5, or all"
        ) from None
    return electrons, orbitals


def _package() -> ModuleType:
    try:
        from qdmikit import qsci as package
    except ImportError as error:
        raise qdmikit.LibraryNotFound(
            f"{error}. Remedy: pip install 'qdmikit[cli,plot,qsci,sqd]'", kind="MissingExtra"
        ) from error
    return package
