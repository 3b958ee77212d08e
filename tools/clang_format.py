# SPDX-License-Identifier: Apache-2.0
"""Check, or with ``--fix`` set right, the layout of every C and C++ file of ours."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tools import steps
from tools.steps import ROOT

FOLDERS = ("cpp", "bindings", "tests", "bench", "examples")
SUFFIXES = (".hpp", ".h", ".cpp", ".c")


@steps.command_line
def main() -> int:
    """Run clang-format.

    Returns
    -------
    int
        Its exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.clang_format", description=__doc__)
    parser.add_argument("--fix", action="store_true")
    arguments = parser.parse_args()
    files = steps.files_below([ROOT / folder for folder in FOLDERS], SUFFIXES)
    mode = ["-i"] if arguments.fix else ["--dry-run", "--Werror"]
    program = Path(sys.executable).parent / "clang-format"
    return subprocess.run([program, *mode, *files], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
