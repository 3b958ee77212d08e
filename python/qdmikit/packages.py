# SPDX-License-Identifier: Apache-2.0
"""Device manifests in installed packages.

A package makes its manifests known by an entry point of the group ``mqt.core.qdmi.manifests`` whose value
names the package; nothing is imported for that.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from qdmikit.errors import ManifestError
from qdmikit.manifest import read_manifest
from qdmikit.ranks import Level

# importlib.metadata is imported where it is used: listing no devices must not cost the time that it takes.
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from importlib.metadata import Distribution, EntryPoint

__all__ = ["package_level"]

_ENTRY_POINT_GROUP = "mqt.core.qdmi.manifests"
_SUFFIX = ".qdmi.json"
# mqt-core brings devices of its own, but has no entry point for them: its driver looks beside itself.
_UNADVERTISED = {"mqt-core": "mqt.core"}


def _files_below(package: str, owner: Distribution | None) -> list[Path]:
    folder = PurePosixPath(*package.split("."))
    files = (owner.files if owner is not None else None) or ()
    recorded = [
        Path(str(file.locate()))
        for file in files
        if file.name.endswith(_SUFFIX) and ".." not in file.parts and file.is_relative_to(folder)
    ]
    if recorded:
        return recorded
    from importlib.util import find_spec

    # Editable installs may record no files. The top-level package is located without being imported.
    top, *rest = package.split(".")
    spec = find_spec(top)
    locations = spec.submodule_search_locations if spec is not None else None
    folders = [Path(location).joinpath(*rest) for location in locations or ()]
    return [path for folder in folders for path in sorted(folder.rglob(f"*{_SUFFIX}"))]


def _manifests_of(entry: EntryPoint) -> list[Path]:
    where = f"entry point '{entry.name}' of group {_ENTRY_POINT_GROUP}"
    if not all(part.isidentifier() for part in entry.value.split(".")):
        raise ManifestError(f"{where}: '{entry.value}' is no package")
    found = _files_below(entry.value, entry.dist)
    if not found:
        raise ManifestError(f"{where}: there is no *{_SUFFIX} in package {entry.value}")
    return found


def _unadvertised() -> Iterator[Path]:
    from importlib.metadata import PackageNotFoundError, distribution

    for name, package in _UNADVERTISED.items():
        try:
            owner = distribution(name)
        except PackageNotFoundError:
            continue
        yield from _files_below(package, owner)


def package_level(already_read: Collection[Path]) -> Level:
    """Read the manifests of installed packages.

    Parameters
    ----------
    already_read
        Files, as absolute paths without symbolic links, that a stronger source has read.

    Returns
    -------
    Level
        The weakest.
    """
    from importlib.metadata import entry_points

    level = Level("package", manifests=[], unusable=[])
    found = list(_unadvertised())
    for entry in entry_points(group=_ENTRY_POINT_GROUP):
        try:
            found += _manifests_of(entry)
        except ManifestError as error:
            level.unusable.append(error)
    for source in dict.fromkeys(path.resolve() for path in found):
        if source not in already_read:
            try:
                level.manifests.append(read_manifest(source))
            except ManifestError as error:
                level.unusable.append(error)
    return level
