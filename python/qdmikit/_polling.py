# SPDX-License-Identifier: Apache-2.0
"""Following many jobs of a session by one thread, for those who cannot wait in a call."""

from __future__ import annotations

import sys
import threading
import time
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from qdmikit._core import is_terminal
from qdmikit.errors import Fatal, Timeout, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit._core import JobStatus
    from qdmikit.job import Job

    Heard = Callable[[JobStatus | BaseException], bool]
    """Is told each answer, and returns whether it wants to hear more."""

FIRST_PAUSE = 0.005
LONGEST_PAUSE = 0.1
PATIENCE = 60.0
"""Seconds that a device may be out of reach before those who wait are told."""


class _Followed(NamedTuple):
    job: Job
    heard: Heard


class Poller:
    """Asks for the status of jobs, in turn, until each is over.

    Its thread exists while there is a job to follow. Between two rounds it pauses: briefly after something
    has happened, longer while nothing does.
    """

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._new: list[_Followed] = []
        self._thread: threading.Thread | None = None
        self._failing_since: dict[_Followed, float] = {}

    def follow(self, job: Job, heard: Heard) -> None:
        """Tell `heard` what the device says of a job, from the poller's thread, until it has heard enough.

        Parameters
        ----------
        job
            Kept until then.
        heard
            Called with a status or with what went wrong; must return at once.
        """
        with self._lock:
            self._new.append(_Followed(job, heard))
            self._lock.notify()
            if self._thread is None:
                # A daemon: a program may end while its jobs run on.
                self._thread = threading.Thread(target=self._run, name="qdmikit-poller", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        followed: list[_Followed] = []
        pause = FIRST_PAUSE
        while True:
            with self._lock:
                if self._new:
                    pause = FIRST_PAUSE
                followed += self._new
                self._new.clear()
                if not followed:
                    self._thread = None
                    return
            left = [each for each in followed if self._ask(each)]
            pause = FIRST_PAUSE if len(left) < len(followed) else min(pause * 1.5, LONGEST_PAUSE)
            followed = left
            with self._lock:
                if followed and not self._new:
                    self._lock.wait(pause)

    def _ask(self, followed: _Followed) -> bool:
        try:
            answer: JobStatus | BaseException = followed.job.status
            self._failing_since.pop(followed, None)
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            if self._bears(followed, error):
                return True
            answer = error
        try:
            return followed.heard(answer)
        except Exception:  # noqa: BLE001 - the other jobs are still followed
            sys.excepthook(*sys.exc_info())
            return False

    def _bears(self, followed: _Followed, error: Exception) -> bool:
        """Return whether to go on asking after a failure: its cause may pass, and has not lasted too long."""
        may_pass = isinstance(error, Unreachable | Timeout) or (
            isinstance(error, Fatal) and (error.http_status or 0) >= 500
        )
        now = time.monotonic()
        if may_pass and now - self._failing_since.setdefault(followed, now) < PATIENCE:
            return True
        self._failing_since.pop(followed, None)
        return False


_pollers: WeakKeyDictionary[object, Poller] = WeakKeyDictionary()
_pollers_lock = threading.Lock()


def poller_of(session: object) -> Poller:
    """Return the one poller of a session.

    Parameters
    ----------
    session
        What stands for it.

    Returns
    -------
    Poller
        The same for the same session.
    """
    with _pollers_lock:
        found = _pollers.get(session)
        if found is None:
            found = _pollers[session] = Poller()
        return found


def is_over(answer: JobStatus | BaseException) -> bool:
    """Return whether an answer is the last one: a terminal status, or a failure."""
    return isinstance(answer, BaseException) or is_terminal(answer)
