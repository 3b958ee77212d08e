# SPDX-License-Identifier: Apache-2.0
"""Which fault strikes which request."""

from __future__ import annotations

import fnmatch
import random
import threading
from collections import deque
from typing import TYPE_CHECKING

from iqm_mock_server.control.plan import FaultPlan

if TYPE_CHECKING:
    from iqm_mock_server.control.plan import Effect, Legacy, Match, RateLimit

Strike = tuple[int, "Effect", float]
"""Number of the rule, what happens, and the seconds of its latency."""


class Faults:
    """A plan, and how far it has come."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.use(FaultPlan())

    def use(self, plan: FaultPlan) -> None:
        """Begin a plan."""
        with self._lock:
            self._plan = plan
            self._random = random.Random(plan.seed)  # noqa: S311 - faults, not secrets
            self._seen = [0] * len(plan.rules)
            self._struck = [0] * len(plan.rules)
            self._window: deque[float] = deque()

    @property
    def plan(self) -> FaultPlan:
        """The plan in use."""
        return self._plan

    def has(self, mode: Legacy) -> bool:
        """Return whether the server is of such a generation."""
        return mode in self._plan.legacy

    def draw(self, method: str, path: str) -> Strike | None:
        """Return what happens to a request, if anything does."""
        with self._lock:
            for number, rule in enumerate(self._plan.rules):
                if not _matches(rule.match, method, path):
                    continue
                self._seen[number] += 1
                if rule.requests is not None and self._seen[number] not in rule.requests:
                    continue
                if rule.times is not None and self._struck[number] >= rule.times:
                    continue
                if rule.probability < 1 and self._random.random() >= rule.probability:
                    continue
                self._struck[number] += 1
                effect = rule.effect
                return number, effect, effect.latency + effect.jitter * self._random.random()
            return None

    def admit(self, now: float) -> tuple[RateLimit, int, float] | None:
        """Count a request against the rate limit, if there is one.

        Parameters
        ----------
        now
            In seconds of a monotonic clock.

        Returns
        -------
        tuple[RateLimit, int, float] or None
            The limit; the requests that remain, -1 for one too many; the seconds until one more is free.
        """
        with self._lock:
            limit = self._plan.rate_limit
            if limit is None:
                return None
            while self._window and self._window[0] <= now - limit.seconds:
                self._window.popleft()
            remaining = limit.requests - len(self._window) - 1
            if remaining >= 0:
                self._window.append(now)
            oldest = self._window[0] if self._window else now
            return limit, remaining, oldest + limit.seconds - now


def _matches(match: Match, method: str, path: str) -> bool:
    if match.method is not None and match.method.upper() != method:
        return False
    return match.path is None or fnmatch.fnmatchcase(path, match.path)
