# SPDX-License-Identifier: Apache-2.0
"""Any QDMI device library, from Python.

Open a device, ask what it is, run programs on it::

    import qdmikit

    device = qdmikit.open_device("mqt.ddsim.default")
    job = device.submit(program, qdmikit.ProgramFormat.QASM3, shots=1000)
    job.wait(timeout=30)
    print(job.counts())

The package knows no vendor. Device libraries come with packages of their own, or are opened by
path and prefix.
"""

from qdmikit._core import (
    DeviceStatus,
    JobResult,
    JobStatus,
    Operation,
    ProgramEncoding,
    ProgramFormat,
    Site,
    encoding,
    is_terminal,
)
from qdmikit._core import version as __version__
from qdmikit._paths import cmake_dir, include_dir, library_path
from qdmikit.completion import as_completed
from qdmikit.device import Device
from qdmikit.errors import (
    BadState,
    DeviceWarning,
    Error,
    Fatal,
    InvalidArgument,
    LibraryNotFound,
    LoadError,
    ManifestError,
    NotFound,
    NotImplementedByDevice,
    NotSupported,
    OutOfMemory,
    OutOfRange,
    PermissionDenied,
    ProtocolError,
    SubmissionOutcomeUnknown,
    Timeout,
    Unreachable,
)
from qdmikit.job import Job, JobUpdate
from qdmikit.opening import open_device
from qdmikit.registry import DeviceEntry, devices
from qdmikit.result import Result
from qdmikit.shots import Shots
from qdmikit.snapshot import Locus, OperationSnapshot, SiteSnapshot, Snapshot

__all__ = [
    "BadState",
    "Device",
    "DeviceEntry",
    "DeviceStatus",
    "DeviceWarning",
    "Error",
    "Fatal",
    "InvalidArgument",
    "Job",
    "JobResult",
    "JobStatus",
    "JobUpdate",
    "LibraryNotFound",
    "LoadError",
    "Locus",
    "ManifestError",
    "NotFound",
    "NotImplementedByDevice",
    "NotSupported",
    "Operation",
    "OperationSnapshot",
    "OutOfMemory",
    "OutOfRange",
    "PermissionDenied",
    "ProgramEncoding",
    "ProgramFormat",
    "ProtocolError",
    "Result",
    "Shots",
    "Site",
    "SiteSnapshot",
    "Snapshot",
    "SubmissionOutcomeUnknown",
    "Timeout",
    "Unreachable",
    "__version__",
    "as_completed",
    "cmake_dir",
    "devices",
    "encoding",
    "include_dir",
    "is_terminal",
    "library_path",
    "open_device",
]
