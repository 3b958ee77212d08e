# SPDX-License-Identifier: Apache-2.0
"""From programs to jobs of the device: one for all of them where the device can, else one for each."""

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
    """Submit programs and say which job holds which.

    Raises
    ------
    qdmikit.Error
        If the device refuses. A submission is never repeated. When programs had to go one by one and a later
        one was refused, those before it have been cancelled, or the error's notes name the jobs that could
        not be.
    """
    try:
        job = device.submit(programs, program_format, options.shots, **options.custom)
    except qdmikit.NotSupported as error:
        # Before anything is sent the device says here whether it takes that many programs at once.
        if len(programs) == 1 or "set_programs" not in (error.function or ""):
            raise
        return _submit_one_by_one(device, programs, program_format, options, headers)
    return [Experiment(header, job, index) for index, header in enumerate(headers)]


def _submit_one_by_one(
    device: Device,
    programs: Sequence[str | bytes],
    program_format: ProgramFormat,
    options: RunOptions,
    headers: Sequence[dict[str, Any]],
) -> list[Experiment]:
    experiments: list[Experiment] = []
    try:
        for program, header in zip(programs, headers, strict=True):
            job = device.submit([program], program_format, options.shots, **options.custom)
            experiments.append(Experiment(header, job, 0))
    except qdmikit.Error as error:
        error.add_note(
            f"circuit {len(experiments)} of {len(programs)} was refused; those before it were cancelled"
        )
        for experiment in experiments:
            try:
                experiment.job.cancel()
            except qdmikit.Error as refusal:
                error.add_note(f"job {experiment.job.id} could not be cancelled: {refusal}")
        raise
    return experiments
