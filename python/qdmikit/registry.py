# SPDX-License-Identifier: Apache-2.0
"""The devices that can be opened by id, and which source wins when several describe the same one."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

from qdmikit.errors import ManifestError, NotFound
from qdmikit.session import overlaid

# What reads manifests is imported where it is used: programs that open a library by its path do not need it.
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from qdmikit.manifest import Description, Library
    from qdmikit.ranks import Level, Rank

__all__ = ["Claim", "DeviceEntry", "claims", "devices", "find"]


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """A device that can be opened by its id.

    Attributes
    ----------
    id : str
        For `qdmikit.open_device`.
    library : Path
        The device library; it need not exist.
    prefix : str
        What stands before ``_QDMI_`` in the library's symbols.
    session : mapping
        Default session parameters, keyed like the arguments of `qdmikit.open_device`. May hold secrets.
    source : Path or str
        The manifest that names the library: a file, or the name of an environment variable that holds it.
    rank : str
        Whose manifest that is: ``"environment"``, ``"user"``, ``"system"`` or ``"package"``.
    session_sources : mapping
        For each of the session parameters the manifest that gives it. Stronger ones may add to `source`.
    """

    id: str
    library: Path
    prefix: str
    session: Mapping[str, str] = field(repr=False)
    source: Path | str
    rank: Rank
    session_sources: Mapping[str, Path | str]


def _entry(definition: Description, library: Library, rank: Rank, changes: list[Description]) -> DeviceEntry:
    """Make an entry of a description and of those that change it, the strongest first."""
    session = dict(definition.session)
    sources = dict.fromkeys(session, definition.source)
    for change in reversed(changes):
        session = overlaid(session, change.session, change.replaced)
        sources = {name: change.source if name in change.session else sources[name] for name in session}
    return DeviceEntry(
        id=definition.id,
        library=library.path,
        prefix=library.prefix,
        session=session,
        source=definition.source,
        rank=rank,
        session_sources=sources,
    )


def _unclear(level: Level) -> ManifestError | None:
    """Tell why it is not known which devices a level describes."""
    if level.rank == "package":
        return None  # a package describes its own devices only
    lost = [
        error for manifest in level.manifests for device_id, error in manifest.broken if device_id is None
    ]
    return next(iter([*level.unusable, *lost]), None)


def _claim(level: Level, device_id: str) -> Description | None:
    """Return what a level says about a device."""
    for manifest in level.manifests:
        for broken_id, error in manifest.broken:
            if broken_id == device_id:
                raise error
    claims = [device for manifest in level.manifests for device in manifest.devices if device.id == device_id]
    if len(claims) > 1:
        # Which of them is meant must not depend on the order in which packages were installed.
        files = " and ".join(str(claim.source) for claim in claims)
        raise ManifestError(
            f"device id '{device_id}' is in several manifests: {files}. "
            "Remedy: remove all but one of them, or describe the device in a stronger source"
        )
    return claims[0] if claims else None


def _resolve(levels: list[Level], device_id: str, *, careful: bool) -> DeviceEntry | None:
    """Find a device; a careful search does not go past a configuration that might have described it."""
    changes: list[Description] = []
    switched_on = False
    for level in levels:
        claim = _claim(level, device_id)
        if claim is None:
            error = _unclear(level) if careful else None
            if error is not None:
                raise error
            continue
        if claim.enabled is False and not switched_on:
            raise NotFound(
                f"device '{device_id}' is switched off by {claim.source}; "
                '"enabled": true in a stronger source switches it on',
                kind="SwitchedOff",
            )
        switched_on = switched_on or claim.enabled is True
        if claim.library is not None:
            return _entry(claim, claim.library, level.rank, changes)
        changes.append(claim)
    if changes:
        raise ManifestError(
            f"device manifest {changes[-1].source}: device '{device_id}' has no 'library', "
            "and no weaker source describes it. Remedy: give 'library' and 'prefix', or correct the id"
        )
    return None


def _levels() -> list[Level]:
    from qdmikit.configuration import configured_levels
    from qdmikit.packages import package_level

    levels, files = configured_levels()
    return [*levels, package_level(files)]


def _listed(levels: list[Level]) -> tuple[list[DeviceEntry], list[ManifestError]]:
    """List devices, sorted by id, and whatever is no good."""
    manifests = [manifest for level in levels for manifest in level.manifests]
    problems = [error for level in levels for error in level.unusable]
    problems += [error for manifest in manifests for _, error in manifest.broken]
    found = []
    for device_id in sorted({device.id for manifest in manifests for device in manifest.devices}):
        try:
            entry = _resolve(levels, device_id, careful=False)
        except NotFound:  # it is switched off
            continue
        except ManifestError as error:
            if error not in problems:
                problems.append(error)
        else:
            if entry is not None:
                found.append(entry)
    return found, problems


def devices() -> list[DeviceEntry]:
    """List the devices that can be opened by id. Loads no library and opens no connection.

    Returns
    -------
    list of DeviceEntry
        Sorted by id.

    Warns
    -----
    RuntimeWarning
        For each manifest or device description that is no good. The others are listed all the same, but while
        a manifest of the configuration is no good, `open_device` opens nothing that it could have described.
    """
    found, problems = _listed(_levels())
    for problem in problems:
        warnings.warn(str(problem), RuntimeWarning, stacklevel=2)
    return found


class Claim(NamedTuple):
    """What one manifest has to do with a device.

    Attributes
    ----------
    rank : str
        Whose manifest it is.
    source : Path or str
        The manifest.
    role : str
        ``"defines"`` the device, ``"changes"`` it, switches it ``"off"`` or back ``"on"``, or is
        ``"shadowed"`` by a stronger one and does not count.
    """

    rank: Rank
    source: Path | str
    role: Literal["defines", "changes", "off", "on", "shadowed"]


def claims(device_id: str) -> list[Claim]:
    """Tell which manifests speak of a device, the strongest first.

    Parameters
    ----------
    device_id
        The id.

    Returns
    -------
    list of Claim
        Broken descriptions are left out: `find` tells of those that matter.
    """
    found: list[Claim] = []
    decided = switched_on = False
    for level in _levels():
        for manifest in level.manifests:
            for device in manifest.devices:
                if device.id != device_id:
                    continue
                role: Literal["defines", "changes", "off", "on", "shadowed"] = "changes"
                if decided:
                    role = "shadowed"
                elif device.enabled is False and not switched_on:
                    role, decided = "off", True
                elif device.library is not None:
                    role, decided = "defines", True
                elif device.enabled is True:
                    role = "on"
                switched_on = switched_on or device.enabled is True
                found.append(Claim(level.rank, device.source, role))
    return found


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
        If the description of that device is no good, or a manifest that might describe it cannot be used.
    NotFound
        If there is no such device, or it is switched off.
    """
    levels = _levels()
    entry = _resolve(levels, device_id, careful=True)
    if entry is not None:
        return entry
    known = ", ".join(entry.id for entry in _listed(levels)[0]) or "none"
    unread = "".join(f"; {error}" for level in levels for error in level.unusable)
    raise NotFound(f"there is no device with the id '{device_id}'. Known ids: {known}{unread}")
