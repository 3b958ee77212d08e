# SPDX-License-Identifier: Apache-2.0
"""Makes the checkout's own tools importable."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))


@pytest.fixture(scope="session")
def root() -> Path:
    """Give the checkout."""
    return ROOT
