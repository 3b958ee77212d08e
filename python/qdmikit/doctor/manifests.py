# SPDX-License-Identifier: Apache-2.0
"""Looking at the manifests: what is wrong with them, and which of several wins."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from qdmikit import registry
from qdmikit.diagnosis import diagnose
from qdmikit.doctor.finding import Finding
from qdmikit.errors import ManifestError, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qdmikit.registry import Claim, DeviceEntry

_ALL = "all manifests"


def examine_manifests() -> Iterator[Finding]:
    """Read every manifest.

    Yields
    ------
    Finding
        One for each that is no good; one for all when none is.
    """
    tried = "read the manifests of the environment, the user, the system and installed packages"
    with warnings.catch_warnings(record=True) as problems:
        warnings.simplefilter("always")
        found = registry.devices()
    for problem in problems:
        remedy = diagnose(ManifestError("")).remedy
        yield Finding("configuration", "problem", _ALL, tried, str(problem.message), remedy, "configuration")
    if not problems:
        yield Finding("configuration", "ok", _ALL, tried, f"{len(found)} devices are described")


def find_entry(device_id: str) -> tuple[DeviceEntry | None, Finding]:
    """Look a device up.

    Parameters
    ----------
    device_id
        Its id.

    Returns
    -------
    tuple
        What to open, None if that is not known, and what was found.
    """
    tried = "looked for the device in the manifests"
    try:
        entry = registry.find(device_id)
    except (ManifestError, NotFound) as error:
        diagnosis = diagnose(error)
        remedy = diagnosis.remedy
        if "Remedy: " in str(error):  # the text has one that fits better
            remedy = str(error).partition("Remedy: ")[2]
        return None, Finding(
            "configuration", "problem", device_id, tried, str(error), remedy, diagnosis.category
        )
    changed = sorted({str(source) for source in entry.session_sources.values()} - {str(entry.source)})
    answer = f"described by {entry.source} ({entry.rank})"
    if changed:
        answer += f", session defaults changed by {', '.join(changed)}"
    return entry, Finding("configuration", "ok", device_id, tried, answer)


def examine_claims(device_id: str) -> Iterator[Finding]:
    """Tell which descriptions of a device do not count because a stronger one stands for itself.

    Parameters
    ----------
    device_id
        Its id.

    Yields
    ------
    Finding
        One for each of them.
    """
    claims = registry.claims(device_id)
    decisive = next((claim for claim in claims if claim.role == "defines"), None)
    for claim in claims:
        if claim.role == "shadowed" and decisive is not None:
            yield _shadowed(device_id, claim, decisive)


def _shadowed(device_id: str, claim: Claim, decisive: Claim) -> Finding:
    return Finding(
        "configuration",
        "warning",
        device_id,
        "compared all descriptions of the device",
        f"{claim.source} ({claim.rank}) does not count: {decisive.source} ({decisive.rank}) describes the "
        "same device in full and is stronger",
        "remove one of the two; or take 'library' and 'prefix' out of the stronger one, which then only "
        "changes the session defaults of the weaker",
    )
