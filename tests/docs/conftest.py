# SPDX-License-Identifier: Apache-2.0
"""Where the documentation is, and what its examples need."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def surroundings(iqm_mock_server: MockServer) -> dict[str, str]:
    """Give the environment variables of an example: a server, this interpreter's programs, no credentials."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith(("IQM_", "QDMI_"))}
    programs = str(Path(sys.executable).parent)
    return {**variables, "IQM_SERVER_URL": iqm_mock_server.url, "PATH": f"{programs}:{variables['PATH']}"}
