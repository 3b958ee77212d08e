# SPDX-License-Identifier: Apache-2.0
"""One program, unchanged: by hand, as a local job, in a batch script, and under the plugin."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from aurora import ANOTHER, SITE, UNLICENSED, exports, server, tags
from guarded_cluster import with_plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cluster import Cluster
    from site_file import SiteFile

EXAMPLES = Path(__file__).parents[2] / "examples" / "slurm"
PYTHON = sys.executable


@pytest.fixture(scope="module")
def slurm(plugin: Path) -> Iterator[Cluster]:
    """Run a cluster of whoever runs the tests: their Python and their files are nobody else's."""
    with with_plugin(plugin) as running:
        yield running


def test_four_ways_have_the_same_counts(slurm: Cluster, site: SiteFile, tokens: Path, folder: Path) -> None:
    program = [PYTHON, str(EXAMPLES / "run_circuit.py"), "--shots", "500"]
    printed = {}
    with server() as running:
        result = slurm.run(*program, env=exports(running.url, tokens), timeout=120)
        assert result.code == 0, result.err
        printed["by hand"] = result.out
    with server() as running:
        local = [*program, "--executor", "local", "--folder", str(folder / "jobs")]
        result = slurm.run(*local, env=exports(running.url, tokens), timeout=120)
        assert result.code == 0, result.err
        printed["a local job"] = result.out
    with server() as running:
        script = "\n".join(f'export {name}="{value}"' for name, value in exports(running.url, tokens).items())
        job, out, err = slurm.batch(f"{script}\nsrun {' '.join(program)}", "-p", "classical", folder=folder)
        assert job["JobState"] == "COMPLETED", err
        printed["a batch script"] = out
    with server() as running:
        site.write(SITE.format(url=running.url, tokens=tokens))
        job, out, err = slurm.batch(
            f"srun {' '.join(program)}", "-p", "quantum", "-L", "qpu_garnet:1", folder=folder
        )
        assert job["JobState"] == "COMPLETED", err
        printed["under the plugin"] = out
        assert tags(running) == [f"slurm-{job['JobId']}"]
    with server() as running:
        site.write(SITE.format(url=running.url, tokens=tokens))
        submitting = [
            *program, "--executor", "slurm", "--folder", str(folder / "more"), "--partition", "quantum",
            "--qdmi-device", "aurora", "--licenses", "qpu_garnet:1",
        ]  # fmt: skip
        result = slurm.run(*submitting, timeout=120)
        assert result.code == 0, result.err
        printed["a job that the program submits"] = result.out
    assert len(set(printed.values())) == 1, printed
    assert sum(json.loads(printed["by hand"]).values()) == 500
    assert slurm.idle_again()


def test_figure_9_submits_and_runs(slurm: Cluster, site: SiteFile, tokens: Path, folder: Path) -> None:
    """The directives and exports of the paper's Figure 9, under the plugin, which sets what they ask for."""
    with server() as running:
        site.write(UNLICENSED.format(url=running.url, tokens=tokens))
        figure = f"""
#SBATCH --partition=quantum
#SBATCH --time=00:15:00
#SBATCH --job-name=qsci-demo

export QDMI_ENDPOINT="${{QDMI_ENDPOINT:?}}"
export QDMI_AUTH_FILE="${{QDMI_AUTH_FILE:?}}"
export QDMI_BACKEND_ALIAS="aurora-default"

srun {PYTHON} {EXAMPLES / "run_circuit.py"} --shots 10000
"""
        job, out, err = slurm.batch(figure, folder=folder)
        assert job["JobState"] == "COMPLETED", err
        assert sum(json.loads(out).values()) == 10000
        assert job["JobName"] == "qsci-demo"
    assert slurm.idle_again()


def test_figure_9_without_the_plugin_takes_the_users_exports(
    slurm: Cluster, site: SiteFile, tokens: Path, folder: Path
) -> None:
    site.write(ANOTHER)
    with server() as running:
        script = (
            (EXAMPLES / "script_level.sh")
            .read_text()
            .replace("python run_circuit.py", f"{PYTHON} {EXAMPLES}/run_circuit.py")
        )
        job, out, err = slurm.batch(script, folder=folder, env=exports(running.url, tokens))
        assert job["JobState"] == "COMPLETED", err
        assert sum(json.loads(out).values()) == 10000
        assert tags(running) == [f"slurm-{job['JobId']}"]
    assert slurm.idle_again()


def test_a_hybrid_loop_holds_the_quantum_computer_for_its_whole_allocation(
    slurm: Cluster, site: SiteFile, tokens: Path, folder: Path
) -> None:
    """Between its circuits nobody else gets the licence; the next job waits for it and then runs."""
    go_on = folder / "go-on"
    os.mkfifo(go_on)
    with server() as running:
        site.write(SITE.format(url=running.url, tokens=tokens))
        step = f"srun {PYTHON} {EXAMPLES / 'run_circuit.py'} --shots 10"
        options = ("-p", "quantum", "-L", "qpu_garnet:1")
        first = slurm.submit(f"{step}\ncat {go_on}\n{step}", *options, folder=folder).out.strip()
        slurm.in_state(first, "RUNNING")
        second = slurm.submit(step, *options, folder=folder).out.strip()
        slurm.waiting_for(second, "Licenses")
        go_on.write_text("")
        assert slurm.ended(first)["JobState"] == "COMPLETED"
        assert slurm.ended(second)["JobState"] == "COMPLETED"
        assert tags(running) == [f"slurm-{first}", f"slurm-{first}", f"slurm-{second}"]
    assert slurm.idle_again()
