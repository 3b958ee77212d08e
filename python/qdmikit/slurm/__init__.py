# SPDX-License-Identifier: Apache-2.0
"""Circuits, and other functions, as jobs of Slurm or as processes of this machine, by the same calls.

Needs Qiskit and submitit: ``pip install "qdmikit[slurm]"``. docs/slurm-user.md tells how to use it::

    from qdmikit import slurm

    executor = slurm.SlurmExecutor("jobs", partition="quantum", qdmi_device="aurora")
    job = slurm.run(circuits, "mqt.ddsim.default", shots=1000, executor=executor)
    print(job.job_id, job.result(timeout=600))

What a job reads and writes are QPY, JSON and npz files in a folder of its own that only its owner can enter.
"""

from qdmikit.slurm.circuits import CircuitJob, estimate, run, sample
from qdmikit.slurm.errors import JobCancelled, JobFailed, SlurmUnreachable, SubmissionRejected
from qdmikit.slurm.executors import Executor, LocalExecutor, SlurmExecutor
from qdmikit.slurm.job import Job, JobState, attach

__all__ = [
    "CircuitJob",
    "Executor",
    "Job",
    "JobCancelled",
    "JobFailed",
    "JobState",
    "LocalExecutor",
    "SlurmExecutor",
    "SlurmUnreachable",
    "SubmissionRejected",
    "attach",
    "estimate",
    "run",
    "sample",
]
