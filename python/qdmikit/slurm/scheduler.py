# SPDX-License-Identifier: Apache-2.0
"""What Slurm knows of a job, asked from its commands; with accounting or without."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import NamedTuple

from qdmikit.errors import NotSupported
from qdmikit.slurm.errors import SlurmUnreachable

_SECONDS = 60.0
_COMMANDS = ("sbatch", "scontrol", "scancel")
_NO_SUCH_JOB = ("invalid job id", "already completing or completed")
"""What Slurm's commands say of a job that has ended, or that slurmctld has forgotten; in any letters."""


class SchedulerState(NamedTuple):
    """What Slurm says of a job.

    Parameters
    ----------
    state
        Slurm's word, such as ``PENDING``; None when it has forgotten the job, or never knew it.
    reason
        Why it is in that state, or an empty text.
    exit_code
        Of the job's script and the signal that ended it, such as ``1:0``, or an empty text.
    """

    state: str | None
    reason: str = ""
    exit_code: str = ""


def require_slurm() -> None:
    """Check that jobs can be submitted from this machine.

    Raises
    ------
    NotSupported
        Slurm's commands are not there.
    """
    missing = [command for command in _COMMANDS if shutil.which(command) is None]
    if missing:
        raise NotSupported(
            f"jobs cannot be submitted: there is no {', '.join(missing)} on this machine. "
            "Remedy: run on a login node of a Slurm cluster, or use LocalExecutor"
        )


def asked(job_id: str) -> SchedulerState:
    """Ask slurmctld about a job, and accounting about one that slurmctld has forgotten.

    Raises
    ------
    NotSupported
        Slurm's commands are not there.
    SlurmUnreachable
        They had no answer: nothing is known of the job.
    """
    require_slurm()
    shown = _output("scontrol", "show", "job", "-o", job_id)
    fields = dict(re.findall(r"(?:^|\s)(JobState|Reason|ExitCode)=(\S*)", shown))
    if "JobState" in fields:
        reason = fields.get("Reason", "")
        return SchedulerState(
            fields["JobState"], "" if reason == "None" else reason, fields.get("ExitCode", "")
        )
    # Many clusters keep no accounts; then the job's own files have to tell.
    if shutil.which("sacct"):
        command = ("sacct", "-X", "-n", "-P", "-j", job_id, "-o", "State,ExitCode")
        done = _done(*command)  # it fails where no accounts are kept
        if done.returncode == 0 and (told := done.stdout.strip().splitlines()):
            state, _, exit_code = told[0].partition("|")
            return SchedulerState(state.split(" ")[0], "", exit_code)
    return SchedulerState(None)


def cancel(job_id: str) -> None:
    """Cancel a job that waits or runs; leave others alone.

    Raises
    ------
    NotSupported
        Slurm's commands are not there.
    SlurmUnreachable
        They had no answer, or were refused: the job may go on.
    """
    require_slurm()
    _output("scancel", job_id)


def _output(*command: str) -> str:
    """Return what a command prints; nothing if it knows no such job, for that is an answer as well."""
    done = _done(*command)
    if done.returncode == 0:
        return done.stdout
    if any(words in done.stderr.lower() for words in _NO_SUCH_JOB):
        return ""
    raise SlurmUnreachable(
        f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip()}. "
        "Remedy: see whether slurmctld answers with `scontrol ping`, then ask again"
    )


def _done(*command: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(  # noqa: S603 - Slurm's commands
            command, capture_output=True, text=True, timeout=_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise SlurmUnreachable(
            f"{' '.join(command)} had no answer in {_SECONDS:.0f} s. "
            "Remedy: see whether slurmctld answers with `scontrol ping`, then ask again"
        ) from None
