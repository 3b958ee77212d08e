# SPDX-License-Identifier: Apache-2.0
"""Run shellcheck over every shell script of the checkout, known by its first line."""

from __future__ import annotations

import re
import subprocess
import sys

from tools import steps
from tools.steps import ROOT

FOLDERS = ("tools", ".ci", "examples", "tests", "bench")
_SHELL = re.compile(rb"#!\s*/(?:usr/)?bin/(?:env )?(?:ba)?sh\b")


@steps.command_line
def main() -> int:
    """Run shellcheck.

    Returns
    -------
    int
        Its exit code.
    """
    scripts = []
    for path in steps.files_below([ROOT / folder for folder in FOLDERS]):
        with path.open("rb") as file:
            if _SHELL.match(file.readline(80)):
                scripts.append(path)
    return subprocess.run(["shellcheck", *scripts], cwd=ROOT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
