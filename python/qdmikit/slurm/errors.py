# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with jobs that run elsewhere."""
# Named as in `qdmikit.errors`, without "Error" at the end.
# ruff: noqa: N818

from qdmikit.errors import BadState, Error, PermissionDenied


class JobFailed(Error):
    """A job ended without its outcome. The text has its id, its state and the end of its log."""


class JobCancelled(BadState):
    """A job was cancelled before it ended."""


class SlurmUnreachable(Error):
    """Slurm's commands did not answer. Nothing is known of the job, which may well run on."""


class SubmissionRejected(PermissionDenied):
    """Slurm, or a plugin of it, did not accept a job. The text is what it said."""
