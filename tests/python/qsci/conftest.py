# SPDX-License-Identifier: Apache-2.0
"""Molecules, solved once, and devices to sample on."""

from __future__ import annotations

import functools
import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qdmikit.qsci import MOLECULES, Problem, build_ansatz, build_problem
from qdmikit.qsci.encoding import Configurations

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit.qsci import Ansatz


@functools.cache
def _problem(name: str) -> Problem:
    molecule = MOLECULES[name]
    return build_problem(molecule.atom, molecule.basis, molecule.active_space)


@functools.cache
def _ansatz(name: str, kind: str, mapper: str) -> Ansatz:
    return build_ansatz(_problem(name), kind, mapper=mapper)  # type: ignore[arg-type]


@pytest.fixture
def problem() -> Callable[[str], Problem]:
    """Return a molecule of `MOLECULES` by its name."""
    return _problem


@pytest.fixture
def ansatz() -> Callable[[str, str, str], Ansatz]:
    """Return a trial state by molecule, kind and mapper."""
    return _ansatz


@pytest.fixture
def every_determinant() -> Callable[[Problem], Configurations]:
    """Return all determinants of a problem's sector."""
    return _every_determinant


def _every_determinant(problem: Problem) -> Configurations:
    halves = [
        [
            sum(1 << place for place in places)
            for places in itertools.combinations(range(problem.num_orbitals), number)
        ]
        for number in problem.num_electrons
    ]
    pairs = np.array(list(itertools.product(*halves)), dtype=np.uint64)
    return Configurations(pairs[:, 0], pairs[:, 1], np.ones(len(pairs), dtype=np.int64))
