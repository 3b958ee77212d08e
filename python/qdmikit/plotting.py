# SPDX-License-Identifier: Apache-2.0
"""Drawing devices: the lattice of sites and couplers, coloured by figures of merit.

Needs matplotlib: ``pip install "qdmikit[plot]"``.
"""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from qdmikit.errors import InvalidArgument, LibraryNotFound, NotSupported
from qdmikit.layout import layout

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.patheffects import AbstractPathEffect

    from qdmikit import Device, Operation, Site
    from qdmikit.layout import Points

__all__ = ["check_plot_file", "plot_device", "save_plot"]

_FORMATS = (".png", ".svg", ".pdf")
_MOST_SITES = 2000
_COLORS = ("t1", "t2", "fidelity")
_MAP = "viridis"
_UNKNOWN = "lightgrey"
_COUPLERS = "plasma"


class _Panel(NamedTuple):
    """What sites are coloured by in one drawing."""

    title: str
    values: Mapping[Site, float]


def check_plot_file(path: str | os.PathLike[str]) -> None:
    """Tell early whether a plot could be written.

    Parameters
    ----------
    path
        Where to.

    Raises
    ------
    LibraryNotFound
        If matplotlib is not installed.
    InvalidArgument
        If the name tells no format that can be drawn, or the folder is not there.
    """
    _require_matplotlib()
    file = Path(path)
    if file.suffix.lower() not in _FORMATS:
        raise InvalidArgument(
            f"cannot draw into {file}: its name must end with {', '.join(_FORMATS)}", kind="InvalidFile"
        )
    if not file.parent.is_dir():
        raise InvalidArgument(
            f"cannot draw into {file}: there is no folder {file.parent}", kind="InvalidFile"
        )


def save_plot(device: Device, path: str | os.PathLike[str], *, colors: Sequence[str] | None = None) -> None:
    """Draw a device into a file.

    Parameters
    ----------
    device
        The open device.
    path
        Where to: PNG, SVG or PDF, as its name ends.
    colors
        See `plot_device`.

    Raises
    ------
    LibraryNotFound
        If matplotlib is not installed.
    InvalidArgument
        If the name tells no format, the file cannot be written, or a colour is none of those.
    NotSupported
        If the device has too many sites to be seen, or knows nothing to colour them by.
    """
    check_plot_file(path)
    figure = plot_device(device, colors=colors)
    try:
        figure.savefig(path, bbox_inches="tight")
    except OSError as error:
        raise InvalidArgument(f"cannot draw into {path}: {error.strerror}", kind="InvalidFile") from error


def plot_device(device: Device, *, colors: Sequence[str] | None = None) -> Figure:
    """Draw a device's lattice: each site a circle, each coupler a line, coloured by figures of merit.

    Parameters
    ----------
    device
        The open device. Its couplers are coloured by the best fidelity of its two-qubit operations there.
    colors
        What sites are coloured by, a drawing for each: ``"t1"``, ``"t2"``, ``"fidelity"`` (of the best
        operation on one qubit). None: all that the device knows.

    Returns
    -------
    Figure
        Not shown yet; it belongs to no window.

    Raises
    ------
    LibraryNotFound
        If matplotlib is not installed.
    InvalidArgument
        If a colour is none of those.
    NotSupported
        If the device has too many sites to be seen, or does not know what sites are to be coloured by.
    """
    _require_matplotlib()
    from matplotlib.figure import Figure

    sites = [site for site in device.sites if not site.is_zone]
    if len(sites) > _MOST_SITES:
        raise NotSupported(
            f"cannot draw {device.name}: of its {len(sites)} sites nothing could be seen; "
            f"up to {_MOST_SITES} can be drawn"
        )
    panels = _panels(device, sites, colors)
    position = {site: number for number, site in enumerate(sites)}
    couplers = _couplers(device, position)
    points = layout(len(sites), couplers)
    columns = len(panels)
    width, height = _size(points)
    figure = Figure(figsize=(columns * width, height), layout="constrained")
    figure.suptitle(f"{device.name} {device.version}")
    for axes, panel in zip(figure.subplots(1, columns, squeeze=False)[0], panels, strict=True):
        _draw(axes, panel, sites, points, couplers)
    return figure


def _require_matplotlib() -> None:
    try:
        import matplotlib  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "matplotlib":
            raise
        raise LibraryNotFound(
            'plots need matplotlib, which is not installed. Remedy: pip install "qdmikit[plot]"',
            kind="MissingExtra",
        ) from None


