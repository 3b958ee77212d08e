# SPDX-License-Identifier: Apache-2.0
"""PennyLane's own tests of devices, on mqt-core's simulator through QDMI.

They run in a process of their own, because their configuration of pytest is another one. What they skip is
what needs exact results or another interface than autograd.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from pennylane.devices import tests as suite

SHOTS = 40_000
"""The suite tries ten times to come within 0.05. Of its widest observable 10 000 shots deviate by 0.07."""
SECONDS = 900


def test_pennylane_s_own_suite_passes(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:iqm_mock_server"]
    command += [str(Path(suite.__file__).parent), "--device", "qdmikit.qdmi", "--shots", str(SHOTS)]
    command += ["--skip-ops", "-W", "ignore", "--tb=short"]
    command += ["--device-kwargs", "device=mqt.ddsim.default", "optimization_level=0"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stdout[-20_000:]
    [passed] = re.findall(r"(\d+) passed", done.stdout)
    print(done.stdout.splitlines()[-1])
    assert int(passed) >= 300
