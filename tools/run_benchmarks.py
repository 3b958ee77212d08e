# SPDX-License-Identifier: Apache-2.0
"""Run every program of ``bench``, or those named, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from tools import steps
from tools.steps import ROOT, StepError

if TYPE_CHECKING:
    from pathlib import Path

BENCH = ROOT / "bench"


def programs(names: list[str]) -> list[Path]:
    """List the programs to run.

    Parameters
    ----------
    names
        Without folder and ending; none means all.

    Returns
    -------
    list of Path
        In alphabetical order. What starts with an underscore is a helper, not a program.

    Raises
    ------
    StepError
        A name is not there.
    """
    every = {path.stem: path for path in sorted(BENCH.glob("*.py")) if not path.name.startswith("_")}
    unknown = [name for name in names if name not in every]
    if unknown or not every:
        raise StepError(
            f"bench has no {' or '.join(unknown) or 'program'}; there are: {', '.join(every) or 'none'}"
        )
    return [path for name, path in every.items() if not names or name in names]


@steps.command_line
def main() -> int:
    """Run the programs named on the command line, or all.

    Returns
    -------
    int
        1 when one failed.
    """
    failed = []
    for program in programs(sys.argv[1:]):
        print(f"\n=== {program.relative_to(ROOT)}", flush=True)
        if subprocess.run([sys.executable, program], cwd=ROOT, check=False).returncode:
            failed.append(program.stem)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
