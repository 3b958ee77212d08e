# SPDX-License-Identifier: Apache-2.0
"""A cluster as an operator sets it up who has the plugin."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cluster import Cluster, cluster

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def with_plugin(plugin: Path, owner: str | None = None) -> Iterator[Cluster]:
    """Run a cluster with the plugin, whose site file is what a test writes."""
    with cluster(owner=owner) as running:
        folder = running.root / "site"
        folder.mkdir(mode=0o755)
        installed = shutil.copy(plugin, running.root / "qdmikit_spank.so")
        running.set_plugstack(f"required {installed} site={folder}/site.toml")
        yield running
