# SPDX-License-Identifier: Apache-2.0
"""Devices as tables for a terminal."""

from collections.abc import Iterable, Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from qdmikit import Device, DeviceEntry, Operation, Site

_UNKNOWN = "-"


def devices_table(entries: Iterable[DeviceEntry]) -> Table:
    """Return a table of devices that can be opened by id."""
    table = Table(title="QDMI devices")
    table.add_column("id", no_wrap=True)
    table.add_column("prefix")
    table.add_column("library")
    table.add_column("rank")
    table.add_column("source", overflow="fold")
    for entry in entries:
        row = (entry.id, entry.prefix, entry.library.name, entry.rank, str(entry.source))
        table.add_row(*map(escape, row))
    return table


def places_table(rows: Iterable[Mapping[str, Any]]) -> Table:
    """Return a table of the places of the configuration, from the rows of `qdmikit config path --json`."""
    table = Table(title="Where manifests are looked for, the strongest first")
    table.add_column("rank")
    table.add_column("place", overflow="fold")
    table.add_column("found", overflow="fold")
    for row in rows:
        place = " ".join(str(part) for part in (row["variable"], row["path"]) if part is not None)
        found = "\n".join([*row["manifests"], *(f"PROBLEM {problem}" for problem in row["problems"])])
        nothing = "nothing in it" if row["found"] else "not set" if row["path"] is None else "not there"
        table.add_row(row["rank"], escape(place or "installed packages"), escape(found or nothing))
    return table


def device_table(device: Device, max_sites: int = 128) -> Table:
    """Return a table of a device's sites.

    Parameters
    ----------
    device
        The open device.
    max_sites
        How many sites to show; a simulator may have tens of thousands.

    Returns ------- One row per site: name, T1 and T2 in microseconds, and for each operation that lists its
    sites the best fidelity among the loci which the site is part of. Operations that act anywhere are in the
    caption.
    """
    sites = device.sites
    shown = sites[:max_sites]
    local = {operation.name: _best_fidelities(operation) for operation in device.operations}
    columns = {name: best for name, best in local.items() if best}
    table = Table(title=_title(device), caption=_caption(device, len(sites) - len(shown)))
    table.add_column("site", no_wrap=True)
    table.add_column("T1 [µs]", justify="right")
    table.add_column("T2 [µs]", justify="right")
    for name in columns:
        table.add_column(f"F({name})", justify="right")
    for site in shown:
        table.add_row(
            _site_name(site),
            _number(site.t1, 1e6, 1),
            _number(site.t2, 1e6, 1),
            *(_number(best.get(site), 1.0, 4) for best in columns.values()),
        )
    return table


def _title(device: Device) -> str:
    status = "" if device.status is None else f", {device.status.name.lower()}"
    return escape(f"{device.name} {device.version}, {device.qubits_num} qubits{status}")


def _caption(device: Device, hidden: int) -> str | None:
    lines = []
    anywhere = [operation.name for operation in device.operations if operation.sites is None]
    if anywhere:
        lines.append(f"on any sites: {', '.join(anywhere)}")
    if any(operation.sites is not None for operation in device.operations):
        lines.append("F: best fidelity of the operation at the site")
    if hidden:
        lines.append(f"{hidden} more sites")
    return "\n".join(lines) or None


def _best_fidelities(operation: Operation) -> dict[Site, float]:
    best: dict[Site, float] = {}
    for locus in operation.sites or ():
        fidelity = operation.fidelity(*locus)
        if fidelity is None:
            continue
        for site in locus:
            best[site] = max(fidelity, best.get(site, 0.0))
    return best


def _site_name(site: Site) -> str:
    return escape(site.name or str(site.index))


def _number(value: float | None, scale: float, digits: int) -> str:
    return _UNKNOWN if value is None else f"{value * scale:.{digits}f}"
