# SPDX-License-Identifier: Apache-2.0
"""The examples that need no vendor: they run on DDSIM as they stand."""

import json
import subprocess
import sys
from pathlib import Path

EXAMPLES = Path(__file__).parents[3] / "examples" / "python"


def run(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / command[0]), *command[1:]],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_device_is_inspected_as_json() -> None:
    told = json.loads(run("inspect_device.py", "mqt.sc.iqm.garnet"))
    assert told["id"] == "mqt.sc.iqm.garnet"
    assert len(told["sites"]) == told["qubits_num"] == 20


def test_amplitudes_are_shown() -> None:
    lines = run("amplitudes.py").splitlines()
    assert lines[0] == "norm 1.0"
    assert [line.split()[0] for line in lines[1:]] == ["000", "111"]
