# SPDX-License-Identifier: Apache-2.0
"""Finding the square lattice that a graph is part of."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Point = tuple[int, int]

_STEPS = ((0, -1), (-1, 0), (1, 0), (0, 1))
_MOST_TRIALS = 20_000
"""A lattice of a hundred sites takes a few hundred; a graph that is none must be given up some time."""


def embed(nodes_num: int, pairs: Sequence[tuple[int, int]]) -> list[Point] | None:
    """Place a connected graph on the points of a square lattice, its edges between neighbouring points.

    First with every two neighbouring points joined by an edge, which leaves a lattice no way to fold; then
    without that, for a lattice that lacks edges.

    Parameters
    ----------
    nodes_num
        Nodes are the numbers below this.
    pairs
        Edges, in either direction.

    Returns
    -------
    list[tuple[int, int]] or None
        One point (x, y) per node, turned so that the nodes read in rows like a text as far as possible;
        None when no such placement was found.
    """
    neighbours: list[set[int]] = [set() for _ in range(nodes_num)]
    for left, right in pairs:
        neighbours[left].add(right)
        neighbours[right].add(left)
    if max(map(len, neighbours)) > len(_STEPS):
        return None
    order = _order(neighbours)
    if order is None:
        return None
    for induced in (True, False):
        placed = _Search(neighbours, order, induced=induced).run()
        if placed is not None:
            return _turned([placed[node] for node in range(nodes_num)])
    return None


def _order(neighbours: list[set[int]]) -> list[int] | None:
    """Return all nodes so that each has as many earlier neighbours as can be; None for a split graph."""
    start = max(range(len(neighbours)), key=lambda node: (len(neighbours[node]), -node))
    order, seen = [start], {start}
    while len(order) < len(neighbours):
        edge = [node for node in range(len(neighbours)) if node not in seen and neighbours[node] & seen]
        if not edge:
            return None
        best = max(edge, key=lambda node: (len(neighbours[node] & seen), len(neighbours[node]), -node))
        order.append(best)
        seen.add(best)
    return order


class _Search:
    """Depth-first search for a placement, one node after another."""

    def __init__(self, neighbours: list[set[int]], order: list[int], *, induced: bool) -> None:
        self._neighbours = neighbours
        self._order = order
        self._induced = induced
        self._placed: dict[int, Point] = {}
        self._taken: dict[Point, int] = {}
        self._trials = 0

    def run(self) -> dict[int, Point] | None:
        choices = [iter([(0, 0)])]
        while choices:
            node = self._order[len(choices) - 1]
            self._lift(node)
            point = next((point for point in choices[-1] if self._fits(node, point)), None)
            if point is None:
                choices.pop()
                continue
            self._placed[node] = point
            self._taken[point] = node
            if len(choices) == len(self._order):
                return self._placed
            choices.append(iter(self._candidates(self._order[len(choices)])))
        return None

    def _lift(self, node: int) -> None:
        if node in self._placed:
            del self._taken[self._placed.pop(node)]

    def _candidates(self, node: int) -> list[Point]:
        anchor = next(self._placed[each] for each in self._order if each in self._neighbours[node])
        return [(anchor[0] + x, anchor[1] + y) for x, y in _STEPS]

    def _fits(self, node: int, point: Point) -> bool:
        self._trials += 1
        if self._trials > _MOST_TRIALS or point in self._taken:
            return False
        around = {
            self._taken[near] for x, y in _STEPS if (near := (point[0] + x, point[1] + y)) in self._taken
        }
        joined = self._neighbours[node] & self._placed.keys()
        return around == joined if self._induced else joined <= around


def _turned(points: list[Point]) -> list[Point]:
    turns: list[Callable[[int, int], Point]] = [
        lambda x, y: (x, y),
        lambda x, y: (-x, y),
        lambda x, y: (x, -y),
        lambda x, y: (-x, -y),
        lambda x, y: (y, x),
        lambda x, y: (-y, x),
        lambda x, y: (y, -x),
        lambda x, y: (-y, -x),
    ]
    return min(([turn(x, y) for x, y in points] for turn in turns), key=_disorder)


def _disorder(points: list[Point]) -> int:
    """Count the pairs of points that stand in another order than text would."""
    return sum((b[1], b[0]) < (a[1], a[0]) for a, b in combinations(points, 2))
