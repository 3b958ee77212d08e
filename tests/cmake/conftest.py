# SPDX-License-Identifier: Apache-2.0
"""The tests here build the project, with its own tools."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))
