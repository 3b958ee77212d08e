# SPDX-License-Identifier: Apache-2.0
"""What jobs have measured, as JSON and as tables."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

from qdmikit.cli import output
from qdmikit.cli.reporting import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from io import FileIO
    from pathlib import Path

    from rich.table import Table

    from qdmikit import Job

Counts = dict[str, int]
_BAR = 40


def read_counts(job: Job) -> list[Counts]:
    """Return the counts of each program of a job that has succeeded."""
    return [job.counts(program) for program in range(job.programs_num or 1)]


def result_document(
    job_id: str, device_id: str, counts: Sequence[Counts], **more: object
) -> dict[str, object]:
    """Return results as docs/cli.md describes them."""
    return {
        "job": job_id,
        "device": device_id,
        "status": "DONE",
        **more,
        "results": [{"shots": sum(each.values()), "counts": each} for each in counts],
    }


def open_output(path: Path | None) -> FileIO | None:
    """Open the file that results are to be written to, before a job is submitted that they would be of.

    Raises
    ------
    UsageError
        If it cannot be written.
    """
    if path is None:
        return None
    try:
        # What is in it stays until there is something better. Without a buffer, closing it cannot fail.
        return path.open("ab", buffering=0)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None


def show(
    document: Mapping[str, object], counts: Sequence[Counts], file: FileIO | None, *, as_json: bool
) -> None:
    """Write results to a file, if there is one, and print them.

    Raises
    ------
    UsageError
        If they cannot be written.
    """
    if file is not None:
        try:
            _write(file, json.dumps(document, indent=2) + "\n")
        except OSError as error:
            raise UsageError(
                f"the results of job {document['job']} cannot be written to {file.name}: {error.strerror}"
            ) from None
    if as_json:
        output.print_json(document)
        return
    for number, each in enumerate(counts):
        output.print_result(_table(str(document["job"]), each, number if len(counts) > 1 else None))


def _write(file: FileIO, text: str) -> None:
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.truncate(0)
    left = memoryview(text.encode())
    while left:
        left = left[file.write(left) :]


def _table(job_id: str, counts: Counts, program: int | None) -> Table:
    from rich.table import Table

    total = sum(counts.values())
    which = "" if program is None else f", program {program}"
    table = Table(title=f"job {job_id}{which}: {total} shots")
    table.add_column("outcome", no_wrap=True)
    table.add_column("count", justify="right")
    table.add_column("share", justify="right")
    table.add_column("")
    most = max(counts.values(), default=1)
    for bits, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(bits, str(count), f"{count / total:.1%}", "█" * round(_BAR * count / most))
    return table
