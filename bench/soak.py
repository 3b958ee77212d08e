# SPDX-License-Identifier: Apache-2.0
"""How many calls a second the device library answers while threads use and free the same jobs, for a minute.

It runs the test ``Soak*``, which fails when a call says what QDMI does not allow; that is this program's
exit code too. QDMIKIT_SOAK_SECONDS says for how long, 60 unless set.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

EXECUTABLE = Path(__file__).parent.parent / "build/dev/tests/cpp/device/iqm_device_abi_tests"
SECONDS = "60"


def soaked(report: Path) -> int:
    """Run the test; return its exit code."""
    return subprocess.run(  # noqa: S603 - our own test
        [EXECUTABLE, "--gtest_filter=Soak*", f"--gtest_output=json:{report}"],
        env={"QDMIKIT_SOAK_SECONDS": SECONDS, **os.environ},
        check=False,
        stdout=subprocess.DEVNULL,
    ).returncode


def tests_of(report: Path) -> list[dict[str, Any]]:
    """Read what the run reported of each test; nothing when it did not come to its end."""
    if not report.exists():
        return []
    return [test for suite in json.loads(report.read_text())["testsuites"] for test in suite["testsuite"]]


def main() -> int:
    """Run and print; the test's exit code, or 1 when it did not count its calls.

    Returns
    -------
    int
        The exit code.
    """
    if not EXECUTABLE.exists():
        print(f"{EXECUTABLE} is not there: build it with tools/setup test", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "soak.json"
        code = soaked(report)
        tests = tests_of(report)
    print(f"{'test':80}{'calls':>12}{'seconds':>10}{'calls/s':>10}")
    counted = False
    for test in tests:
        calls, seconds = int(test.get("calls", 0)), float(test["time"].removesuffix("s"))
        counted = counted or calls > 0
        print(f"{test['name']:80}{calls:12,}{seconds:10.1f}{calls / seconds:10,.0f}")
        for failure in test.get("failures", []):
            print(failure["failure"])
    print(f"exit code {code}, load average {', '.join(f'{load:.1f}' for load in os.getloadavg())}")
    return code if code or counted else 1


if __name__ == "__main__":
    sys.exit(main())
