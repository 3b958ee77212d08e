# SPDX-License-Identifier: Apache-2.0
"""`qdmikit job`: coming back to a job."""

import contextlib
from pathlib import Path
from typing import Annotated

import typer

from qdmikit import Job, JobStatus
from qdmikit.cli import output, results
from qdmikit.cli.exit_codes import ExitCode
from qdmikit.cli.following import come_back, follow, not_lost
from qdmikit.cli.opening import DeviceOption, JsonOption, open_device
from qdmikit.cli.reporting import UsageError, reported
from qdmikit.cli.run import TimeoutOption
from qdmikit.cli.session_options import (
    AuthFileOption,
    BaseUrlOption,
    SessionOption,
    session_arguments,
    session_parameters,
)


@reported("come back to job {job_id} on {device}")
def job(
    job_id: Annotated[str, typer.Argument(metavar="ID", help="The job's id, as `qdmikit run` tells it.")],
    device: DeviceOption,
    watch: Annotated[bool, typer.Option("--watch", help="Wait for its end.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Cancel it.")] = False,
    result: Annotated[bool, typer.Option("--result", help="Wait for its end and print its counts.")] = False,
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the counts to it, as JSON.")
    ] = None,
    timeout: TimeoutOption = None,
    session: SessionOption = None,
    base_url: BaseUrlOption = None,
    auth_file: AuthFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell where a job stands, wait for it, cancel it, or print its results."""
    if watch + cancel + result > 1:
        raise UsageError("--watch, --cancel and --result exclude each other")
    if output_file is not None and not result:
        raise UsageError("--output needs --result")
    parameters = session_parameters(session, base_url, auth_file)
    again = session_arguments(session, base_url, auth_file)
    with contextlib.ExitStack() as stack:
        file = results.open_output(output_file)
        if file is not None:
            stack.enter_context(file)
        found = open_device(device, parameters).retrieve_job(job_id)
        if result:
            with not_lost(come_back(job_id, device, again)):
                follow(found, timeout)
            counts = results.read_counts(found)
            results.show(results.result_document(job_id, device, counts), counts, file, as_json=as_json)
            return
        if cancel:
            found.cancel()
        if watch:
            with not_lost(come_back(job_id, device, again, "--watch")):
                follow(found, timeout)
        _print(found, device, as_json=as_json)
        if watch and found.status is not JobStatus.DONE:
            raise typer.Exit(ExitCode.FAILED)


def _print(found: Job, device: str, *, as_json: bool) -> None:
    from qdmikit.cli.documents import job_document

    document = job_document(found, device)
    if as_json:
        output.print_json(document)
        return
    text = f"job {document['job']} on {device}: {str(document['status']).lower()}"
    for key, word in (("queue_position", "ahead of it"), ("programs", "programs"), ("shots", "shots")):
        if document[key] is not None:
            text += f", {document[key]} {word}"
    output.print_result(text)
