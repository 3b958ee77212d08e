# SPDX-License-Identifier: Apache-2.0
"""Refuse includes and imports that layers.toml does not allow, and cycles among files."""

from __future__ import annotations

import sys
import tomllib
from typing import TYPE_CHECKING

from tools import steps
from tools.cpp_layers import CppLayers
from tools.python_layers import PythonLayers
from tools.steps import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def violations(root: Path, rules: Path) -> list[str]:
    """Check a checkout.

    Parameters
    ----------
    root
        The checkout.
    rules
        Its layers.toml.

    Returns
    -------
    list of str
        One line for each forbidden arrow, file without a layer, and cycle.
    """
    table = tomllib.loads(rules.read_text())
    return CppLayers(root, table["cpp"]).violations() + PythonLayers(root, table["python"]).violations()


@steps.command_line
def main() -> int:
    """Check this checkout.

    Returns
    -------
    int
        1 when there is a violation.
    """
    found = violations(ROOT, ROOT / "tools" / "layers.toml")
    print("\n".join(found) if found else "layers: every arrow points down")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
