# SPDX-License-Identifier: Apache-2.0
"""A mock IQM Server: the vendor's HTTP API over a simulated quantum computer.

Importing this package imports neither Flask nor Qiskit; the names below are resolved on first use, so that
a test suite that merely has the pytest plugin installed pays nothing for it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from iqm_mock_server.app import create_app
    from iqm_mock_server.clock import ManualClock, SystemClock
    from iqm_mock_server.serving import MockServer, serve
    from iqm_mock_server.settings import KeyOrder, Settings

__all__ = ["KeyOrder", "ManualClock", "MockServer", "Settings", "SystemClock", "create_app", "serve"]

_HOMES = {
    "KeyOrder": "settings",
    "ManualClock": "clock",
    "MockServer": "serving",
    "Settings": "settings",
    "SystemClock": "clock",
    "create_app": "app",
    "serve": "serving",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - module attributes have no common type
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
