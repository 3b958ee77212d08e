# SPDX-License-Identifier: Apache-2.0
"""The example with the paper's steps, in the ways its own text names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "qsci" / "run_qsci.py"
EXACT = -1.13730604


def run(folder: Path, *arguments: str, **variables: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("IQM_", "QDMI"))}
    done = subprocess.run(
        [sys.executable, EXAMPLE, *arguments],
        cwd=folder,
        env={**kept, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_it_runs_on_a_simulator_and_writes_a_report(tmp_path: Path) -> None:
    said = run(tmp_path, "--simulator")
    assert float(said.split()[0]) == pytest.approx(EXACT, abs=1e-6)
    assert "random bitstrings" in said
    report = tmp_path / "qsci-report"
    assert json.loads((report / "result.json").read_text())["shots"] == 10_000
    assert (report / "energies.png").stat().st_size > 10_000


TOKEN = "a-secret-of-one-test"  # noqa: S105 - of a server that lives for one test


@pytest.mark.iqm_mock_server(machine="garnet", token=TOKEN, instant=True)
def test_figure_9_s_line_runs_on_a_quantum_computer_named_by_the_environment(
    iqm_mock_server: MockServer, tmp_path: Path
) -> None:
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps({"access_token": TOKEN}))
    tokens.chmod(0o600)
    said = run(
        tmp_path,
        "--shots",
        "1000",
        QDMI_ENDPOINT=iqm_mock_server.url,
        QDMI_AUTH_FILE=str(tokens),
        QDMI_BACKEND_ALIAS="garnet",
    )
    assert float(said.split()[0]) == pytest.approx(EXACT, abs=0.021)
    submitted = [entry for entry in iqm_mock_server.ledger.requests() if entry.method == "POST"]
    evaluations = json.loads((tmp_path / "qsci-report" / "result.json").read_text())["estimate"][
        "evaluations"
    ]
    assert len(submitted) == evaluations + 1
    assert TOKEN not in "".join(file.read_text() for file in (tmp_path / "qsci-report").rglob("*.json"))


def test_its_parts_give_what_the_whole_gives(tmp_path: Path) -> None:
    assert float(run(tmp_path, "--simulator", "--by-parts").split()[0]) == pytest.approx(EXACT, abs=1e-6)
