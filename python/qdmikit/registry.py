# SPDX-License-Identifier: Apache-2.0
"""The devices that can be opened by id.

They come from manifests in installed packages. A package makes its manifests known by an entry point of the
group ``mqt.core.qdmi.manifests`` whose value names the package; nothing is imported for that. Neither the
working directory nor the environment is looked at.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

from qdmikit.errors import ManifestError, NotFound
from qdmikit.manifest import DeviceEntry, read_manifest

# importlib.metadata is imported where it is used: it would double the time that importing qdmikit takes.
if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.metadata import Distribution, EntryPoint

__all__ = ["DeviceEntry", "devices", "find"]

_ENTRY_POINT_GROUP = "mqt.core.qdmi.manifests"
_SUFFIX = ".qdmi.json"
# mqt-core brings devices of its own, but has no entry point for them: its driver looks beside itself.
_UNADVERTISED = {"mqt-core": "mqt.core"}


class _Problem(NamedTuple):
    device_id: str | None
    error: ManifestError


class _Catalogue(NamedTuple):
    devices: dict[str, DeviceEntry]
    disabled: dict[str, Path]
    problems: list[_Problem]


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


def _sources(problems: list[_Problem]) -> list[Path]:
    from importlib.metadata import entry_points

    found = list(_unadvertised())
    for entry in entry_points(group=_ENTRY_POINT_GROUP):
        try:
            found += _manifests_of(entry)
        except ManifestError as error:
            problems.append(_Problem(None, error))
    return list(dict.fromkeys(path.resolve() for path in found))


def _catalogue() -> _Catalogue:
    problems: list[_Problem] = []
    claims: defaultdict[str, list[DeviceEntry]] = defaultdict(list)
    disabled: dict[str, Path] = {}
    for source in _sources(problems):
        try:
            manifest = read_manifest(source)
        except ManifestError as error:
            problems.append(_Problem(None, error))
            continue
        problems += [_Problem(device_id, error) for device_id, error in manifest.broken]
        disabled |= dict.fromkeys(manifest.disabled, source)
        for device in manifest.devices:
            claims[device.id].append(device)

    found = {}
    for device_id, entries in claims.items():
        if len(entries) == 1:
            found[device_id] = entries[0]
        else:
            # Which of them is meant must not depend on the order in which packages were installed.
            files = " and ".join(str(entry.source) for entry in entries)
            claim = ManifestError(f"device id '{device_id}' is in several manifests: {files}")
            problems.append(_Problem(device_id, claim))
    return _Catalogue(found, disabled, problems)


def devices() -> list[DeviceEntry]:
    """List the devices that can be opened by id. Loads no library and opens no connection.

    Returns
    -------
    list of DeviceEntry
        Sorted by id.

    Warns
    -----
    RuntimeWarning
        For each manifest or device description that is no good. The others are listed all the same.
    """
    catalogue = _catalogue()
    for problem in catalogue.problems:
        warnings.warn(str(problem.error), RuntimeWarning, stacklevel=2)
    return sorted(catalogue.devices.values(), key=lambda entry: entry.id)


def find(device_id: str) -> DeviceEntry:
    """Return the device with that id.

    Parameters
    ----------
    device_id
        The id.

    Returns
    -------
    DeviceEntry
        What to open.

    Raises
    ------
    ManifestError
        If the description of that device is no good.
    NotFound
        If there is no such device, or it is switched off.
    """
    catalogue = _catalogue()
    for problem in catalogue.problems:
        if problem.device_id == device_id:
            raise problem.error
    if device_id in catalogue.devices:
        return catalogue.devices[device_id]
    if device_id in catalogue.disabled:
        raise NotFound(f"device '{device_id}' is switched off by {catalogue.disabled[device_id]}")
    known = ", ".join(sorted(catalogue.devices)) or "none"
    unread = [f"; {problem.error}" for problem in catalogue.problems if problem.device_id is None]
    raise NotFound(f"there is no device with the id '{device_id}'. Known ids: {known}{''.join(unread)}")
