# SPDX-License-Identifier: Apache-2.0
"""The order in which things are looked at: what later checks rest on comes first."""

from __future__ import annotations

import dataclasses
import warnings
from typing import TYPE_CHECKING

from qdmikit import registry
from qdmikit.doctor.files import examine_certificates, examine_credentials, examine_environment
from qdmikit.doctor.library_file import examine_library
from qdmikit.doctor.manifests import examine_claims, examine_manifests, find_entry
from qdmikit.doctor.probe import examine_session
from qdmikit.session import overlaid

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qdmikit.doctor.finding import Finding
    from qdmikit.registry import DeviceEntry


def examine(
    device_id: str | None = None, session: Mapping[str, str] | None = None, *, seconds: float = 60.0
) -> Iterator[Finding]:
    """Examine a device, or all that there are.

    Parameters
    ----------
    device_id
        The device's; None: all devices. Then a device of a package that nobody has configured may fail to
        open: that is a note, no problem.
    session
        Session parameters that win over those of the manifests, keyed like the arguments of
        `qdmikit.open_device`.
    seconds
        How long opening one device may take.

    Yields
    ------
    Finding
        As soon as it is found. Texts may hold secrets that a device has told: see `qdmikit.masking`.
    """
    yield from examine_manifests()
    yield from examine_certificates()
    if device_id is not None:
        yield from _device(device_id, session or {}, seconds)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # they have been reported
        entries = registry.devices()
    for entry in entries:
        for finding in _device(entry.id, session or {}, seconds):
            yield _excused(finding) if _is_unconfigured(entry, session) else finding


def _device(device_id: str, session: Mapping[str, str], seconds: float) -> Iterator[Finding]:
    entry, finding = find_entry(device_id)
    yield finding
    yield from examine_claims(device_id)
    if entry is None:
        return
    library = examine_library(entry)
    yield library
    if library.level == "problem":
        return
    parameters = overlaid(entry.session, session)
    yield from examine_environment(entry)
    yield from examine_credentials(entry, parameters)
    yield examine_session(entry, parameters, seconds)


def _is_unconfigured(entry: DeviceEntry, session: Mapping[str, str] | None) -> bool:
    return entry.rank == "package" and set(entry.session_sources.values()) <= {entry.source} and not session


def _excused(finding: Finding) -> Finding:
    if finding.check != "session" or finding.category not in {"configuration", "authentication"}:
        return finding
    return dataclasses.replace(finding, level="note", category=None)
