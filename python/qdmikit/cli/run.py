# SPDX-License-Identifier: Apache-2.0
"""`qdmikit run`: a program on a device."""

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import qdmikit
from qdmikit import registry
from qdmikit.cli import output, results
from qdmikit.cli.following import come_back, not_lost
from qdmikit.cli.opening import DeviceOption, JsonOption, open_device, showing
from qdmikit.cli.programs import Program, names, read_program
from qdmikit.cli.reporting import Interrupted, UsageError, reported
from qdmikit.cli.session_options import (
    AuthFileOption,
    BaseUrlOption,
    SessionOption,
    session_arguments,
    session_parameters,
)

if TYPE_CHECKING:
    from qdmikit.cli.submitting import Submitted

TimeoutOption = Annotated[
    float | None,
    typer.Option(min=0.0, metavar="SECONDS", help="How long to wait for the end; for ever if left out."),
]


@reported("run {circuit} on {device}")
def run(
    circuit: Annotated[
        Path, typer.Argument(help="OpenQASM 2 or 3 (.qasm), QPY (.qpy), or the device's own JSON (.json).")
    ],
    device: DeviceOption,
    shots: Annotated[
        int | None, typer.Option(min=1, help="How often to run it; the device's default if left out.")
    ] = None,
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the counts to it, as JSON.")
    ] = None,
    program_format: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="The file's format, if its name does not tell."),
    ] = None,
    transpile: Annotated[
        bool, typer.Option("--transpile", help="Go through Qiskit even if the device takes the format.")
    ] = False,
    optimization: Annotated[
        int, typer.Option(min=0, max=3, help="Qiskit's optimization level, where it is used.")
    ] = 2,
    wait: Annotated[bool, typer.Option("--wait/--no-wait", help="Or print the job's id and end.")] = True,
    timeout: TimeoutOption = None,
    session: SessionOption = None,
    base_url: BaseUrlOption = None,
    auth_file: AuthFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Run a program on a device and print the counts.

    A format that the device takes is passed on as it is. Other circuits are transpiled for the device by
    Qiskit, if it is installed. Ctrl-C ends the waiting, not the job.
    """
    from qdmikit.doctor.library_file import retrieves_jobs

    parameters = session_parameters(session, base_url, auth_file)
    program = read_program(circuit, program_format)
    if not wait and output_file is not None:
        raise UsageError("--output needs the results, which --no-wait does not wait for")
    retrievable = retrieves_jobs(registry.find(device))
    if not wait and not retrievable:
        raise qdmikit.NotSupported(
            f"{device} does not find jobs by their id, so the results would be lost. "
            "Remedy: leave --no-wait out"
        )
    with contextlib.ExitStack() as stack:
        file = results.open_output(output_file)
        if file is not None:
            stack.enter_context(file)
        opened = open_device(device, parameters)
        submitted, native = _submit(
            opened, device, program, shots, through_qiskit=transpile, optimization=optimization
        )
        if not wait:
            if as_json:
                output.print_json({"job": submitted.id, "device": device, "status": "SUBMITTED"})
            else:
                output.print_result(submitted.id)
            return
        again = session_arguments(session, base_url, auth_file)
        with not_lost(come_back(submitted.id, device, again, retrievable=retrievable)):
            output.say(f"submitted as job {submitted.id}")
            counts = submitted.counts(timeout)
            document = results.result_document(submitted.id, device, counts, transpiled=not native)
            results.show(document, counts, file, as_json=as_json)


def _submit(
    opened: qdmikit.Device,
    device_id: str,
    program: Program,
    shots: int | None,
    *,
    through_qiskit: bool,
    optimization: int,
) -> "tuple[Submitted, bool]":
    from qdmikit.cli import submitting

    offered = opened.supported_program_formats
    chosen = program.format_for(offered, device_id)
    if through_qiskit and chosen not in submitting.CIRCUITS:
        raise UsageError(f"--transpile needs a circuit that Qiskit reads, not {chosen.name}")
    native = chosen in offered and not through_qiskit
    if not native and chosen not in submitting.CIRCUITS:
        raise UsageError(
            f"{device_id} does not take {chosen.name.lower()}; it takes {names(offered) or 'no programs'}"
        )
    try:
        with showing(f"submitting {program.path}"):
            if native:
                return submitting.submit_natively(opened, program, chosen, shots), True
            return submitting.submit_through_qiskit(opened, program, chosen, shots, optimization), False
    except KeyboardInterrupt:
        raise Interrupted(
            "interrupted before the job's id was known: it may have been submitted. "
            "Remedy: look for it before submitting again"
        ) from None
