# SPDX-License-Identifier: Apache-2.0
"""The demonstration runs, and what it measures is what it says."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[3] / "examples" / "python"
DEMO = [sys.executable, str(EXAMPLES / "demo.py")]


def test_the_demo_prints_device_histograms_and_fidelities() -> None:
    done = subprocess.run(DEMO, check=False, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "QB20" in done.stdout
    populations = float(re.search(r"Bell pair: P\(00\) \+ P\(11\) = ([\d.]+)", done.stdout)[1])  # type: ignore[index]
    assert 0.90 <= populations <= 1.0
    for title, smallest in (("Bell pair", 0.85), ("5-qubit GHZ state", 0.6)):
        (fidelity,) = re.findall(rf"{title}: fidelity F = .* = ([\d.]+) ± [\d.]+", done.stdout)
        assert smallest <= float(fidelity) < 1.0
    assert done.stdout.endswith("server stopped\n")


@pytest.mark.parametrize("interrupt", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_no_server_behind(interrupt: signal.Signals) -> None:
    with subprocess.Popen(DEMO, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        started = demo.stdout.readline()
        assert started.startswith("mock server at http://127.0.0.1:")
        (server,) = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        demo.send_signal(interrupt)
        _, errors = demo.communicate(timeout=60)
    assert (demo.returncode, errors) == (130, "")
    assert not _alive(int(server))


def test_the_bell_example_runs() -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "bell.py")], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"\{.*'(00|11)': \d+.*\}", done.stdout)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
