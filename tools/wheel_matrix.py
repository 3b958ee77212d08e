# SPDX-License-Identifier: Apache-2.0
"""Run the Python tests of the one wheel on several versions of Python."""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools import run_tiers, steps, tier_plan
from tools.steps import ROOT, StepError
from tools.tier_plan import Plan

BASE = "wheel"


def interpreter(version: str) -> str:
    """Find a Python of a version, on PATH or among pyenv's.

    Parameters
    ----------
    version
        Such as ``3.12``.

    Returns
    -------
    str
        Its path.

    Raises
    ------
    StepError
        There is none that starts.
    """
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [
        *(str(path) for path in sorted(pyenv.glob(f"{version}.*/bin/python{version}"))),
        shutil.which(f"python{version}"),
    ]
    for candidate in filter(None, candidates):
        # A pyenv shim is on PATH for versions that are not there.
        probe = subprocess.run([candidate, "-c", "import venv, ensurepip"], check=False, capture_output=True)
        if probe.returncode == 0:
            return candidate
    raise StepError(
        f"There is no Python {version}, neither on PATH nor in {pyenv}. "
        f"Install it, for example with: pyenv install {version}"
    )


@steps.command_line
def main() -> int:
    """Test on each version named on the command line.

    Returns
    -------
    int
        0 when every test passed on each.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.wheel_matrix", description=__doc__)
    parser.add_argument("versions", nargs="+", metavar="VERSION")
    versions: list[str] = parser.parse_args().versions
    interpreters = {version: interpreter(version) for version in versions}
    plan = tier_plan.load(run_tiers.TIERS, ROOT)
    tier = next(tier for tier in plan.tiers if tier.name == BASE)
    environments = dict(plan.environments)
    tiers = []
    for version, python in interpreters.items():
        base = plan.environments[tier.environment]
        environment = dataclasses.replace(base, name=f"{BASE}-{version}", interpreter=python)
        environments[environment.name] = environment
        tiers.append(dataclasses.replace(tier, name=environment.name, environment=environment.name))
    return run_tiers.run(Plan(plan.root, plan.tiers, environments), tuple(tiers), steps.LOGS)


if __name__ == "__main__":
    sys.exit(main())
