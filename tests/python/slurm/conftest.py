# SPDX-License-Identifier: Apache-2.0
"""Jobs that are processes of this machine, and the mock server behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qdmikit.slurm import LocalExecutor

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def executor(tmp_path: Path) -> LocalExecutor:
    return LocalExecutor(tmp_path / "jobs")
