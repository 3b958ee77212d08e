# SPDX-License-Identifier: Apache-2.0
"""Where the sites of a device are drawn."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from qdmikit.layout import layout


def square_lattice(width: int, height: int) -> list[tuple[int, int]]:
    across = [(row * width + i, row * width + i + 1) for row in range(height) for i in range(width - 1)]
    down = [(row * width + i, (row + 1) * width + i) for row in range(height - 1) for i in range(width)]
    return across + down


def heavy_hexagon() -> list[tuple[int, int]]:
    return [(i, (i + 1) % 12) for i in range(12)]


def star() -> list[tuple[int, int]]:
    return [(0, i) for i in range(1, 7)]


def lengths(points: np.ndarray, edges: list[tuple[int, int]]) -> np.ndarray:
    one, other = np.array(edges).T
    found: np.ndarray = np.linalg.norm(points[one] - points[other], axis=1)
    return found


@pytest.mark.parametrize(
    "edges", [square_lattice(5, 4), square_lattice(12, 13), heavy_hexagon(), star(), [(0, 1)]]
)
def test_neighbours_are_near_and_nobody_stands_on_another(edges: list[tuple[int, int]]) -> None:
    count = 1 + max(itertools.chain(*edges))
    points = layout(count, edges)
    assert points.shape == (count, 2)
    apart = np.linalg.norm(points[:, None] - points[None, :], axis=2)[~np.eye(count, dtype=bool)]
    assert apart.min() > 0.5
    between = lengths(points, edges)
    assert between.min() > 0.7
    assert between.max() < 1.4


def test_a_lattice_is_drawn_as_one() -> None:
    edges = square_lattice(6, 4)
    points = layout(24, edges)
    gaps = np.abs(np.diff(points[np.array(edges)], axis=1))[:, 0]
    assert np.all(gaps.min(axis=1) < 0.25), "couplers are nearly level or upright"
    assert np.ptp(points[:, 0]) > np.ptp(points[:, 1]), "the longer side lies"


def test_no_two_couplers_of_a_lattice_cross() -> None:
    edges = square_lattice(5, 5)
    points = layout(25, edges)

    def side(a: int, b: int, c: int) -> float:
        (x, y), (u, v) = points[b] - points[a], points[c] - points[a]
        return float(x * v - y * u)

    for (a, b), (c, d) in itertools.combinations(edges, 2):
        if len({a, b, c, d}) == 4:
            assert side(a, b, c) * side(a, b, d) > 0 or side(c, d, a) * side(c, d, b) > 0


def test_the_same_device_looks_the_same() -> None:
    edges = square_lattice(4, 4)
    turned = [(other, one) for one, other in reversed(edges)]
    assert np.array_equal(layout(16, edges), layout(16, edges + turned))


def test_parts_stand_side_by_side() -> None:
    points = layout(8, [(0, 1), (1, 2), (4, 5)])
    left, right = points[:3, 0].max(), points[4:6, 0].min()
    assert right - left >= 1.0
    assert len(np.unique(points.round(6), axis=0)) == 8


def test_sites_without_couplers_form_a_square() -> None:
    points = layout(9, [])
    assert np.ptp(points, axis=0).tolist() == [2.0, 2.0]


@pytest.mark.parametrize("count", [0, 1])
def test_hardly_any_sites(count: int) -> None:
    assert layout(count, [(0, 0)] if count else []).shape == (count, 2)
