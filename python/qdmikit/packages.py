# SPDX-License-Identifier: Apache-2.0
"""Device manifests in installed packages.

A package makes its manifests known by an entry point of the group ``mqt.core.qdmi.manifests`` whose value
names the package; nothing is imported for that.
"""

from __future__ import annotations

import os
import sys
import time
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from qdmikit.errors import ManifestError
from qdmikit.manifest import read_manifest
from qdmikit.ranks import Level

# importlib.metadata is imported where it is used: importing qdmikit must not cost the time that it takes.
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from importlib.metadata import Distribution, EntryPoint
    from typing import TypeAlias

    from qdmikit.manifest import Manifest

    _Source: TypeAlias = "Path | _Unrecorded | ManifestError"

__all__ = ["package_level"]

_ENTRY_POINT_GROUP = "mqt.core.qdmi.manifests"
_SUFFIX = ".qdmi.json"
# mqt-core brings devices of its own, but has no entry point for them: its driver looks beside itself.
_UNADVERTISED = {"mqt-core": "mqt.core"}
_METADATA = (".dist-info", ".egg-info", ".egg")
_CLOCK_TICK_NS = 2_000_000_000
"""The coarsest step in which file systems date changes."""


class _Unrecorded(NamedTuple):
    """A package whose metadata do not tell its files, as editable installs may leave them."""

    package: str
    where: str | None
    """Who advertises the package and must have a manifest in it; None for nobody."""


class _Advertised(NamedTuple):
    """What installed packages make known.

    Attributes
    ----------
    state
        What it was read from; None when that may still be changing.
    sources
        Manifests, packages to look for some in, and what is wrong, in the order of the packages.
    """

    state: object
    sources: tuple[_Source, ...]


_known: _Advertised | None = None


def _settled(date: int) -> bool:
    """Return whether a further change would have another date than this one."""
    return time.time_ns() - date >= _CLOCK_TICK_NS


@lru_cache(maxsize=256)
def _holds_metadata(folder: Path, _date: int) -> bool:
    try:
        return any(path.name.endswith(_METADATA) for path in folder.iterdir())
    except NotADirectoryError:
        return True  # an archive of packages


def _state() -> object:
    """Return what changes whenever a package is installed or removed; None if that cannot be told now.

    Folders are dated when something is put into them or taken out. Those without metadata of packages, such
    as a program's own, change more often and do not matter.
    """
    from importlib.metadata import DistributionFinder

    dates = []
    for folder in map(Path, DistributionFinder.Context().path):
        try:
            date = folder.stat().st_mtime_ns
            look = _holds_metadata if _settled(date) else _holds_metadata.__wrapped__
            if look(folder, date):
                if not _settled(date):
                    return None
                dates.append((folder, date))
        except OSError:
            continue  # it is not there, or may not be entered
    return [finder for finder in sys.meta_path if hasattr(finder, "find_distributions")], dates


def _recorded(package: str, owner: Distribution | None) -> list[Path]:
    folder = PurePosixPath(*package.split("."))
    files = (owner.files if owner is not None else None) or ()
    return [
        Path(str(file.locate()))
        for file in files
        if file.name.endswith(_SUFFIX) and ".." not in file.parts and file.is_relative_to(folder)
    ]


def _sources_of(entry: EntryPoint) -> list[_Source]:
    where = f"entry point '{entry.name}' of group {_ENTRY_POINT_GROUP}"
    if not all(part.isidentifier() for part in entry.value.split(".")):
        return [ManifestError(f"{where}: '{entry.value}' is no package")]
    return _in_package(entry.value, entry.dist, where)


def _in_package(package: str, owner: Distribution | None, where: str | None) -> list[_Source]:
    recorded: list[_Source] = [*_recorded(package, owner)]
    return recorded or [_Unrecorded(package, where)]


def _scan() -> Iterator[_Source]:
    from importlib.metadata import PackageNotFoundError, distribution, entry_points

    for name, package in _UNADVERTISED.items():
        try:
            owner = distribution(name)
        except PackageNotFoundError:
            continue
        yield from _in_package(package, owner, None)
    for entry in entry_points(group=_ENTRY_POINT_GROUP):
        yield from _sources_of(entry)


def _advertised() -> tuple[_Source, ...]:
    """Return what packages make known; their metadata are read again only after one came or went."""
    global _known  # noqa: PLW0603 - what is known is replaced whole, so threads need no lock
    state = _state()
    if _known is None or state is None or state != _known.state:
        _known = _Advertised(state, tuple(_scan()))
    return _known.sources


def _search(unrecorded: _Unrecorded) -> list[Path]:
    from importlib.util import find_spec

    # The top-level package is located without being imported.
    top, *rest = unrecorded.package.split(".")
    spec = find_spec(top)
    locations = spec.submodule_search_locations if spec is not None else None
    folders = [Path(location).joinpath(*rest) for location in locations or ()]
    found = [path for folder in folders for path in sorted(folder.rglob(f"*{_SUFFIX}"))]
    if not found and unrecorded.where is not None:
        raise ManifestError(f"{unrecorded.where}: there is no *{_SUFFIX} in package {unrecorded.package}")
    return found


_parsed: dict[Path, tuple[tuple[int, ...], Manifest]] = {}


def _read(path: Path) -> Manifest:
    """Read a manifest, unless it is known and has not changed."""
    try:
        status = path.stat()
    except OSError as error:
        raise ManifestError(f"device manifest {path} cannot be read: {error}") from error
    state = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    known = _parsed.get(path)
    if known is not None and known[0] == state:
        return known[1]
    manifest = read_manifest(path)
    if _settled(max(status.st_mtime_ns, status.st_ctime_ns)):
        _parsed[path] = (state, manifest)
    return manifest


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
    level = Level("package", manifests=[], unusable=[])
    found: list[Path] = []
    for source in _advertised():
        if isinstance(source, ManifestError):
            level.unusable.append(source)
        elif isinstance(source, Path):
            found.append(source)
        else:
            try:
                found += _search(source)
            except ManifestError as error:
                level.unusable.append(error)
    for path in dict.fromkeys(Path(os.path.realpath(path)) for path in found):
        if path not in already_read:
            try:
                level.manifests.append(_read(path))
            except ManifestError as error:
                level.unusable.append(error)
    return level
