# SPDX-License-Identifier: Apache-2.0
"""`qdmikit qsci`, the installed command."""

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

COMMAND = Path(sys.executable).parent / "qdmikit"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMAND, "qsci", *arguments],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if not name.startswith(("IQM_", "QDMI"))},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_molecule_by_name_becomes_an_energy_and_a_report(tmp_path: Path) -> None:
    done = run(tmp_path, "--molecule", "LiH", "--optimizer", "none", "--seed", "1", "--report", "report")
    assert done.returncode == 0, done.stderr
    assert float(done.stdout.split()[0]) == pytest.approx(-7.8822, abs=2e-4)
    assert "random bitstrings" in done.stdout
    for stage in ("problem", "ansatz", "estimate", "sample", "postprocess"):
        assert f"✓ {stage}" in done.stderr
    names = {path.name for path in (tmp_path / "report").iterdir()}
    assert names == {"run", "result.json", "findings.md", "energies.png", "determinants.png"}
    again = run(
        tmp_path, "--molecule", "LiH", "--optimizer", "none", "--seed", "1", "--report", "report", "--json"
    )
    assert again.returncode == 0, again.stderr
    assert again.stderr.count("done before") == 5
    document = json.loads(again.stdout)
    assert document["dimension"] < document["sector_dimension"] == 25
    assert document["findings"]


@pytest.mark.iqm_mock_server(machine="garnet", instant=True)
def test_it_runs_on_a_device(iqm_mock_server: MockServer, tmp_path: Path) -> None:
    where = ("--device", "qdmikit.iqm", "--base-url", iqm_mock_server.url)
    options = ("--mapper", "parity", "--maxiter", "3", "--shots", "500", "--report", "report", "--json")
    done = run(tmp_path, "--molecule", "H2", *where, *options)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["settings"]["machine"]["device"] == "qdmikit.iqm"
    assert document["two_qubit_gates"] == 2


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (("--molecule", "H3"), 2, "no molecule is called 'H3'"),
        (("--molecule", "H2", "--active-space", "two"), 2, "electrons and orbitals, such as 2,5"),
        (("--molecule", "H2", "--largest", "3"), 2, "--largest belongs to --recover"),
        (("--molecule", "H2", "--partition", "quantum"), 2, "--partition belongs to --offload"),
        (
            ("--molecule", "H2", "--offload", "--licenses", "qpu:1", "--qdmi-device", "a"),
            2,
            "--qdmi-device, --licenses belong to --device",
        ),
        (("--molecule", "H2", "--simulator", "no.such.device"), 3, "no.such.device"),
    ],
)
def test_mistakes_are_told_with_a_remedy(
    tmp_path: Path, arguments: tuple[str, ...], code: int, complaint: str
) -> None:
    done = run(tmp_path, *arguments, "--report", "report")
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode == code, done.stderr
