# SPDX-License-Identifier: Apache-2.0
"""Drawing a graph that is part of no lattice: nodes repel each other, edges hold them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROUNDS = 400
_FIRST_STEP = 0.3
_CLOSEST = 0.9
"""Smallest distance between two nodes of the result; what is drawn at them must not overlap."""


def relax(nodes_num: int, pairs: Sequence[tuple[int, int]]) -> list[tuple[float, float]]:
    """Place a graph by the method of Fruchterman and Reingold, from a circle, without chance.

    Parameters
    ----------
    nodes_num
        Nodes are the numbers below this.
    pairs
        Edges, in either direction.

    Returns
    -------
    list[tuple[float, float]]
        One point (x, y) per node, no two closer than a unit of the lattice, about.
    """
    angles = 2 * np.pi * np.arange(nodes_num) / nodes_num
    # Not quite a circle: on a circle the forces of an even graph balance where they should not.
    radius = np.sqrt(nodes_num) * (1 + 0.01 * np.arange(nodes_num))
    points = np.stack([radius * np.cos(angles), radius * np.sin(angles)], axis=1)
    joined = np.zeros((nodes_num, nodes_num))
    for left, right in pairs:
        joined[left, right] = joined[right, left] = 1.0
    for done in range(_ROUNDS):
        apart = points[:, None, :] - points[None, :, :]
        distance = np.maximum(np.linalg.norm(apart, axis=2), 1e-3)
        pull = (1 / distance**2 - joined * distance)[:, :, None]
        force = (apart * pull).sum(axis=1)
        # Parts that no edge joins would drift away from each other.
        force -= 0.05 * (points - points.mean(axis=0))
        length = np.maximum(np.linalg.norm(force, axis=1, keepdims=True), 1e-9)
        points += force / length * np.minimum(length, _FIRST_STEP * (1 - done / _ROUNDS))
    apart = points[:, None, :] - points[None, :, :]
    distance = np.linalg.norm(apart, axis=2) + np.diag(np.full(nodes_num, np.inf))
    if nodes_num > 1:
        points *= max(1.0, _CLOSEST / float(distance.min()))
    return [(float(x), float(y)) for x, y in points]
