# SPDX-License-Identifier: Apache-2.0
"""The example of job_submit.lua, beside the plugin on a cluster of its own."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cluster import Cluster, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

SCRIPT = Path(__file__).parents[2] / "examples" / "slurm" / "job_submit.lua"
SITE = """
[devices.garnet]
url = "https://garnet.example.org"
partitions = ["quantum"]
license = "qpu_garnet"
[partitions.quantum]
default_device = "garnet"
"""


@pytest.fixture(scope="module")
def filtered(plugin: Path) -> Iterator[Cluster]:
    with cluster(submit_plugin=SCRIPT.read_text().replace("aurora", "garnet")) as running:
        (running.root / "site.toml").write_text(SITE)
        (running.root / "site.toml").chmod(0o644)
        installed = shutil.copy(plugin, running.root / "qdmikit_spank.so")
        running.set_plugstack(f"required {installed} site={running.root}/site.toml")
        yield running


@pytest.mark.parametrize("command", [("srun", "true"), ("sbatch", "--wrap=true"), ("salloc", "true")])
def test_a_wrong_partition_is_refused_at_submission(filtered: Cluster, command: tuple[str, str]) -> None:
    refused = filtered.run(command[0], "-p", "classical", "--qdmi-device=garnet", command[1])
    assert refused.code != 0
    assert "cannot be used from partition 'classical'. Submit to: --partition=quantum" in refused.err
    assert filtered.run("squeue", "-h").out == ""
    assert filtered.idle_again()


@pytest.mark.parametrize(
    "option", [("--qdmi-device=garnet",), ("--qpu=garnet",), ()], ids=["long", "short", "default"]
)
def test_the_licence_is_added(filtered: Cluster, folder: Path, option: tuple[str, ...]) -> None:
    job, out, err = filtered.batch("echo ran", "-p", "quantum", *option, folder=folder)
    assert (job["JobState"], out, err) == ("COMPLETED", "ran\n", "")
    assert job["Licenses"] == "qpu_garnet:1"
    assert filtered.idle_again()


def test_of_several_partitions_one_with_a_default_device_is_enough(filtered: Cluster, folder: Path) -> None:
    for partitions in ("quantum,classical", "classical,quantum"):
        job, _, err = filtered.batch("true", "-p", partitions, folder=folder)
        assert (job["JobState"], job["Licenses"], err) == ("COMPLETED", "qpu_garnet:1", "")
    assert filtered.idle_again()


def test_each_of_several_partitions_must_do_for_a_device(filtered: Cluster) -> None:
    refused = filtered.run("sbatch", "-p", "quantum,classical", "--qdmi-device=garnet", "--wrap=true")
    assert refused.code != 0
    assert "cannot be used from partition 'classical'. Submit to: --partition=quantum" in refused.err
    assert filtered.idle_again()


def test_a_licence_that_is_asked_for_is_not_added_again(filtered: Cluster, folder: Path) -> None:
    job, _, _ = filtered.batch("true", "-p", "quantum", "-L", "qpu_emerald:1,qpu_garnet:1", folder=folder)
    assert job["JobState"] == "COMPLETED"
    assert sorted(job["Licenses"].split(",")) == ["qpu_emerald:1", "qpu_garnet:1"]
    assert filtered.idle_again()


def test_other_jobs_are_left_alone(filtered: Cluster, folder: Path) -> None:
    job, _, _ = filtered.batch("true", "-p", "classical", folder=folder)
    assert (job["JobState"], job["Licenses"]) == ("COMPLETED", "(null)")
    assert filtered.idle_again()
