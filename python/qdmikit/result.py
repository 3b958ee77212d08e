# SPDX-License-Identifier: Apache-2.0
"""The results of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from qdmikit.shots import Shots

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from qdmikit._core import JobResult
    from qdmikit.job import Job


class Result:
    """What a job that has succeeded has measured. `Job.result` gives it.

    Everything is read from the device when it is first asked for, and kept.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._shots: dict[int, Shots] = {}
        self._counts: dict[int, dict[str, int]] = {}

    @property
    def job_id(self) -> str:
        """The id of the job."""
        return self._job.id

    def counts(self, program: int = 0) -> dict[str, int]:
        """Return how often each bitstring was measured.

        Parameters
        ----------
        program
            The position of the program in the job.

        Returns
        -------
        dict of str to int
            The leftmost character of a key is the highest classical bit.

        Raises
        ------
        OutOfRange
            If the job has no such program.
        """
        if program not in self._counts:
            self._counts[program] = self._job.counts(program)
        return dict(self._counts[program])

    def packed_counts(self, program: int = 0) -> tuple[Shots, npt.NDArray[np.uint64]]:
        """Return the same as `counts` in two arrays, without a Python object for each bitstring.

        They are read from the device at every call, and not kept.

        Parameters
        ----------
        program
            The position of the program in the job.

        Returns
        -------
        Shots
            The bitstrings that were measured, each once, in the device's order.
        ndarray of uint64
            How often each was measured, shape ``(len(bitstrings),)``.

        Raises
        ------
        OutOfRange
            If the job has no such program.
        """
        packed, num_bits, numbers = self._job.packed_counts(program)
        return Shots(packed, num_bits), numbers

    def shots(self, program: int = 0) -> Shots:
        """Return the single shots.

        Parameters
        ----------
        program
            The position of the program in the job.

        Returns
        -------
        Shots
            In the order in which they were taken.

        Raises
        ------
        OutOfRange
            If the job has no such program.
        NotSupported
            If the device has histograms only.
        """
        if program not in self._shots:
            self._shots[program] = Shots(*self._job.packed_shots(program))
        return self._shots[program]

    def raw(self, kind: JobResult, program: int = 0) -> bytes:
        """Return the bytes of a result as the device hands them out. They are not kept.

        Parameters
        ----------
        kind
            Which result.
        program
            The position of the program in the job.

        Returns
        -------
        bytes
            As QDMI defines them for that kind.
        """
        return self._job.raw_result(kind, program)

    def __repr__(self) -> str:
        return f"<qdmikit.Result of job {self.job_id}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a result cannot be pickled: pass on what counts() or shots().packed return")
