# SPDX-License-Identifier: Apache-2.0
"""Time as a constructor argument, so that tests about time need not wait for it."""

from __future__ import annotations

import datetime as dt
import threading
import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable


class Clock(Protocol):
    """What the server asks of time."""

    def now(self) -> dt.datetime:
        """Return the wall-clock time, in UTC."""

    def monotonic(self) -> float:
        """Return seconds since an arbitrary origin; never goes back."""

    def wait_for(
        self, condition: threading.Condition, predicate: Callable[[], bool], deadline: float | None
    ) -> bool:
        """Wait on a condition until the predicate holds or the deadline has passed.

        Parameters
        ----------
        condition
            Held by the caller, and notified whenever the predicate may have become true.
        predicate
            Evaluated with the condition held.
        deadline
            In seconds of `monotonic`; ``None`` waits for ever.

        Returns
        -------
        bool
            The predicate's last value.
        """


class SystemClock:
    """The machine's own time."""

    def now(self) -> dt.datetime:
        """Return the wall-clock time, in UTC."""
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        """Return seconds of the system's monotonic clock."""
        return time.monotonic()

    def wait_for(
        self, condition: threading.Condition, predicate: Callable[[], bool], deadline: float | None
    ) -> bool:
        """Wait as `Clock.wait_for` describes."""
        if deadline is None:
            return condition.wait_for(predicate)
        timeout = min(max(0.0, deadline - self.monotonic()), threading.TIMEOUT_MAX)
        return condition.wait_for(predicate, timeout)


class ManualClock:
    """Time that moves only when told to.

    Parameters
    ----------
    start
        Wall-clock time at the origin; must have an offset.
    """

    def __init__(self, start: dt.datetime | None = None) -> None:
        self._start = start or dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        self._elapsed = 0.0
        self._sleepers: dict[object, threading.Condition] = {}
        self._changed = threading.Condition()

    def now(self) -> dt.datetime:
        """Return the wall-clock time, in UTC."""
        return self._start + dt.timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        """Return the seconds advanced so far."""
        with self._changed:
            return self._elapsed

    def wait_for(
        self, condition: threading.Condition, predicate: Callable[[], bool], deadline: float | None
    ) -> bool:
        """Wait as `Clock.wait_for` describes; waits with a deadline count as sleepers."""
        if deadline is None:
            return condition.wait_for(predicate)
        ticket = object()
        with self._changed:
            self._sleepers[ticket] = condition
            self._changed.notify_all()
        try:
            condition.wait_for(lambda: predicate() or self.monotonic() >= deadline)
        finally:
            with self._changed:
                del self._sleepers[ticket]
        return predicate()

    def advance(self, seconds: float) -> None:
        """Move time forward and wake everybody whose deadline that may have passed."""
        with self._changed:
            self._elapsed += seconds
            sleepers = list(self._sleepers.values())
        for condition in sleepers:
            with condition:
                condition.notify_all()

    def await_sleepers(self, count: int, timeout: float = 10.0) -> None:
        """Block until this many threads wait for a deadline, so that a test advances at the right moment.

        Raises
        ------
        TimeoutError
            When that has not happened within `timeout` seconds of real time.
        """
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._sleepers) >= count, timeout):
                raise TimeoutError(f"{len(self._sleepers)} threads are waiting, not {count}")


def timestamp(moment: dt.datetime) -> str:
    """Format a moment as RFC 3339 with microseconds and the offset ``Z``."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
