# SPDX-License-Identifier: Apache-2.0
"""The results of a job."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from qdmikit.errors import Error
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
        self._state_vectors: dict[int, npt.NDArray[np.complex128]] = {}
        self._probabilities: dict[int, npt.NDArray[np.float64]] = {}

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

    def state_vector(self, program: int = 0) -> npt.NDArray[np.complex128]:
        """Return the state in which a program left the qubits. Simulators have it, some only without shots.

        Parameters
        ----------
        program
            The position of the program in the job.

        Returns
        -------
        ndarray of complex128
            Shape ``(2**n,)``, read-only. Bit ``i`` of the index is the value of qubit ``i``.

        Raises
        ------
        OutOfRange
            If the job has no such program.
        NotSupported
            If the device hands out no such result, at least not for this job.
        """
        if program not in self._state_vectors:
            self._state_vectors[program] = self._job.state_vector(program)
        return self._state_vectors[program]

    def sparse_state_vector(self, program: int = 0) -> dict[str, complex]:
        """Return the amplitudes of that state that are not zero. They are not kept.

        Parameters
        ----------
        program
            The position of the program in the job.

        Returns
        -------
        dict of str to complex
            In ascending order of the bitstrings; the leftmost character is the highest qubit.

        Raises
        ------
        OutOfRange
            If the job has no such program.
        NotSupported
            If the device hands out no such result, at least not for this job.
        """
        return self._job.sparse_state_vector(program)

    def probabilities(self, program: int = 0) -> npt.NDArray[np.float64]:
        """Return the probability of each outcome as the device calculates it; `counts` is what was measured.

        Parameters
        ----------
        program
            The position of the program in the job.

        Returns
        -------
        ndarray of float64
            Shape ``(2**n,)``, read-only. Bit ``i`` of the index is the value of qubit ``i``.

        Raises
        ------
        OutOfRange
            If the job has no such program.
        NotSupported
            If the device hands out no such result, at least not for this job.
        """
        if program not in self._probabilities:
            self._probabilities[program] = self._job.probabilities(program)
        return self._probabilities[program]

    def sparse_probabilities(self, program: int = 0) -> dict[str, float]:
        """Return those probabilities that are not zero. They are not kept.

        Parameters
        ----------
        program
            The position of the program in the job.

        Returns
        -------
        dict of str to float
            In ascending order of the bitstrings; the leftmost character is the highest qubit.

        Raises
        ------
        OutOfRange
            If the job has no such program.
        NotSupported
            If the device hands out no such result, at least not for this job.
        """
        return self._job.sparse_probabilities(program)

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

    def _repr_html_(self) -> str:
        """Show the counts of each program in a notebook; reads them as `counts` does."""
        from qdmikit import _html

        return _html.of_result(self)

    def __repr__(self) -> str:
        try:
            return f"<qdmikit.Result of job {self.job_id}>"
        except Error:  # the device does not tell the id
            return "<qdmikit.Result>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a result cannot be pickled: pass on what counts() or shots().packed return")
