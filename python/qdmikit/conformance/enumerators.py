# SPDX-License-Identifier: Apache-2.0
"""The numbers of QDMI 1.4's enumerations, as its header `qdmi/constants.h` gives them."""

from __future__ import annotations

from enum import IntEnum

CUSTOM = range(999_999_995, 1_000_000_000)
"""The numbers of CUSTOM1 to CUSTOM5, the same in every enumeration that has them."""

BOGUS = (12_345, 999_999_994, 1_000_000_000)
"""Numbers that no enumeration has."""


class Status(IntEnum):
    """What every function returns."""

    WARN_GENERAL = 1
    SUCCESS = 0
    FATAL = -1
    OUTOFMEM = -2
    NOTIMPLEMENTED = -3
    LIBNOTFOUND = -4
    NOTFOUND = -5
    OUTOFRANGE = -6
    INVALIDARGUMENT = -7
    PERMISSIONDENIED = -8
    NOTSUPPORTED = -9
    BADSTATE = -10
    TIMEOUT = -11


class SessionParameter(IntEnum):
    """Parameters of a session."""

    BASEURL = 0
    TOKEN = 1
    AUTHFILE = 2
    AUTHURL = 3
    USERNAME = 4
    PASSWORD = 5
    CHILDDEVICE = 6
    MAX = 7
    CUSTOM1 = CUSTOM[0]
    CUSTOM2 = CUSTOM[1]
    CUSTOM3 = CUSTOM[2]
    CUSTOM4 = CUSTOM[3]
    CUSTOM5 = CUSTOM[4]


class DeviceProperty(IntEnum):
    """Properties of a device; 8 and 9 are reserved."""

    NAME = 0
    VERSION = 1
    STATUS = 2
    LIBRARYVERSION = 3
    QUBITSNUM = 4
    SITES = 5
    OPERATIONS = 6
    COUPLINGMAP = 7
    LENGTHUNIT = 10
    LENGTHSCALEFACTOR = 11
    DURATIONUNIT = 12
    DURATIONSCALEFACTOR = 13
    MINATOMDISTANCE = 14
    SUPPORTEDPROGRAMFORMATS = 15
    CHILDDEVICES = 16
    QUEUELENGTH = 17
    ID = 18
    MAX = 19


class DeviceStatus(IntEnum):
    """Values of `DeviceProperty.STATUS`."""

    OFFLINE = 0
    IDLE = 1
    BUSY = 2
    ERROR = 3
    MAINTENANCE = 4
    CALIBRATION = 5


class SiteProperty(IntEnum):
    """Properties of a site."""

    INDEX = 0
    T1 = 1
    T2 = 2
    NAME = 3
    ISZONE = 7
    MAX = 13


class OperationProperty(IntEnum):
    """Properties of an operation."""

    NAME = 0
    QUBITSNUM = 1
    PARAMETERSNUM = 2
    DURATION = 3
    FIDELITY = 4
    ISZONED = 8
    SITES = 9
    MAX = 11


class JobParameter(IntEnum):
    """Parameters of a job; 0 and 1 are reserved."""

    SHOTSNUM = 2
    MAX = 3
    CUSTOM1 = CUSTOM[0]
    CUSTOM2 = CUSTOM[1]
    CUSTOM3 = CUSTOM[2]
    CUSTOM4 = CUSTOM[3]
    CUSTOM5 = CUSTOM[4]


class JobProperty(IntEnum):
    """Properties of a job; 2 is reserved."""

    ID = 0
    PROGRAMFORMAT = 1
    SHOTSNUM = 3
    QUEUEPOSITION = 4
    PROGRAMSNUM = 5
    MAX = 6


class JobStatus(IntEnum):
    """Where a job stands."""

    CREATED = 0
    SUBMITTED = 1
    QUEUED = 2
    RUNNING = 3
    DONE = 4
    CANCELED = 5
    FAILED = 6

    @property
    def is_terminal(self) -> bool:
        """Whether the job has ended."""
        return self >= JobStatus.DONE


class ProgramFormat(IntEnum):
    """Formats of programs; 6 and 9 are reserved."""

    QASM2 = 0
    QASM3 = 1
    QIRBASESTRING = 2
    QIRBASEMODULE = 3
    QIRADAPTIVESTRING = 4
    QIRADAPTIVEMODULE = 5
    QPY = 7
    IQMJSON = 8
    MAX = 10
    CUSTOM1 = CUSTOM[0]
    CUSTOM2 = CUSTOM[1]
    CUSTOM3 = CUSTOM[2]
    CUSTOM4 = CUSTOM[3]
    CUSTOM5 = CUSTOM[4]

    @property
    def is_text(self) -> bool:
        """Whether programs are NUL-terminated text, which QDMI leaves open for a device's own formats."""
        return self in {
            ProgramFormat.QASM2,
            ProgramFormat.QASM3,
            ProgramFormat.QIRBASESTRING,
            ProgramFormat.QIRADAPTIVESTRING,
            ProgramFormat.IQMJSON,
        }


class JobResult(IntEnum):
    """Kinds of results."""

    SHOTS = 0
    HIST_KEYS = 1
    HIST_VALUES = 2
    STATEVECTOR_DENSE = 3
    PROBABILITIES_DENSE = 4
    STATEVECTOR_SPARSE_KEYS = 5
    STATEVECTOR_SPARSE_VALUES = 6
    PROBABILITIES_SPARSE_KEYS = 7
    PROBABILITIES_SPARSE_VALUES = 8
    MAX = 9


RESERVED_JOB_PARAMETERS = (0, 1)
RESERVED_JOB_PROPERTIES = (2,)
RESERVED_DEVICE_PROPERTIES = (8, 9)
RESERVED_PROGRAM_FORMATS = (6, 9)
