# SPDX-License-Identifier: Apache-2.0
"""PennyLane's own tests of devices, on mqt-core's simulator through QDMI.

They run in a process of their own, because their configuration of pytest is another one. What they skip is
what needs exact results or another interface than autograd.
"""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from pennylane.devices import tests as suite

SHOTS = 10_000
SECONDS = 900


def test_pennylane_s_own_suite_passes(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:iqm_mock_server"]
    command += [str(Path(suite.__file__).parent), "--device", "qdmikit.qdmi", "--shots", str(SHOTS)]
    command += ["--skip-ops", "-W", "ignore", "--tb=short", f"--junitxml={report}"]
    command += ["--device-kwargs", "device=mqt.ddsim.default", "optimization_level=0"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert done.returncode == 0, done.stdout[-20_000:]
    [counts] = ET.parse(report).getroot().iter("testsuite")
    passed = int(counts.attrib["tests"]) - int(counts.attrib["skipped"])
    print(f"{passed} of PennyLane's tests passed, {counts.attrib['skipped']} were skipped")
    assert passed >= 300
