# SPDX-License-Identifier: Apache-2.0
"""A QDMI device library through its C interface alone: what the client is compared with."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_double, c_int, c_size_t, c_uint64, c_void_p, create_string_buffer
from typing import TYPE_CHECKING, Any

import qdmikit_iqm

if TYPE_CHECKING:
    from collections.abc import Callable

BASE_URL = 0  # QDMI_DEVICE_SESSION_PARAMETER_BASEURL
DEVICE_NAME, DEVICE_VERSION, DEVICE_QUBITS, DEVICE_SITES, DEVICE_OPERATIONS, DEVICE_COUPLING = (
    0,
    1,
    4,
    5,
    6,
    7,
)
SITE_INDEX, SITE_T1, SITE_T2, SITE_NAME = 0, 1, 2, 3
OPERATION_NAME, OPERATION_QUBITS, OPERATION_PARAMETERS = 0, 1, 2
OPERATION_DURATION, OPERATION_FIDELITY, OPERATION_SITES = 3, 4, 9
SHOTS, HIST_KEYS, HIST_VALUES = 0, 1, 2  # QDMI_JOB_RESULT_...
NOT_SUPPORTED = -9


class RawDevice:
    """An open session of the device library.

    Parameters
    ----------
    url
        Of the server.
    """

    def __init__(self, url: str) -> None:
        self._library = ctypes.CDLL(str(qdmikit_iqm.library_path()))
        self._session = c_void_p()
        text = url.encode() + b"\0"
        self._do("device_initialize")
        self._do("device_session_alloc", byref(self._session))
        self._do("device_session_set_parameter", self._session, c_int(BASE_URL), c_size_t(len(text)), text)
        self._do("device_session_init", self._session)

    def _function(self, name: str) -> Callable[..., int]:
        function: Callable[..., int] = getattr(self._library, f"IQM_QDMI_{name}")
        return function

    def _do(self, name: str, *arguments: object) -> None:
        if status := self._function(name)(*arguments):
            raise RuntimeError(f"{name} returned {status}")

    def _bytes(self, name: str, *arguments: object) -> ctypes.Array[Any]:
        size = c_size_t()
        self._do(name, *arguments, c_size_t(0), None, byref(size))
        buffer = create_string_buffer(size.value)
        self._do(name, *arguments, size, buffer, None)
        return buffer

    def _handles(self, name: str, *arguments: object) -> list[int]:
        buffer = self._bytes(name, *arguments)
        return list((c_void_p * (len(buffer) // 8)).from_buffer(buffer))

    def _number(self, kind: Any, name: str, *arguments: object) -> Any:  # noqa: ANN401 - a C type, and its value
        value = kind()
        status = self._function(name)(*arguments, c_size_t(ctypes.sizeof(kind)), byref(value), None)
        if status not in (0, NOT_SUPPORTED):
            raise RuntimeError(f"{name} returned {status}")
        return value.value if status == 0 else None

    def metadata(self) -> int:
        """Read all that the device says of itself, as a compiler does; return how many values that were."""
        device, site, operation = (
            f"device_session_query_{what}_property" for what in ("device", "site", "operation")
        )
        session = self._session
        values: list[object] = [
            self._bytes(device, session, c_int(kind)) for kind in (DEVICE_NAME, DEVICE_VERSION)
        ]
        values.append(self._number(c_size_t, device, session, c_int(DEVICE_QUBITS)))
        values += self._handles(device, session, c_int(DEVICE_COUPLING))
        for handle in self._handles(device, session, c_int(DEVICE_SITES)):
            at = (session, c_void_p(handle))
            values.append(self._bytes(site, *at, c_int(SITE_NAME)))
            values += [
                self._number(c_uint64, site, *at, c_int(kind)) for kind in (SITE_INDEX, SITE_T1, SITE_T2)
            ]
        for handle in self._handles(device, session, c_int(DEVICE_OPERATIONS)):
            anywhere = (session, c_void_p(handle), c_size_t(0), None, c_size_t(0), None)
            values.append(self._bytes(operation, *anywhere, c_int(OPERATION_NAME)))
            qubits = self._number(c_size_t, operation, *anywhere, c_int(OPERATION_QUBITS))
            values += [qubits, self._number(c_size_t, operation, *anywhere, c_int(OPERATION_PARAMETERS))]
            sites, step = self._handles(operation, *anywhere, c_int(OPERATION_SITES)), qubits or 1
            for first in range(0, len(sites), step):
                place = (c_void_p * step)(*sites[first : first + step])
                there = (session, c_void_p(handle), c_size_t(step), place, c_size_t(0), None)
                values.append(self._number(c_double, operation, *there, c_int(OPERATION_FIDELITY)))
                values.append(self._number(c_uint64, operation, *there, c_int(OPERATION_DURATION)))
        return len(values)

    def results(self, job_id: str, *kinds: int) -> Callable[[], int]:
        """Retrieve a job; return what reads some of its results, and gives their bytes."""
        job = c_void_p()
        self._do("device_session_retrieve_device_job_by_id", self._session, job_id.encode(), byref(job))
        return lambda: sum(
            len(self._bytes("device_job_get_results", job, c_size_t(0), c_int(kind))) for kind in kinds
        )
