# SPDX-License-Identifier: Apache-2.0
"""The two ways in which a program reaches a device: as it is, or through Qiskit."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Protocol

import qdmikit
from qdmikit import ProgramFormat
from qdmikit.cli.following import follow, shown
from qdmikit.cli.results import read_counts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qiskit.circuit import QuantumCircuit

    from qdmikit import Device, Job
    from qdmikit.cli.programs import Program
    from qdmikit.cli.results import Counts
    from qdmikit.qiskit import QDMIJob

CIRCUITS = frozenset({ProgramFormat.QASM2, ProgramFormat.QASM3, ProgramFormat.QPY})
"""The formats that Qiskit reads."""


class Submitted(Protocol):
    """Programs that a device has taken."""

    @property
    def id(self) -> str:
        """The job's id."""
        ...

    def counts(self, timeout: float | None) -> list[Counts]:
        """Wait for the job and return the counts of each program; see `follow`."""
        ...


class NativeJob:
    """A program that the device has taken as it is.

    Parameters
    ----------
    job
        The job.
    """

    def __init__(self, job: Job) -> None:
        self._job = job

    @property
    def id(self) -> str:
        """The job's id."""
        return self._job.id

    def counts(self, timeout: float | None) -> list[Counts]:
        """Wait for the job and return the counts of each program; see `follow`.

        Raises
        ------
        BadState
            If the job has failed or was cancelled.
        """
        follow(self._job, timeout)
        return read_counts(self._job)


class CircuitJob:
    """Circuits that went through Qiskit.

    Parameters
    ----------
    job
        The job.
    circuits
        How many there are.
    """

    def __init__(self, job: QDMIJob, circuits: int) -> None:
        self._job = job
        self._circuits = circuits

    @property
    def id(self) -> str:
        """The job's id; those of several jobs with commas between them."""
        return str(self._job.job_id())

    def counts(self, timeout: float | None) -> list[Counts]:
        """Wait for the job and return the counts of each circuit; see `follow`.

        Raises
        ------
        BadState
            If the job has failed or was cancelled.
        """
        from qdmikit.qiskit import QDMIJobError, QDMIJobTimeoutError

        with shown(self.id) as tell:
            try:
                # Without a callback it waits in one piece.
                callback = None if tell is None else lambda _id, status, _job: tell(status.name.lower())
                self._job.wait_for_final_state(timeout, wait=1.0, callback=callback)
            except QDMIJobTimeoutError as error:
                raise qdmikit.Timeout(str(error)) from None
        try:
            result = self._job.result()
        except QDMIJobError as error:
            raise qdmikit.BadState(str(error), kind="JobFailed") from None
        if not result.success:
            failed = "; ".join(
                f"circuit {i}: {each.status}" for i, each in enumerate(result.results) if not each.success
            )
            raise qdmikit.BadState(f"job {self.id}: {failed}", kind="JobFailed")
        # Qiskit sets registers apart by spaces; here a key is one string, as for programs in other formats.
        return [
            {bits.replace(" ", ""): count for bits, count in result.get_counts(i).items()}
            for i in range(self._circuits)
        ]


def submit_natively(
    device: Device, program: Program, program_format: ProgramFormat, shots: int | None
) -> NativeJob:
    """Submit a program as it is."""
    return NativeJob(device.submit(program.payload(program_format), program_format, shots))


def submit_through_qiskit(
    device: Device, program: Program, program_format: ProgramFormat, shots: int | None, optimization: int
) -> CircuitJob:
    """Transpile a program for a device and submit it in a format that the device takes.

    Parameters
    ----------
    device
        The device.
    program
        The program, in a format of `CIRCUITS`.
    program_format
        Which.
    shots
        How often it is run; None: Qiskit's default for this backend.
    optimization
        Qiskit's optimization level, 0 to 3.

    Returns
    -------
    CircuitJob
        What was submitted.

    Raises
    ------
    LibraryNotFound
        If Qiskit, or its reader of OpenQASM 3, is not installed.
    InvalidArgument
        If the program is no circuit, or none that the device can run.
    """
    try:
        from qdmikit.qiskit import QDMIBackend
    except ImportError as error:
        if error.name != "qiskit":
            raise
        offered = ", ".join(each.name for each in device.supported_program_formats)
        raise qdmikit.LibraryNotFound(
            f"{program.path} is {program_format.name}, which the device does not take (it takes {offered}), "
            'and Qiskit, which could translate it, is not installed. Remedy: pip install "qdmikit[qiskit]"',
            kind="MissingExtra",
        ) from None
    from qiskit import transpile
    from qiskit.exceptions import QiskitError

    circuits = read_circuits(program, program_format)
    try:
        backend = QDMIBackend(device)
        fitting = transpile(circuits, backend, optimization_level=optimization)
        return CircuitJob(backend.run(fitting, shots=shots), len(circuits))
    except QiskitError as error:
        raise qdmikit.InvalidArgument(
            f"{program.path} cannot be run on {device.name}: {error}", kind="UnfitCircuit"
        ) from None


def read_circuits(program: Program, program_format: ProgramFormat) -> Sequence[QuantumCircuit]:
    """Read the circuits of a program.

    Raises
    ------
    LibraryNotFound
        If Qiskit needs another package for the format.
    InvalidArgument
        If Qiskit cannot read the program.
    """
    from qiskit import qasm2, qasm3, qpy
    from qiskit.exceptions import MissingOptionalLibraryError, QiskitError

    try:
        if program_format is ProgramFormat.QPY:
            found: Sequence[QuantumCircuit] = qpy.load(io.BytesIO(program.content))
            return found
        text = program.text()
        if program_format is ProgramFormat.QASM2:
            return [qasm2.loads(text, include_path=(program.path.parent,))]
        return [qasm3.loads(text)]
    except MissingOptionalLibraryError:
        raise qdmikit.LibraryNotFound(
            f"{program.path} is OpenQASM 3, which Qiskit reads with the help of another package. "
            "Remedy: pip install qiskit-qasm3-import",
            kind="MissingExtra",
        ) from None
    except QiskitError as error:
        raise qdmikit.InvalidArgument(
            f"{program.path} is no {program_format.name} program that Qiskit can read: {error}",
            kind="InvalidProgram",
        ) from None
