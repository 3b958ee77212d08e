# SPDX-License-Identifier: Apache-2.0
"""The 22 functions of a QDMI 1.4 device library, as they are: pointers may be null, buffers too short."""

from __future__ import annotations

import ctypes
import os
from ctypes import POINTER, c_char_p, c_int, c_size_t, c_void_p
from typing import TYPE_CHECKING, Any

from qdmikit.conformance.enumerators import Status
from qdmikit.conformance.expectations import Violation

if TYPE_CHECKING:
    from pathlib import Path

_QUERY = (c_int, c_size_t, c_void_p, POINTER(c_size_t))

SIGNATURES: dict[str, tuple[Any, ...]] = {
    "initialize": (),
    "finalize": (),
    "session_alloc": (POINTER(c_void_p),),
    "session_set_parameter": (c_void_p, c_int, c_size_t, c_void_p),
    "session_init": (c_void_p,),
    "session_free": (c_void_p,),
    "session_query_device_property": (c_void_p, *_QUERY),
    "session_query_site_property": (c_void_p, c_void_p, *_QUERY),
    "session_query_operation_property": (
        *(c_void_p, c_void_p, c_size_t, c_void_p, c_size_t, c_void_p),
        *_QUERY,
    ),
    "session_create_device_job": (c_void_p, POINTER(c_void_p)),
    "session_retrieve_device_job_by_id": (c_void_p, c_char_p, POINTER(c_void_p)),
    "job_set_parameter": (c_void_p, c_int, c_size_t, c_void_p),
    "job_set_programs": (c_void_p, c_int, c_size_t, c_void_p, c_void_p),
    "job_get_program": (c_void_p, c_size_t, c_size_t, c_void_p, POINTER(c_size_t)),
    "job_get_program_status": (c_void_p, c_size_t, POINTER(c_int)),
    "job_query_property": (c_void_p, *_QUERY),
    "job_submit": (c_void_p,),
    "job_cancel": (c_void_p,),
    "job_check": (c_void_p, POINTER(c_int)),
    "job_wait": (c_void_p, c_size_t),
    "job_get_results": (c_void_p, c_size_t, *_QUERY),
    "job_free": (c_void_p,),
}
"""Function, without `<prefix>_QDMI_device_`, to the types of its arguments."""

OPTIONAL = frozenset({"session_retrieve_device_job_by_id"})
"""Functions that drivers do without."""

_WITHOUT_RESULT = frozenset({"session_free", "job_free"})


class Library:
    """A device library, loaded.

    Parameters
    ----------
    path
        The shared library.
    prefix
        What the names of its functions begin with.

    Raises
    ------
    OSError
        The loader's reason when it cannot be loaded.
    """

    def __init__(self, path: Path, prefix: str) -> None:
        self.prefix = prefix
        self._loaded = ctypes.CDLL(str(path), mode=os.RTLD_NOW | os.RTLD_LOCAL)
        self._functions: dict[str, Any] = {}
        for name, arguments in SIGNATURES.items():
            function = getattr(self._loaded, self.symbol(name), None)
            if function is None:
                continue
            function.argtypes = arguments
            function.restype = None if name in _WITHOUT_RESULT else c_int
            self._functions[name] = function

    def symbol(self, name: str) -> str:
        """Return the symbol of a function."""
        return f"{self.prefix}_QDMI_device_{name}"

    def has(self, name: str) -> bool:
        """Return whether the library has a function."""
        return name in self._functions

    def call(self, name: str, *arguments: Any) -> Status:  # noqa: ANN401 - whatever ctypes takes
        """Call a function.

        Parameters
        ----------
        name
            The function, without `<prefix>_QDMI_device_`.
        arguments
            What ctypes takes for it; `None` is a null pointer.

        Returns
        -------
        Status
            What it answered; SUCCESS for those that answer nothing.

        Raises
        ------
        Violation
            When the library does not have it, or it answered with a number that QDMI does not have.
        """
        if name not in self._functions:
            raise Violation(f"the library has no {self.symbol(name)}")
        answer = self._functions[name](*arguments)
        if answer is None:
            return Status.SUCCESS
        try:
            return Status(answer)
        except ValueError:
            raise Violation(f"{name} answered {answer}, which is no QDMI_STATUS") from None
