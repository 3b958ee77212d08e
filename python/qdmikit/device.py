# SPDX-License-Identifier: Apache-2.0
"""An open device."""

import os
from collections.abc import Sequence
from typing import NoReturn

from qdmikit import _core
from qdmikit._core import ProgramFormat, SessionParameter
from qdmikit.job import Job


class Device(_core.Device):
    """An open device. `qdmikit.open_device` makes them.

    What a device is (names, sites, operations, coupling map, formats, units) is asked for once and kept. What
    changes (status, queue, T1, T2, fidelities, durations, the sites of operations) is asked for at every
    access. The session ends with the last of the device, its sites, its operations and its jobs.
    """

    def __init__(
        self,
        library: str | os.PathLike[str],
        prefix: str,
        parameters: Sequence[tuple[SessionParameter, str]] = (),
        *,
        device_id: str | None = None,
    ) -> None:
        self._id = device_id
        super().__init__(library, prefix, parameters)

    @property
    def id(self) -> str | None:
        """The id under which the device was opened, else the device's own; None if it has neither."""
        return self._id if self._id is not None else super().id

    def submit(
        self,
        programs: str | bytes | Sequence[str | bytes],
        format: ProgramFormat,  # noqa: A002 - QDMI's own word for it
        shots: int | None = None,
        *,
        custom1: str | None = None,
        custom2: str | None = None,
        custom3: str | None = None,
        custom4: str | None = None,
        custom5: str | None = None,
    ) -> Job:
        """Submit one or more programs as one job.

        Parameters
        ----------
        programs
            Text as ``str``, binary formats as ``bytes``; a custom format takes either.
        format
            The format of all of them.
        shots
            How often each is run; None: the device's default.
        custom1, custom2, custom3, custom4, custom5
            Job parameters that the device defines; its documentation tells what they mean.

        Returns
        -------
        Job
            The submitted job.

        Raises
        ------
        TypeError
            If a program is text where the format is binary, or the other way round.
        InvalidArgument
            If there is no program, a text has a NUL inside, or the number of shots is negative.
        NotSupported
            If the device does not take the format, that many programs in one job, or a parameter.
        SubmissionOutcomeUnknown
            If the job may or may not have been received. It was not sent again.
        """
        return Job.submit(
            self, programs, format, shots=shots, custom=(custom1, custom2, custom3, custom4, custom5)
        )

    def submit_calibration(self, configuration: str | bytes, format: ProgramFormat) -> Job:  # noqa: A002
        """Submit a calibration instead of circuits.

        Parameters
        ----------
        configuration
            What to calibrate; the device's documentation tells its form.
        format
            The format that the device takes it in.

        Returns
        -------
        Job
            The submitted job.

        Raises
        ------
        NotSupported
            If the device library cannot do that.
        """
        return Job.submit(self, configuration, format, shots=None, custom=(None,) * 5, calibration=True)

    def retrieve_job(self, job_id: str) -> Job:
        """Return a job that was submitted earlier, maybe by another process.

        Parameters
        ----------
        job_id
            The job's ``id``.

        Returns
        -------
        Job
            The job in its present state.

        Raises
        ------
        NotFound
            If the device does not know the id.
        NotSupported
            If the device library retrieves no jobs.
        """
        return Job.retrieve(self, job_id)

    def __repr__(self) -> str:
        return f"<qdmikit.Device {self._id or self.name!r} from {self.library_path.name}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "an open device cannot be pickled or copied: call qdmikit.open_device() where it is used"
        )
