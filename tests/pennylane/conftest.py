# SPDX-License-Identifier: Apache-2.0
"""PennyLane devices over the mock server's machine without noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import pennylane as qml

if TYPE_CHECKING:
    from collections.abc import Callable

    from iqm_mock_server import MockServer
    from qdmikit.pennylane import QDMIDevice


@pytest.fixture
def garnet(iqm_mock_server: MockServer) -> Callable[..., QDMIDevice]:
    """Open the machine by the name under which PennyLane knows QDMI devices."""

    def opened(**options: object) -> QDMIDevice:
        device: QDMIDevice = qml.device(
            "qdmikit.qdmi", device="qdmikit.iqm", base_url=iqm_mock_server.url, **options
        )
        return device

    return opened