def _panels(device: Device, sites: Sequence[Site], colors: Sequence[str] | None) -> list[_Panel]:
    unknown = [color for color in colors or () if color not in _COLORS]
    if unknown:
        raise InvalidArgument(f"sites cannot be coloured by {unknown[0]!r}, only by {', '.join(_COLORS)}")
    figures = {
        "t1": _Panel("T1 [µs]", {site: site.t1 * 1e6 for site in sites if site.t1 is not None}),
        "t2": _Panel("T2 [µs]", {site: site.t2 * 1e6 for site in sites if site.t2 is not None}),
        "fidelity": _Panel("one-qubit fidelity", _best_alone(device)),
    }
    chosen = list(dict.fromkeys(colors)) if colors else [name for name in _COLORS if figures[name].values]
    for name in chosen:
        if not figures[name].values:
            raise NotSupported(f"cannot colour the sites of {device.name} by {name}: it tells none")
    return [figures[name] for name in chosen] or [_Panel("sites", {})]


def _best_alone(device: Device) -> dict[Site, float]:
    best: dict[Site, float] = {}
    for operation in device.operations:
        # A measurement's figure is another one, and would hide those of gates.
        if operation.qubits_num == 1 and not operation.name.startswith(("measure", "reset", "read")):
            for (site, *_), fidelity in _fidelities(operation):
                best[site] = max(fidelity, best.get(site, 0.0))
    return best


def _fidelities(operation: Operation) -> list[tuple[tuple[Site, ...], float]]:
    known = ((locus, operation.fidelity(*locus)) for locus in operation.sites or ())
    return [(locus, fidelity) for locus, fidelity in known if fidelity is not None]


def _couplers(device: Device, position: Mapping[Site, int]) -> dict[tuple[int, int], float | None]:
    """Return the couplers, each once, with the best fidelity of an operation there, if one is known."""
    found: dict[tuple[int, int], float | None] = {}

    def add(locus: Sequence[Site], fidelity: float | None) -> None:
        if all(site in position for site in locus):
            one, other = sorted(position[site] for site in locus)
            known = found.get((one, other))
            found[one, other] = fidelity if known is None else max(known, fidelity or 0.0)

    for pair in device.coupling_map or ():
        add(pair, None)
    for operation in device.operations:
        if operation.qubits_num == 2:
            for locus, fidelity in _fidelities(operation):
                add(locus, fidelity)
    return found


def _size(points: Points) -> tuple[float, float]:
    """Return the size of one drawing in inches."""
    extent = points.max(axis=0) - points.min(axis=0) + 1.0 if len(points) else (1.0, 1.0)
    scale = min(0.7, 14.0 / max(extent))
    return max(4.0, float(extent[0]) * scale + 3.0), max(3.0, float(extent[1]) * scale + 1.5)


def _draw(
    axes: Axes,
    panel: _Panel,
    sites: Sequence[Site],
    points: Points,
    couplers: Mapping[tuple[int, int], float | None],
) -> None:
    from matplotlib.collections import LineCollection

    axes.set_title(panel.title)
    axes.set_aspect("equal")
    axes.set_axis_off()
    known = [(pair, fidelity) for pair, fidelity in couplers.items() if fidelity is not None]
    others = [pair for pair, fidelity in couplers.items() if fidelity is None]
    axes.add_collection(
        LineCollection([points[list(pair)] for pair in others], colors=_UNKNOWN, linewidths=3, zorder=1)
    )
    lines = LineCollection([points[list(pair)] for pair, _ in known], cmap=_COUPLERS, linewidths=4, zorder=2)
    if known:
        lines.set_array([fidelity for _, fidelity in known])
        axes.figure.colorbar(lines, ax=axes, shrink=0.7, label="two-qubit fidelity")
    axes.add_collection(lines)
    radius = 340.0 if len(sites) <= 64 else max(20.0, 340.0 * 64 / len(sites))
    dark = [number for number, site in enumerate(sites) if site not in panel.values]
    axes.scatter(
        points[dark, 0],
        points[dark, 1],
        s=radius,
        color=_UNKNOWN,
        edgecolors="black",
        linewidths=0.6,
        zorder=3,
    )
    lit = [number for number, site in enumerate(sites) if site in panel.values]
    if lit:
        values = [panel.values[sites[number]] for number in lit]
        circles = axes.scatter(
            points[lit, 0],
            points[lit, 1],
            s=radius,
            c=values,
            cmap=_MAP,
            edgecolors="black",
            linewidths=0.6,
            zorder=3,
        )
        axes.figure.colorbar(circles, ax=axes, shrink=0.7, label=panel.title)
    if len(sites) <= 200:
        size = 7 if len(sites) <= 64 else 4
        for site, (x, y) in zip(sites, points, strict=True):
            text = axes.text(
                x, y, site.name or str(site.index), ha="center", va="center", fontsize=size, zorder=4
            )
            text.set_path_effects(_outline())
    axes.margins(max(0.05, 0.6 / math.sqrt(max(len(sites), 1))))


def _outline() -> list[AbstractPathEffect]:
    """Return what keeps a name legible on any colour."""
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=1.6, foreground="white")]
