# SPDX-License-Identifier: Apache-2.0
"""Run Qiskit circuits on any QDMI device.

>>> import qdmikit
>>> from qdmikit.qiskit import QDMIBackend
>>> backend = QDMIBackend(qdmikit.open_device("my.device"))  # doctest: +SKIP
>>> backend.run(transpile(circuit, backend), shots=1000).result().get_counts()  # doctest: +SKIP
"""

try:
    import qiskit as _qiskit  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "qiskit":
        raise
    raise ImportError('qdmikit.qiskit needs Qiskit: pip install "qdmikit[qiskit]"', name="qiskit") from None

from qdmikit.qiskit.backend import QDMIBackend
from qdmikit.qiskit.errors import (
    BackendNotFoundError,
    CircuitValidationError,
    MitigationNotInstalledError,
    OptionError,
    QDMIJobError,
    QDMIJobTimeoutError,
    SerializerError,
    UnsupportedDeviceError,
)
from qdmikit.qiskit.job import QDMIJob
from qdmikit.qiskit.programs import register_program_serializer, unregister_program_serializer
from qdmikit.qiskit.provider import QDMIProvider

__all__ = [
    "BackendNotFoundError",
    "CircuitValidationError",
    "MitigationNotInstalledError",
    "OptionError",
    "QDMIBackend",
    "QDMIJob",
    "QDMIJobError",
    "QDMIJobTimeoutError",
    "QDMIProvider",
    "SerializerError",
    "UnsupportedDeviceError",
    "register_program_serializer",
    "unregister_program_serializer",
]
