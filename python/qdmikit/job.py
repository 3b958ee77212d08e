# SPDX-License-Identifier: Apache-2.0
"""A job on a device."""

import contextlib
import operator
from collections.abc import Callable, Generator, Iterable, Sequence
from typing import Any, NamedTuple, NoReturn, Self

from qdmikit import _core
from qdmikit._core import JobResult, JobStatus, ProgramEncoding, ProgramFormat
from qdmikit._polling import is_over, poller_of
from qdmikit.errors import BadState, InvalidArgument
from qdmikit.result import Result


class JobUpdate(NamedTuple):
    """What is new about a job, for the callbacks of `Job.on_update`."""

    job: "Job"
    status: JobStatus
    queue_position: int | None


def _encoded(program: object, format: ProgramFormat) -> bytes:  # noqa: A002 - QDMI's own word for it
    encoding = _core.encoding(format)
    if isinstance(program, str) and encoding is ProgramEncoding.TEXT:
        return program.encode()
    if isinstance(program, str) and encoding is ProgramEncoding.DEVICE_DEFINED:
        return program.encode() + b"\0"
    if isinstance(program, bytes) and encoding is not ProgramEncoding.TEXT:
        return program
    wanted = {ProgramEncoding.TEXT: "str", ProgramEncoding.BINARY: "bytes"}.get(encoding, "str or bytes")
    raise TypeError(f"a program in {format.name} format must be {wanted}, not {type(program).__name__}")


def _checked_shots(shots: int | None) -> int | None:
    if shots is None:
        return None
    number = operator.index(shots)
    if number < 0:
        raise InvalidArgument(f"the number of shots must not be negative, but it is {number}")
    return number


class Job(_core.Job):
    """A submitted job. `Device.submit` and `Device.retrieve_job` make them.

    A job keeps its session open. Dropping it leaves the job on the device alone. ``await job`` waits for its
    end without blocking the event loop and gives its `Result`, as `result` does.
    """

    _device: _core.Device

    @classmethod
    def submit(
        cls,
        device: _core.Device,
        programs: str | bytes | Iterable[str | bytes],
        format: ProgramFormat,  # noqa: A002 - QDMI's own word for it
        *,
        shots: int | None,
        custom: Sequence[str | None],
        calibration: bool = False,
    ) -> Self:
        """Submit programs. See `Device.submit`."""
        listed = [programs] if isinstance(programs, str | bytes) else programs
        encoded = [_encoded(program, format) for program in listed]
        job = cls(device, format, encoded, _checked_shots(shots), custom, calibration)
        job._device = device
        return job

    @classmethod
    def retrieve(cls, device: _core.Device, job_id: str) -> Self:
        """Return a job that was submitted earlier. See `Device.retrieve_job`."""
        job = cls(device, job_id)
        job._device = device
        return job

    def result(self, timeout: float | None = None) -> Result:
        """Wait until the job has come to its end, and return its results.

        Parameters
        ----------
        timeout
            The longest time to wait, in seconds; None: no limit.

        Returns
        -------
        Result
            They are read from the device when they are asked for.

        Raises
        ------
        Timeout
            If the time is up. The job runs on.
        BadState
            If the job has failed, with the server's own errors, or was cancelled.
        """
        return self._succeeded(self.wait(timeout))

    def __await__(self) -> Generator[Any, None, Result]:
        """Wait for the end of the job without blocking the event loop; give its `Result`."""
        return self._result().__await__()

    async def _result(self) -> Result:
        # Imported here, because most programs do without and it takes as long as all of qdmikit.
        import asyncio

        loop = asyncio.get_running_loop()
        ended: asyncio.Future[JobStatus] = loop.create_future()

        def settle(answer: JobStatus | BaseException) -> None:
            if ended.done():
                return
            if isinstance(answer, BaseException):
                ended.set_exception(answer)
            else:
                ended.set_result(answer)

        def heard(answer: JobStatus | BaseException) -> bool:
            if ended.cancelled() or loop.is_closed():
                return False
            if is_over(answer):
                # A loop that was closed just now has nobody left who waits.
                with contextlib.suppress(RuntimeError):
                    loop.call_soon_threadsafe(settle, answer)
                return False
            return True

        following = poller_of(self._device).follow(self, heard)
        try:
            return self._succeeded(await ended)
        finally:
            following.stop()

    def on_update(self, callback: Callable[[JobUpdate], object]) -> None:
        """Let a function be called now and whenever the job's status or place in the queue has changed.

        It is called from a thread of qdmikit's, and must return soon; for the jobs of a session there is one
        call at a time. The last one brings a terminal status. When the device cannot be asked any more, there
        are no more calls.

        Parameters
        ----------
        callback
            Takes what is new. What it raises is reported to `sys.excepthook`, and ends the calls.
        """
        poller = poller_of(self._device)
        last: list[tuple[JobStatus, int | None]] = []

        def heard(answer: JobStatus | BaseException) -> bool:
            if isinstance(answer, BaseException):
                return False
            news = (answer, self.queue_position if answer is JobStatus.QUEUED else None)
            if last != [news]:
                last[:] = [news]
                with poller.calling:
                    callback(JobUpdate(self, *news))
            return not is_over(answer)

        poller.follow(self, heard)

    @property
    def progress(self) -> tuple[int, int] | None:
        """How many programs of the job are finished, and how many there are; None if that is not known."""
        number = self.programs_num
        if number is None:
            return None
        try:
            statuses = [self.program_status(program) for program in range(number)]
        except BadState:
            return (0, number) if number == 1 else None
        if None in statuses:
            return None
        return sum(status is not None and _core.is_terminal(status) for status in statuses), number

    def _succeeded(self, status: JobStatus) -> Result:
        if status is not JobStatus.DONE:
            self.raw_result(JobResult.HIST_KEYS)  # fails, and says why
            raise BadState(f"the job {self.id} is {status.name} and has no results")
        return Result(self)

    def _repr_html_(self) -> str:
        """Show where the job stands in a notebook; asks the device."""
        from qdmikit import _html

        return _html.of_job(self)

    def __repr__(self) -> str:
        return f"<qdmikit.Job {self.id}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a job cannot be pickled or copied: pass its id on, and call Device.retrieve_job(id)")
