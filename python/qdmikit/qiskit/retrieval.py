# SPDX-License-Identifier: Apache-2.0
"""From jobs that were submitted earlier back to circuits."""

from collections.abc import Sequence
from typing import Any

from qdmikit import Job
from qdmikit.qiskit.errors import QDMIJobError
from qdmikit.qiskit.submission import Experiment


def retrieved_experiments(jobs: Sequence[Job], headers: Sequence[dict[str, Any]] | None) -> list[Experiment]:
    """Say which program of which job belongs to which circuit.

    Parameters
    ----------
    jobs
        The device's jobs, in the order in which the circuits were submitted.
    headers
        One per circuit; None where the circuits are not known.

    Raises
    ------
    QDMIJobError
        If there are more or fewer headers than programs.
    """
    # A device that does not tell ran one program.
    places = [(job, index) for job in jobs for index in range(job.programs_num or 1)]
    if headers is None:
        headers = [_unknown(job, index) for job, index in places]
    if len(headers) != len(places):
        raise QDMIJobError(
            f"job {','.join(job.id for job in jobs)} has {len(places)} circuit(s), "
            f"but {len(headers)} were given"
        )
    return [Experiment(header, *place) for header, place in zip(headers, places, strict=True)]


def _unknown(job: Job, index: int) -> dict[str, Any]:
    """Return a header that says nothing of registers, and leaves the number of bits to the outcomes."""
    return {
        "name": f"{job.id}[{index}]",
        "memory_slots": None,
        "creg_sizes": [],
        "qreg_sizes": [],
        "metadata": {},
    }
