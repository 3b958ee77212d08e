# SPDX-License-Identifier: Apache-2.0
"""From programs to jobs of the device: as few as it allows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import qdmikit
from qdmikit import Device, Job, ProgramFormat
from qdmikit.qiskit.options import RunOptions


@dataclass(frozen=True)
class Experiment:
    """One circuit on its way: program `index` of the device's job `job`.

    Attributes
    ----------
    header
        How Qiskit formats its outcomes.
    job, index
        Where its outcomes will be.
    """

    header: dict[str, Any]
    job: Job
    index: int


def submit(
    device: Device,
    programs: Sequence[str | bytes],
    program_format: ProgramFormat,
    options: RunOptions,
    headers: Sequence[dict[str, Any]],
) -> list[Experiment]:
    """Submit programs in as few jobs as the device allows, and say which job holds which.

    How many programs a job may have is learned from refusals, which come before anything is sent.

    Raises
    ------
    qdmikit.Error
        If the device refuses. A submission is never repeated. When there were several jobs and a later one
        was refused, those before it have been cancelled, or the error's notes name the jobs that could not
        be.
    """
    jobs: list[Job] = []
    experiments: list[Experiment] = []
    at_a_time = len(programs)
    while len(experiments) < len(programs):
        start = len(experiments)
        chunk = programs[start : start + at_a_time]
        try:
            job = device.submit(chunk, program_format, options.shots, **options.custom)
        except qdmikit.Error as error:
            fewer = _fewer(error, len(chunk))
            if fewer is None:
                _give_up(jobs, error, f"circuits from {start} on, of {len(programs)}, were refused")
                raise
            at_a_time = fewer
        else:
            jobs.append(job)
            experiments += [
                Experiment(header, job, index)
                for index, header in enumerate(headers[start : start + len(chunk)])
            ]
    return experiments


def _fewer(error: qdmikit.Error, refused: int) -> int | None:
    """Return how many programs to try where so many were too many, None if their number was not at fault."""
    if refused == 1:
        return None
    if error.programs_max is not None and error.programs_max < refused:
        return max(error.programs_max, 1)
    # QDMI's own way of saying so, which leaves open how many would do. Most devices take one, or any number.
    if isinstance(error, qdmikit.NotSupported) and "set_programs" in (error.function or ""):
        return 1
    return None


def _give_up(jobs: Sequence[Job], error: qdmikit.Error, what: str) -> None:
    """Cancel what was submitted already, and note on the error what became of it."""
    if not jobs:
        return
    error.add_note(f"{what}; those before them were cancelled")
    for job in jobs:
        try:
            job.cancel()
        except qdmikit.Error as refusal:
            error.add_note(f"job {job.id} could not be cancelled: {refusal}")
