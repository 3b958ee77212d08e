# SPDX-License-Identifier: Apache-2.0
"""Warnings of the chemistry packages about their own insides."""

from __future__ import annotations

import contextlib
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Let packages use outdated parts of each other without telling people who cannot change it.

    What a user should know comes as an exception from the code that calls them.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
