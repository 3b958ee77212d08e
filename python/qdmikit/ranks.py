# SPDX-License-Identifier: Apache-2.0
"""Where device manifests may come from, and which of them win."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from qdmikit.errors import ManifestError
    from qdmikit.manifest import Manifest

Rank = Literal["environment", "user", "system", "package"]


class Level(NamedTuple):
    """The manifests of equal strength: two of them must not describe the same device.

    Attributes
    ----------
    rank : str
        Whose manifests they are.
    manifests : list of Manifest
        Those that could be read.
    unusable : list of ManifestError
        What is wrong with the others.
    """

    rank: Rank
    manifests: list[Manifest]
    unusable: list[ManifestError]
