# SPDX-License-Identifier: Apache-2.0
"""`qdmikit slurm`: circuits as jobs of Slurm, and what an operator's site file does."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qdmikit.cli import output, results
from qdmikit.cli.exit_codes import ExitCode
from qdmikit.cli.opening import DeviceOption, JsonOption
from qdmikit.cli.reporting import Interrupted, UsageError, reported
from qdmikit.cli.run import TimeoutOption

if TYPE_CHECKING:
    from qiskit import QuantumCircuit

    from qdmikit.slurm import CircuitJob, Executor, Job

app = typer.Typer(
    help="Circuits as jobs of Slurm, and what a site file does to jobs; docs/slurm-user.md.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_THIS_COMMAND = "import sys; from qdmikit._command import main; sys.exit(main())"
FolderArgument = Annotated[Path, typer.Argument(help="The job's folder, as `run` printed it.")]


@app.command("run")
@reported("run {circuit} in a job")
def run(
    circuit: Annotated[
        Path, typer.Argument(help="OpenQASM 2 or 3 (.qasm), or QPY (.qpy) with one or more circuits.")
    ],
    device: DeviceOption,
    shots: Annotated[int, typer.Option(min=1, help="Of each circuit.")] = 1000,
    folder: Annotated[Path, typer.Option(help="Where jobs keep their files, on shared storage.")] = Path(
        "jobs"
    ),
    local: Annotated[
        bool, typer.Option("--local", help="Processes of this machine instead of Slurm.")
    ] = False,
    partition: Annotated[str | None, typer.Option(help="Of the job.")] = None,
    qdmi_device: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The site's name of the device, where the plugin is installed."),
    ] = None,
    licenses: Annotated[str | None, typer.Option(help="Of the job, such as qpu_aurora:1.")] = None,
    minutes: Annotated[int, typer.Option(min=1, help="The job's time limit.")] = 15,
    elements: Annotated[
        int, typer.Option(min=1, help="Split the circuits into this many elements of an array.")
    ] = 1,
    wait: Annotated[
        bool, typer.Option("--wait/--no-wait", help="Or print the jobs' folders and end.")
    ] = True,
    timeout: TimeoutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Transpile and run circuits in a job, and print the counts. Ctrl-C ends the waiting, not the job."""
    from qdmikit import slurm

    executor: Executor
    if local:
        executor = slurm.LocalExecutor(folder)
    else:
        executor = slurm.SlurmExecutor(
            folder, partition=partition, qdmi_device=qdmi_device, licenses=licenses, minutes=minutes
        )
    job = slurm.run(_circuits(circuit), device, executor=executor, shots=shots, elements=elements)
    folders = [str(one.folder) for one in job.jobs]
    if not wait:
        if as_json:
            output.print_json({"job": job.job_id, "folders": folders, "status": "SUBMITTED"})
        else:
            output.print_result("\n".join(folders))
        return
    output.say(f"submitted as job {job.job_id}")
    try:
        _follow(job, timeout)
    except KeyboardInterrupt:
        raise Interrupted(
            f"interrupted; job {job.job_id} runs on. Its result: qdmikit slurm result {' '.join(folders)}"
        ) from None
    _print_counts(job.job_id, device, job.result(0), as_json=as_json)


