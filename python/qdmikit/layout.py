# SPDX-License-Identifier: Apache-2.0
"""Places in the plane for the sites of any device, from its couplings alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import numpy as np
    import numpy.typing as npt

    Points = npt.NDArray[np.float64]

__all__ = ["layout"]

_ROUNDS = 300
_STILL = 1e-4
"""A round that moves no site further than this share of an edge is the last one."""


def layout(count: int, edges: Iterable[tuple[int, int]]) -> Points:
    """Place the nodes of a graph so that distances in the plane are like those along edges.

    Each connected part is laid out by stress majorization (Gansner, Koren and North, 2004) from a start by
    classical scaling, which unfolds lattices; then parts stand side by side. Isolated nodes form a square.

    Parameters
    ----------
    count
        How many nodes there are.
    edges
        Pairs of different nodes, in any direction and number.

    Returns
    -------
    ndarray of float
        Shape ``(count, 2)``; edges are about 1 long. The same graph has the same layout.
    """
    import numpy as np

    neighbours: list[set[int]] = [set() for _ in range(count)]
    for one, other in edges:
        if one != other:
            neighbours[one].add(other)
            neighbours[other].add(one)
    points = np.zeros((count, 2))
    isolated = [node for node in range(count) if not neighbours[node]]
    left = 0.0
    for part in [*_parts(neighbours), *([isolated] if isolated else [])]:
        placed = _grid(len(part)) if part is isolated else _stress(_distances(part, neighbours))
        placed -= placed.min(axis=0)
        points[part] = placed + np.array([left, 0.0])
        left += float(placed[:, 0].max()) + 1.5
    return points


def _parts(neighbours: Sequence[set[int]]) -> list[list[int]]:
    """Return the connected parts with edges, the largest first."""
    seen: set[int] = set()
    parts = []
    for start in range(len(neighbours)):
        if start in seen or not neighbours[start]:
            continue
        part = [start]
        seen.add(start)
        for node in part:  # grows while it is walked
            found = neighbours[node] - seen
            part += sorted(found)
            seen |= found
        parts.append(sorted(part))
    return sorted(parts, key=lambda part: (-len(part), part))


def _distances(part: Sequence[int], neighbours: Sequence[set[int]]) -> Points:
    """Return how many edges lie between any two nodes of a connected part."""
    import numpy as np

    position = {node: number for number, node in enumerate(part)}
    distances = np.zeros((len(part), len(part)))
    for start in part:
        far = {start: 0}
        queue = [start]
        for node in queue:  # grows while it is walked
            for neighbour in neighbours[node]:
                if neighbour not in far:
                    far[neighbour] = far[node] + 1
                    queue.append(neighbour)
        distances[position[start], [position[node] for node in far]] = list(far.values())
    return distances


def _stress(distances: Points) -> Points:
    import numpy as np

    count = len(distances)
    points = _scaled(distances)
    apart = distances + np.eye(count)  # no division by zero on the diagonal
    weights = 1.0 / apart**2
    np.fill_diagonal(weights, 0.0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(laplacian)
    for _ in range(_ROUNDS):
        gaps = np.linalg.norm(points[:, None] - points[None, :], axis=2)
        ratio = weights * distances / np.maximum(gaps, 1e-9)
        np.fill_diagonal(ratio, 0.0)
        moved = inverse @ (np.diag(ratio.sum(axis=1)) - ratio) @ points
        shift = float(np.abs(moved - points).max())
        points = moved
        if shift < _STILL:
            break
    return _upright(points)


def _scaled(distances: Points) -> Points:
    """Return the plane in which the distances are seen best."""
    import numpy as np

    count = len(distances)
    centring = np.eye(count) - 1.0 / count
    values, vectors = np.linalg.eigh(-0.5 * centring @ distances**2 @ centring)
    wanted = [max(count - 1, 0), max(count - 2, 0)]
    points: Points = vectors[:, wanted] * np.sqrt(np.maximum(values[wanted], 0.0))
    # Signs of eigenvectors are arbitrary, and points on one line could never leave it.
    for axis in range(2):
        if points[np.abs(points[:, axis]).argmax(), axis] < 0:
            points[:, axis] *= -1
    nudge = np.random.default_rng(0).normal(scale=1e-3, size=points.shape)
    return points + nudge


def _upright(points: Points) -> Points:
    """Turn points so that as many lines between neighbours as possible are level or upright."""
    import numpy as np

    gaps = points[:, None] - points[None, :]
    lengths = np.linalg.norm(gaps, axis=2)
    near = (lengths > 0) & (lengths < 1.3)
    if not near.any():
        return points
    angles = np.arctan2(gaps[..., 1], gaps[..., 0])[near]
    # Directions that differ by a quarter turn count as the same.
    turn = float(np.angle(np.exp(4j * angles).mean())) / 4
    cosine, sine = math.cos(turn), math.sin(turn)
    turned: Points = points @ np.array([[cosine, -sine], [sine, cosine]])
    if np.ptp(turned[:, 0]) < np.ptp(turned[:, 1]):
        turned = turned[:, ::-1].copy()
    return turned


def _grid(count: int) -> Points:
    import numpy as np

    width = max(1, math.ceil(math.sqrt(count)))
    return np.array([[node % width, -(node // width)] for node in range(count)], dtype=float)
