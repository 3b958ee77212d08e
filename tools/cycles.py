# SPDX-License-Identifier: Apache-2.0
"""Cycles in a graph of files."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def cycle(graph: Mapping[str, set[str]]) -> list[str]:
    """Find a cycle.

    Parameters
    ----------
    graph
        Node to the nodes it needs.

    Returns
    -------
    list of str
        One line naming the nodes of a cycle; empty when there is none.
    """
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        # graphlib lists the cycle against the direction of the arrows.
        return ["cycle: " + " -> ".join(reversed(error.args[1]))]
    return []
