# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between a Qiskit circuit and a QDMI device.

Errors of the device itself are `qdmikit.Error` and pass through unchanged where they carry the whole story.
"""

from qiskit.exceptions import QiskitError
from qiskit.providers import JobError, JobTimeoutError


class _PlainTextError(QiskitError):  # type: ignore[misc] # Qiskit ships no types
    """A QiskitError whose text is the message itself, where Qiskit shows its `repr`."""

    def __str__(self) -> str:
        return str(self.message)


class CircuitValidationError(_PlainTextError, ValueError):
    """A circuit that the device cannot run; raised before anything is sent."""


class BackendNotFoundError(_PlainTextError, LookupError):
    """No configured device has that name."""


class OptionError(_PlainTextError, ValueError):
    """A run option with an unknown name or an unusable value."""


class MitigationNotInstalledError(_PlainTextError, ImportError):
    """Readout errors shall be mitigated, and the package that does it is not installed."""


class SerializerError(_PlainTextError, ValueError):
    """No serializer for the device's program formats, or one that broke its contract."""


class UnsupportedDeviceError(_PlainTextError, ValueError):
    """A device whose metadata a Qiskit Target cannot express."""


class QDMIJobError(_PlainTextError, JobError):  # type: ignore[misc]
    """A job that failed, was cancelled, or returned results that do not fit its circuits."""


class QDMIJobTimeoutError(_PlainTextError, JobTimeoutError, TimeoutError):  # type: ignore[misc]
    """A job that was not over when the time allowed to wait for it was."""
