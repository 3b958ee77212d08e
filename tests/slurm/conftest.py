# SPDX-License-Identifier: Apache-2.0
"""A cluster with the plugin, a site file for it, and mock servers behind it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

from aurora import TOKEN
from guarded_cluster import with_plugin
from site_file import SiteFile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cluster import Cluster

ROOT = Path(__file__).parents[2]
TREE = ROOT / "build" / "spank"
BUILD_PYTHON = ROOT / ".venv" / "bin" / "python"  # the tests' own environment lacks what the build needs
USER = "games"  # a user that each Debian has


@pytest.fixture(scope="session")
def plugin() -> Path:
    """Build the plugin as an operator does."""
    launchers = ("-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    subprocess.run(
        [
            *("cmake", "-G", "Ninja", "-S", ROOT, "-B", TREE, "-DCMAKE_BUILD_TYPE=Release"),
            *(launchers if shutil.which("ccache") else ()),
            *("-DQDMIKIT_BUILD_SPANK=ON", f"-DPython_EXECUTABLE={BUILD_PYTHON}"),
            *("-DQDMIKIT_FETCH_DEPENDENCIES=OFF", f"-Dcpr_ROOT={ROOT / '.deps' / 'cpr'}"),
        ],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    subprocess.run(
        ["cmake", "--build", TREE, "--target", "qdmikit_spank", "qdmikit_site_check"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return TREE / "cpp" / "spank" / "qdmikit_spank.so"


@pytest.fixture(scope="session", params=["root", "ordinary"] if os.geteuid() == 0 else ["ordinary"])
def slurm(plugin: Path, request: pytest.FixtureRequest) -> Iterator[Cluster]:
    """Run the cluster that all tests share; each leaves it idle. One is root's, one an ordinary user's."""
    owner = USER if os.geteuid() == 0 and request.param == "ordinary" else None
    with with_plugin(plugin, owner) as running:
        yield running


@pytest.fixture
def site(slurm: Cluster) -> SiteFile:
    """Give the site file of the cluster, without a device yet."""
    file = SiteFile(slurm.root / "site" / "site.toml", slurm.root / "site")
    file.path.unlink(missing_ok=True)
    return file


@pytest.fixture
def tokens(site: SiteFile) -> Path:
    """Give the tokens file of the site's quantum computer, for jobs of whoever runs the tests."""
    return site.tokens_file("aurora.json", token=TOKEN, mode=0o600)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder where any user may write; pytest's own are closed to others, whenever one starts."""
    with tempfile.TemporaryDirectory(prefix="qdmikit-job-") as made:
        Path(made).chmod(0o777)
        yield Path(made)


@pytest.fixture(scope="session")
def job_user() -> str | None:
    """Give the user whose jobs are tested: an ordinary one."""
    return USER if os.geteuid() == 0 else None
