# SPDX-License-Identifier: Apache-2.0
"""An open device."""

import dataclasses
import os
from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn, Self

from qdmikit import _core
from qdmikit._core import ProgramFormat, SessionParameter
from qdmikit.errors import Error
from qdmikit.job import Job
from qdmikit.snapshot import Snapshot


class Device(_core.Device):
    """An open device. `qdmikit.open_device` makes them.

    What a device is (names, sites, operations, coupling map, formats, units) is asked for once and kept. What
    changes (status, queue, T1, T2, fidelities, durations, the sites of operations) is asked for at every
    access. The session ends with the last of the device, its sites, its operations and its jobs.

    A device is a context manager: at the end of the ``with`` block it is closed, as `close` does.
    """

    _id: str | None = None

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

    def close(self) -> None:
        """Let go of the session. Whatever else is done with the device afterwards raises `BadState`.

        Calls that are under way in other threads come to their end. Jobs, sites, operations and children that
        the device gave out stay usable: they keep the session open, and it ends with the last of them.
        Closing again does nothing.
        """
        super().close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def id(self) -> str | None:
        """The id under which the device was opened, else the device's own; None if it has neither."""
        return self._id if self._id is not None else super().id

    def children(self) -> list["Device"]:
        """List the devices that this one manages.

        Each is opened in a session of its own, with this one's session parameters, when the children are
        first asked for. A child keeps the session of its parent open.

        Returns
        -------
        list of Device
            Empty: it manages none.
        """
        return [self._of(handle) for handle in super().children()]

    @classmethod
    def _of(cls, handle: _core.Device) -> Self:
        device = cls.__new__(cls)
        _core.Device.__init__(device, handle)
        return device

    def snapshot(self, marker: int | None = None) -> Snapshot:
        """Read everything that the device tells about itself, its sites and its operations, once.

        What a device is comes from where this object keeps it; what changes is asked for once each. QDMI
        answers one question at a time, so a device whose figures change meanwhile, by a calibration for
        example, may answer the later ones anew. Where the device has a custom property that changes whenever
        its figures do, name it: then a snapshot during which it changed is thrown away and read again, so
        that none mixes two states. Status and queue length are those of the moment in any case.

        Parameters
        ----------
        marker
            The number of that custom property, 1 to 5; None: nothing is checked.

        Returns
        -------
        Snapshot
            Plain values without a session.

        Raises
        ------
        NotSupported
            If the device has no such custom property.
        BadState
            If it changed during each of three attempts.
        """
        taken: Snapshot = super().snapshot(marker)
        return taken if self._id is None else dataclasses.replace(taken, id=self._id)

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

    def _repr_html_(self) -> str:
        """Show identity, status and sites in a notebook; asks the device for what `snapshot` would."""
        from qdmikit import _html

        return _html.of_device(self)

    def __repr__(self) -> str:
        try:
            name = repr(self._id or self.name)
        except Error:  # what has no name to tell still has a library
            name = ""
        words = [
            "<qdmikit.Device",
            name,
            "from",
            f"{self.library_path.name}{', closed' if self.closed else ''}>",
        ]
        return " ".join(word for word in words if word)

    def __reduce__(self) -> NoReturn:
        raise TypeError(
            "an open device cannot be pickled or copied: call qdmikit.open_device() where it is used"
        )
