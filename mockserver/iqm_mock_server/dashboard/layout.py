# SPDX-License-Identifier: Apache-2.0
"""Where the dashboard draws the components of a machine.

Positions are in units of the distance between two neighbours of a lattice, x to the right, y downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from iqm_mock_server.dashboard.grid import embed
from iqm_mock_server.dashboard.springs import relax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iqm_mock_server.machines import Machine

Names = tuple[str, ...]
Couplers = tuple[tuple[str, str], ...]

_OVERHANG = 0.6
"""By how much a resonator's bar is longer than the row of its qubits' centres."""


@dataclass(frozen=True, slots=True)
class Site:
    """One component of a machine, drawn with its centre at (`x`, `y`).

    Parameters
    ----------
    span
        Length along x; 0 is a point, anything else a bar.
    """

    name: str
    resonator: bool
    x: float
    y: float
    span: float = 0.0


def arrange(machine: Machine) -> tuple[Site, ...]:
    """Return the sites of a machine, qubits first, from (0, 0) onwards.

    A machine that gives positions is drawn there. One whose couplers all lead to resonators is drawn as bars
    with their qubits on both sides; any other on the square lattice it is part of, and where there is none,
    as a graph at rest between springs.
    """
    if machine.positions is not None:
        resonators = set(machine.computational_resonators)
        given = [(name, machine.positions[name]) for name in machine.components]
        return _from_origin([Site(name, name in resonators, x, y) for name, (x, y) in given])
    return _arrange(machine.qubits, machine.computational_resonators, machine.connectivity)


@lru_cache(maxsize=32)
def _arrange(qubits: Names, resonators: Names, connectivity: Couplers) -> tuple[Site, ...]:
    if resonators and all((left in resonators) != (right in resonators) for left, right in connectivity):
        return _from_origin(_bars(qubits, resonators, connectivity))
    order = {name: index for index, name in enumerate(qubits + resonators)}
    pairs = [(order[left], order[right]) for left, right in connectivity]
    points: Sequence[tuple[float, float]] | None = embed(len(order), pairs)
    if points is None:
        points = relax(len(order), pairs)
    return _from_origin(
        [Site(name, name in resonators, x, y) for name, (x, y) in zip(order, points, strict=True)]
    )


def _bars(qubits: Names, resonators: Names, connectivity: Couplers) -> list[Site]:
    placed: dict[str, Site] = {}
    bars = []
    top = 0.0
    for resonator in resonators:
        coupled = {name for pair in connectivity if resonator in pair for name in pair}
        own = [name for name in qubits if name in coupled and name not in placed]
        columns = max(1, -(-len(own) // 2))
        for index, name in enumerate(own):
            row, column = divmod(index, columns)
            placed[name] = Site(name, resonator=False, x=column, y=top + 2 * row)
        bars.append(
            Site(resonator, resonator=True, x=(columns - 1) / 2, y=top + 1, span=columns - 1 + _OVERHANG)
        )
        top += 3
    for column, name in enumerate(name for name in qubits if name not in placed):
        placed[name] = Site(name, resonator=False, x=column, y=top)
    return [placed[name] for name in qubits] + bars


def _from_origin(sites: list[Site]) -> tuple[Site, ...]:
    left = min(site.x for site in sites)
    top = min(site.y for site in sites)
    return tuple(replace(site, x=site.x - left, y=site.y - top) for site in sites)
