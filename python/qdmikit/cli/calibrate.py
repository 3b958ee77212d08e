# SPDX-License-Identifier: Apache-2.0
"""`qdmikit calibrate`: letting a device calibrate itself."""

from pathlib import Path
from typing import Annotated

import typer

import qdmikit
from qdmikit import JobResult, JobStatus
from qdmikit.cli import output
from qdmikit.cli.following import come_back, follow, not_lost
from qdmikit.cli.opening import DeviceArgument, JsonOption, open_device, showing
from qdmikit.cli.programs import read_program
from qdmikit.cli.reporting import reported
from qdmikit.cli.run import TimeoutOption
from qdmikit.cli.session_options import (
    AuthFileOption,
    BaseUrlOption,
    SessionOption,
    session_arguments,
    session_parameters,
)


@reported("calibrate {device}")
def calibrate(
    device: DeviceArgument,
    configuration: Annotated[
        Path, typer.Argument(metavar="CONFIG", help="What to calibrate, in the form that the device defines.")
    ],
    program_format: Annotated[
        str | None,
        typer.Option("--format", metavar="NAME", help="The format of the file, if the device has several."),
    ] = None,
    timeout: TimeoutOption = None,
    session: SessionOption = None,
    base_url: BaseUrlOption = None,
    auth_file: AuthFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Submit a calibration and wait for its end. Ctrl-C ends the waiting, not the calibration."""
    parameters = session_parameters(session, base_url, auth_file)
    again = session_arguments(session, base_url, auth_file)
    program = read_program(configuration, program_format)
    opened = open_device(device, parameters)
    chosen = program.format_for(opened.supported_program_formats, device)
    with showing(f"submitting {configuration}"):
        job = opened.submit_calibration(program.payload(chosen), chosen)
    with not_lost(come_back(job.id, device, again, "--watch")):
        output.say(f"submitted as job {job.id}")
        status = follow(job, timeout)
    if status is not JobStatus.DONE:
        job.raw_result(JobResult.CUSTOM1)  # fails, and says why
        raise qdmikit.BadState(f"the calibration {job.id} is {status.name}")
    with showing("reading the new calibration"):
        outcome = _outcome(job)
    if as_json:
        output.print_json({"job": job.id, "device": device, "status": status.name, "result": outcome})
        return
    output.print_result(
        f"calibration {job.id} on {device}: done" + (f", result {outcome}" if outcome else "")
    )


def _outcome(job: qdmikit.Job) -> str | None:
    """Return what the device says of a calibration, where it says something."""
    try:
        content = job.raw_result(JobResult.CUSTOM1)
    except qdmikit.NotSupported:
        return None
    return content.rstrip(b"\0").decode(errors="replace")