@app.command("status")
@reported("look at {folder}")
def status(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """Tell where a job stands."""
    from qdmikit.slurm import attach

    job = attach(folder)
    state = job.state.name
    if as_json:
        output.print_json({"job": job.job_id, "status": state})
    else:
        output.print_result(f"job {job.job_id}: {state.lower()}")


@app.command("result")
@reported("read the result of {folder}")
def result(
    folder: Annotated[list[Path], typer.Argument(help="The jobs' folders, as `run` printed them.")],
    timeout: TimeoutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Wait for the end of jobs and print their counts."""
    from qdmikit.slurm import CircuitJob, attach, files
    from qdmikit.slurm.circuits import read_counts

    jobs: tuple[Job, ...] = tuple(attach(one) for one in folder)
    job = CircuitJob(jobs, read_counts)
    _follow(job, timeout)
    device = files.read_json(folder[0] / files.INPUT / "settings.json")["device"]
    _print_counts(job.job_id, device, job.result(0), as_json=as_json)


@app.command("cancel")
@reported("cancel {folder}")
def cancel(folder: FolderArgument, as_json: JsonOption = False) -> None:
    """Cancel a job; one that has ended stays as it is."""
    from qdmikit.slurm import attach

    attach(folder).cancel()
    status(folder=folder, as_json=as_json)


@app.command("check-config")
@reported("check {file}")
def check_config(
    file: Annotated[Path, typer.Argument(help="The site file.")],
    user: Annotated[
        str | None,
        typer.Option("--as", metavar="USER", help="Whose job; only root can look at files as others."),
    ] = None,
    partition: Annotated[str | None, typer.Option(help="Of the job.")] = None,
    device: Annotated[
        str | None, typer.Option(help="The site's name of the device that the job asks for.")
    ] = None,
    licenses: Annotated[str | None, typer.Option(help="That the job holds, such as a:1,b:2.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Tell what a site file does to a job, by the code that the Slurm plugin runs."""
    from qdmikit.slurm.site_check import check_site

    verdicts = check_site(file, user=user, partition=partition, device=device, licenses=licenses)
    if as_json:
        output.print_json(
            {
                "devices": [
                    {
                        "device": verdict.device,
                        "accepted": verdict.accepted,
                        "reason": verdict.reason,
                        "environment": verdict.environment,
                        "tokens_file_unchecked": verdict.unchecked,
                    }
                    for verdict in verdicts
                ]
            }
        )
    else:
        for verdict in verdicts:
            output.print_result(
                f"{verdict.device}: " + ("accepted" if verdict.accepted else f"rejected: {verdict.reason}")
            )
            for name, value in verdict.environment.items():
                output.print_result(f"  unsets {name}" if value is None else f"  sets   {name}={value}")
            if verdict.unchecked:
                output.print_result(f"  the tokens file was not checked: {verdict.unchecked}")
    if not all(verdict.accepted for verdict in verdicts):
        raise typer.Exit(ExitCode.AUTHENTICATION)


@app.command("probe")
@reported("probe the devices of {file}")
def probe(
    file: Annotated[Path, typer.Argument(help="The site file.")],
    opened: Annotated[
        str, typer.Option("--open", metavar="ID", help="The id of the device library that jobs open.")
    ],
    device: Annotated[str | None, typer.Option(help="One device of the site; all if left out.")] = None,
) -> None:
    """Open a session on each device as a job of yours would, and say what is wrong where it fails.

    No daemon of Slurm does this: a server that is away must not stop jobs. Run it from a timer, for example.
    """
    from qdmikit.slurm.site_check import check_site

    failed = False
    for verdict in check_site(file, device=device):
        output.print_result(f"--- {verdict.device}")
        if not verdict.accepted:
            output.print_result(f"rejected: {verdict.reason}")
            failed = True
            continue
        environment = {name: value for name, value in os.environ.items() if name not in verdict.environment}
        environment |= {name: value for name, value in verdict.environment.items() if value is not None}
        done = subprocess.run(  # noqa: S603 - this program
            [sys.executable, "-c", _THIS_COMMAND, "doctor", opened],
            env=environment, check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        output.print_result(done.stdout.rstrip())
        failed = failed or done.returncode != 0
    if failed:
        raise typer.Exit(ExitCode.FAILED)


def _circuits(file: Path) -> "list[QuantumCircuit]":
    from qdmikit.cli.programs import read_program
    from qdmikit.cli.submitting import CIRCUITS, read_circuits

    program = read_program(file, None)
    if program.format not in CIRCUITS:
        raise UsageError(f"{file} is no circuit that Qiskit reads; jobs take OpenQASM and QPY")
    return list(read_circuits(program, program.format))


def _follow(job: "CircuitJob[Any]", timeout: float | None) -> None:
    """Wait, with a bar of the elements that have ended, on a terminal."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("job {task.description}"),
        BarColumn(),
        TextColumn("{task.fields[states]}"),
        TimeElapsedColumn(),
    )
    deadline = None if timeout is None else time.monotonic() + timeout
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        bar = progress.add_task(job.job_id, total=len(job.jobs), states="")
        for number, one in enumerate(job.jobs):
            left = None if deadline is None else max(0.0, deadline - time.monotonic())
            one.wait(left, watch=lambda state: progress.update(bar, states=state.value))
            progress.update(bar, completed=number + 1)


def _print_counts(job_id: str, device: str, counts: Sequence[dict[str, int]], *, as_json: bool) -> None:
    results.show(results.result_document(job_id, device, counts), counts, None, as_json=as_json)
