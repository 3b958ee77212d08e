# SPDX-License-Identifier: Apache-2.0
"""The plugin as a file that Slurm's daemons load."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from cluster import Cluster
    from site_file import SiteFile

HOOKS = {
    *("plugin_name", "plugin_type", "plugin_version", "spank_plugin_version"),
    *("slurm_spank_init", "slurm_spank_init_post_opt", "slurm_spank_local_user_init"),
    *("slurm_spank_user_init", "slurm_spank_task_init"),
}
MOST_BYTES = 1_500_000


def printed(*command: str | Path) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_only_slurms_symbols_are_exported(plugin: Path) -> None:
    symbols = {line.split()[-1] for line in printed("nm", "-D", "--defined-only", plugin).splitlines()}
    assert symbols == HOOKS


def test_only_the_c_library_is_needed(plugin: Path) -> None:
    needed = {
        line.split()[0].rsplit("/", 1)[-1].split(".")[0] for line in printed("ldd", plugin).splitlines()
    }
    assert needed <= {"linux-vdso", "libc", "libm", "ld-linux-x86-64", "ld-linux-aarch64"}


def test_it_is_small(plugin: Path, tmp_path: Path) -> None:
    stripped = tmp_path / "stripped.so"
    shutil.copy(plugin, stripped)
    subprocess.run(["strip", stripped], check=True)
    assert stripped.stat().st_size < MOST_BYTES


def test_daemons_steps_and_clients_load_it(slurm: Cluster, site: SiteFile, job_user: str | None) -> None:
    """The clients show its option, a step its effect; slurmd would not have started without it."""
    site.write('[devices.garnet]\nurl = "https://garnet.example.org"\n')
    for command in ("srun", "sbatch", "salloc"):
        assert "--qdmi-device=NAME" in slurm.run(command, "--help").out
    found = slurm.run("srun", "--qdmi-device=garnet", "printenv", "QDMI_ENDPOINT", user=job_user)
    assert found == (0, "https://garnet.example.org\n", "")
    assert slurm.idle_again()


def test_an_unknown_argument_in_plugstack_conf_is_told_to_those_who_ask_for_a_device(
    slurm: Cluster, job_user: str | None
) -> None:
    plugstack = slurm.root / "etc" / "plugstack.conf"
    before = plugstack.read_text()
    slurm.set_plugstack(before.strip() + " sight=/etc/site.toml")
    try:
        refused = slurm.run("srun", "--qdmi-device=garnet", "true", user=job_user)
        assert refused.code != 0
        assert "plugstack.conf gives the plugin the unknown argument 'sight=/etc/site.toml'" in refused.err
        assert slurm.run("srun", "echo", "ran", user=job_user) == (0, "ran\n", "")
    finally:
        plugstack.write_text(before)
    assert slurm.idle_again()
