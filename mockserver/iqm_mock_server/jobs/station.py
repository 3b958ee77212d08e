# SPDX-License-Identifier: Apache-2.0
"""The hardware of one machine, which does one thing at a time: a job or a calibration."""

from __future__ import annotations

import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Station:
    """Given to one holder after another, in the order in which they asked."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: deque[object] = deque()
        self._held = False

    @contextmanager
    def hold(self, gave_up: Callable[[], bool]) -> Iterator[bool]:
        """Wait for the station and keep it for as long as the context lasts.

        Parameters
        ----------
        gave_up
            Whether the caller no longer wants it; call `wake` when that has become true.

        Yields
        ------
        bool
            Whether the station is held; False after the caller gave up.
        """
        ticket = object()
        with self._changed:
            self._waiting.append(ticket)
            self._changed.wait_for(lambda: gave_up() or (not self._held and self._waiting[0] is ticket))
            self._waiting.remove(ticket)
            held = not gave_up()
            self._held = self._held or held
            self._changed.notify_all()
        try:
            yield held
        finally:
            if held:
                with self._changed:
                    self._held = False
                    self._changed.notify_all()

    def wake(self) -> None:
        """Make everyone who waits look at whether they gave up."""
        with self._changed:
            self._changed.notify_all()
