# SPDX-License-Identifier: Apache-2.0
"""The mock server's noisy machine as a backend."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import qdmikit
from qdmikit.qiskit import QDMIBackend

if TYPE_CHECKING:
    from iqm_mock_server import MockServer


@pytest.fixture
def garnet(iqm_mock_server: MockServer) -> QDMIBackend:
    return QDMIBackend(qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url))
