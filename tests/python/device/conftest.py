# SPDX-License-Identifier: Apache-2.0
"""What all tests of the installed device share: nobody's own settings reach them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import qdmikit

if TYPE_CHECKING:
    from collections.abc import Callable

DEVICE = "qdmikit.iqm"


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        *(
            "IQM_TOKEN",
            "IQM_TOKENS_FILE",
            "QDMI_AUTH_FILE",
            "IQM_QC_ID",
            "IQM_QC_ALIAS",
            "IQM_QUANTUM_COMPUTER",
        ),
        *("IQM_JOB_TAG", "SLURM_JOB_ID", "IQM_REQUEST_TIMEOUT_MS", "IQM_CALIBRATION_RETRY_SECONDS"),
    ):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def open_device() -> Callable[[str], qdmikit.Device]:
    """Open the device on the server with a URL."""
    return lambda url: qdmikit.open_device(DEVICE, base_url=url)


@pytest.fixture(scope="session")
def flip() -> str:
    """Return a circuit whose only outcome is 01."""
    instructions = [
        {"name": "prx", "locus": ["QB1"], "args": {"angle": 3.141592653589793, "phase": 0.0}},
        {"name": "measure", "locus": ["QB1"], "args": {"key": "c_2_0_0"}},
        {"name": "measure", "locus": ["QB2"], "args": {"key": "c_2_0_1"}},
    ]
    return json.dumps({"name": "flip", "instructions": instructions, "metadata": {}})
