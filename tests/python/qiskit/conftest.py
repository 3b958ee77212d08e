# SPDX-License-Identifier: Apache-2.0
"""Backends over real device libraries: two of MQT Core's, and ours in front of the mock server."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import qdmikit
from iqm_mock_server import MockServer
from qdmikit.qiskit import QDMIBackend


def mqt_library(stem: str) -> Path:
    """Return a device library of the mqt-core wheel."""
    spec = importlib.util.find_spec("mqt.core")
    assert spec is not None
    assert spec.origin is not None
    (library,) = Path(spec.origin).parent.glob(f"lib*/{stem}.so")
    return library


@pytest.fixture(scope="session")
def simulator_device() -> qdmikit.Device:
    """Open a simulator: OpenQASM, every gate anywhere."""
    return qdmikit.open_device(library=mqt_library("libmqt-core-qdmi-ddsim-device"), prefix="MQT_DDSIM")


@pytest.fixture
def simulator(simulator_device: qdmikit.Device) -> QDMIBackend:
    return QDMIBackend(simulator_device)


@pytest.fixture
def garnet(iqm_mock_server: MockServer) -> QDMIBackend:
    """Open the 20-qubit machine of the mock server."""
    return QDMIBackend(qdmikit.open_device("qdmikit.iqm", base_url=iqm_mock_server.url))


@pytest.fixture
def described_device() -> Callable[..., qdmikit.Device]:
    """Open a device whose metadata the test writes; it runs nothing."""

    def open_described(operations: list[dict[str, Any]], **description: object) -> qdmikit.Device:
        document = {
            "schema-version": 1,
            "name": "described",
            "numQubits": 3,
            "durationUnit": {"unit": "ns", "scaleFactor": 1.0},
            "qubitProperties": {"defaults": {"t1": 40_000, "t2": 25_000}, "overrides": []},
            "couplings": [[0, 1], [1, 2]],
            "operations": operations,
        } | description
        return qdmikit.open_device(
            library=mqt_library("libmqt-core-qdmi-sc-device"), prefix="MQT_SC", custom1=json.dumps(document)
        )

    return open_described
