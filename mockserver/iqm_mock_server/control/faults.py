# SPDX-License-Identifier: Apache-2.0
"""Which fault strikes which request."""

from __future__ import annotations

import fnmatch
import random
import re
import threading
from collections import deque
from typing import TYPE_CHECKING

from iqm_mock_server.computers import Condition
from iqm_mock_server.control.plan import FaultPlan

if TYPE_CHECKING:
    from iqm_mock_server.computers import QuantumComputer, QuantumComputers
    from iqm_mock_server.control.plan import Effect, Legacy, Match, RateLimit, Rule

Strike = tuple[int, "Effect", float]
"""Number of the rule, what happens, and the seconds of its latency."""


class Faults:
    """A plan, and how far it has come.

    Parameters
    ----------
    computers
        Those that rules may name.
    """

    def __init__(self, computers: QuantumComputers) -> None:
        self._computers = computers
        self._lock = threading.Lock()
        self._conditions: dict[QuantumComputer, Condition] = {}
        self.use(FaultPlan())

    def use(self, plan: FaultPlan) -> None:
        """Begin a plan.

        Raises
        ------
        ValueError
            When it names a quantum computer that there is not.
        """
        known = frozenset[str]().union(*(computer.names for computer in self._computers))
        for number, rule in enumerate(plan.rules):
            if rule.match.machine is not None and rule.match.machine not in known:
                raise ValueError(
                    f"rules.{number}.match.machine: there is no quantum computer {rule.match.machine!r}"
                )
        with self._lock:
            for computer, condition in self._conditions.items():
                # Unless somebody has decided otherwise since.
                if computer.condition is condition:
                    computer.condition = Condition.ONLINE
            self._conditions.clear()
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

    @property
    def by_machine(self) -> bool:
        """Whether it matters which quantum computer a request is about."""
        return any(
            rule.match.machine is not None or rule.effect.condition is not None for rule in self._plan.rules
        )

    def draw(self, method: str, path: str, subject: QuantumComputer | None = None) -> Strike | None:
        """Return what happens to a request, if anything does.

        Parameters
        ----------
        subject
            The quantum computer that the request is about.
        """
        with self._lock:
            struck: int | None = None
            for number, rule in enumerate(self._plan.rules):
                if not _matches(rule.match, method, path, subject):
                    continue
                # Also when an earlier rule decides: the numbers of requests are the server's, not the rule's.
                self._seen[number] += 1
                if struck is None and self._strikes(number, rule):
                    struck = number
            if struck is None:
                return None
            self._struck[struck] += 1
            effect = self._plan.rules[struck].effect
            if effect.condition is not None:
                self._change(effect.condition, subject)
            return struck, effect, effect.latency + effect.jitter * self._random.random()

    def _strikes(self, number: int, rule: Rule) -> bool:
        if rule.requests is not None and self._seen[number] not in rule.requests:
            return False
        if rule.times is not None and self._struck[number] >= rule.times:
            return False
        return rule.probability >= 1 or self._random.random() < rule.probability

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

    def _change(self, condition: Condition, subject: QuantumComputer | None) -> None:
        for computer in self._computers if subject is None else [subject]:
            computer.condition = condition
            self._conditions[computer] = condition


def _matches(match: Match, method: str, path: str, subject: QuantumComputer | None) -> bool:
    if match.method is not None and match.method.upper() != method:
        return False
    if match.path is not None and not fnmatch.fnmatchcase(path, match.path):
        return False
    if match.regex is not None and not re.fullmatch(match.regex, path):
        return False
    return match.machine is None or (subject is not None and match.machine in subject.names)
