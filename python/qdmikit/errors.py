# SPDX-License-Identifier: Apache-2.0
"""What goes wrong with a device, as exceptions.

There is one class per error status of QDMI, and one per kind of failure that a program may want to handle by
itself. Each is also the built-in exception that a Python programmer would catch, so ``except TimeoutError``
works without knowing this module.
"""
# The classes are named as QDMI names its statuses, without "Error" at the end.
# ruff: noqa: N818

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar


class Error(RuntimeError):
    """The root of everything that qdmikit raises about devices.

    Attributes
    ----------
    status : str
        The status of QDMI, for example ``"PERMISSIONDENIED"``.
    kind : str
        The device's own name for this sort of failure, or the name of the class.
    message : str
        The reason alone, in the device's own words where it has any.
    function : str or None
        The symbol of the device library that failed.
    library : Path or None
        The device library.
    http_status : int or None
        The status of the server's reply.
    error_code, request_id : str or None
        The server's own.
    server_errors : tuple of mappings
        The errors that the server attached, each with ``error_code``, ``message`` and ``source``.
    programs_max : int or None
        Where a job was refused for its many programs alone, before anything was sent: how many it could have.
    """

    default_status: ClassVar[str] = "FATAL"

    def __init__(
        self,
        what: str,
        *,
        status: str | None = None,
        kind: str | None = None,
        message: str | None = None,
        function: str | None = None,
        library: str | Path | None = None,
        http_status: int | None = None,
        error_code: str | None = None,
        request_id: str | None = None,
        server_errors: Sequence[Mapping[str, str]] = (),
        programs_max: int | None = None,
    ) -> None:
        super().__init__(what)
        self.status = status or self.default_status
        self.kind = kind or type(self).__name__
        self.message = message or what
        self.function = function
        self.library = Path(library) if library is not None else None
        self.http_status = http_status
        self.error_code = error_code
        self.request_id = request_id
        self.server_errors = tuple(server_errors)
        self.programs_max = programs_max


class Fatal(Error):
    """The device failed, in a way that has no status of its own."""


class Unreachable(Fatal, ConnectionError):
    """The other side could not be reached; nothing was sent."""


class ProtocolError(Fatal):
    """The other side, a server or the device library itself, broke the protocol."""


class SubmissionOutcomeUnknown(Fatal):
    """A submission may or may not have been received.

    It was not repeated: look for the job before submitting again.
    """


class OutOfMemory(Error, MemoryError):
    """The device ran out of memory."""

    default_status = "OUTOFMEM"


class NotImplementedByDevice(Error, NotImplementedError):
    """The device does not implement the function."""

    default_status = "NOTIMPLEMENTED"


class LibraryNotFound(Error, FileNotFoundError):
    """A library, or a part of this installation, is not there."""

    default_status = "LIBNOTFOUND"


class LoadError(LibraryNotFound):
    """A device library cannot be loaded, or is not a complete QDMI device library."""


class NotFound(Error, LookupError):
    """The device, or the list of devices, has no such thing."""

    default_status = "NOTFOUND"


class OutOfRange(Error, IndexError):
    """An index is out of range."""

    default_status = "OUTOFRANGE"


class InvalidArgument(Error, ValueError):
    """An argument is invalid."""

    default_status = "INVALIDARGUMENT"


class ManifestError(InvalidArgument):
    """A device manifest is not what it should be."""


class PermissionDenied(Error, PermissionError):
    """The device denies permission, or the credentials are missing or wrong."""

    default_status = "PERMISSIONDENIED"


class NotSupported(Error):
    """The device does not support this."""

    default_status = "NOTSUPPORTED"


class BadState(Error):
    """The present state does not allow this, for example reading the results of a job that failed."""

    default_status = "BADSTATE"


class Timeout(Error, TimeoutError):
    """The time is up."""

    default_status = "TIMEOUT"


class DeviceWarning(UserWarning):
    """A device did what it was asked to and has something to note: it answered ``QDMI_WARN_GENERAL``.

    QDMI has no way to say what; the device's log may. It is issued through the module `warnings`, in the main
    thread and shortly after the call, which has its result whatever becomes of the warning: where a filter
    makes an error of it, that is reported through `sys.unraisablehook`.
    """
