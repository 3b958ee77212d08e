# SPDX-License-Identifier: Apache-2.0
"""A job on a device."""

import operator
from collections.abc import Iterable, Sequence
from typing import NoReturn, Self

from qdmikit import _core
from qdmikit._core import ProgramEncoding, ProgramFormat
from qdmikit.errors import InvalidArgument


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

    A job keeps its session open. Dropping it leaves the job on the device alone.
    """

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
        return cls(device, format, encoded, _checked_shots(shots), custom, calibration)

    @classmethod
    def retrieve(cls, device: _core.Device, job_id: str) -> Self:
        """Return a job that was submitted earlier. See `Device.retrieve_job`."""
        return cls(device, job_id)

    def __repr__(self) -> str:
        return f"<qdmikit.Job {self.id}>"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a job cannot be pickled or copied: pass its id on, and call Device.retrieve_job(id)")
