# SPDX-License-Identifier: Apache-2.0
"""Items: the single tests of the suite."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit.conformance.subject import Subject

    Test = Callable[[Subject], None]


@dataclass(frozen=True)
class Item:
    """One test.

    Parameters
    ----------
    name
        What must hold; unique.
    module
        Where its function of the same name is.
    numbers
        The items of QDMI's conformance checklist that it tests.
    seconds
        How long it may take.
    """

    name: str
    module: str
    numbers: tuple[int, ...]
    seconds: float


_ITEMS: dict[str, list[Item]] = {}


def item(*numbers: int, seconds: float = 30.0) -> Callable[[Test], Test]:
    """Make a function an item.

    Parameters
    ----------
    numbers
        The items of QDMI's conformance checklist that it tests.
    seconds
        How long it may take.

    Returns
    -------
    Callable
        The decorator.
    """

    def add(test: Test) -> Test:
        made = Item(test.__name__, test.__module__, numbers, seconds)
        _ITEMS.setdefault(test.__module__, []).append(made)
        return test

    return add


def items_of(module: str) -> tuple[Item, ...]:
    """Return the items of a module, in their order."""
    importlib.import_module(module)
    return tuple(_ITEMS.get(module, ()))


def all_items() -> tuple[Item, ...]:
    """Return the items of the suite."""
    package = importlib.import_module("qdmikit.conformance.items")
    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return tuple(item for name in names for item in items_of(f"{package.__name__}.{name}"))
