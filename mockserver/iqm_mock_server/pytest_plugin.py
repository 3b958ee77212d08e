# SPDX-License-Identifier: Apache-2.0
"""The pytest fixture `iqm_mock_server`: a running server, configured by the marker of the same name.

``@pytest.mark.iqm_mock_server(ideal=True, seed=7)`` takes the arguments of `iqm_mock_server.serve`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm_mock_server.serving import MockServer


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers", "iqm_mock_server(**options): options of the server that the fixture iqm_mock_server runs"
    )


@pytest.fixture
def iqm_mock_server(request: pytest.FixtureRequest) -> Iterator[MockServer]:
    """Run a mock server for one test."""
    # Here and not above: a plugin is imported by every run, also where no test needs a server.
    from iqm_mock_server.serving import serve

    options: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("iqm_mock_server"))):
        options |= marker.kwargs
    with serve(**options) as server:
        yield server
