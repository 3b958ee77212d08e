# SPDX-License-Identifier: Apache-2.0
"""Following many jobs of a session by a few threads, for those who cannot wait in a call."""

from __future__ import annotations

import atexit
import heapq
import os
import sys
import threading
import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from qdmikit._core import is_terminal
from qdmikit._pacing import Pacing
from qdmikit.errors import Fatal, Timeout, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qdmikit._core import JobStatus
    from qdmikit.job import Job

    Heard = Callable[[JobStatus | BaseException], bool]
    """Is told each answer, and returns whether it wants to hear more."""

MOST_THREADS = 8
JOBS_PER_THREAD = 4
PATIENCE = 60.0
"""Seconds that a device may be out of reach before those who wait are told."""
SHUTDOWN = 0.5
"""Seconds that the end of the interpreter waits for questions that are on their way."""


class Following:
    """A job that is followed. `Poller.follow` makes them."""

    def __init__(self, poller: Poller, job: Job, heard: Heard) -> None:
        self._poller = poller
        self.subject: tuple[Job, Heard] | None = (job, heard)  # none when it has ended
        self.failing_since: float | None = None
        self.due: float | None = None  # none while a question is on its way

    def stop(self) -> None:
        """End it: no question is asked about the job any more, though one may be on its way."""
        self._poller.forget(self)


class Poller:
    """Asks for the status of jobs until each is over.

    A question is a call that may take as long as a network does, so with many jobs several are asked at once.
    The threads end with the last job.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._pacing: Pacing[Following] = Pacing()
        # When to ask about which. An entry whose time is not its job's is out of date.
        self._agenda: list[tuple[float, int, Following]] = []
        self._entries = 0
        self._threads: set[threading.Thread] = set()
        # One thread sleeps until the next question is due, this long; the others until they are called.
        self._watched_until: float | None = None
        self._closed = False
        self.calling = threading.Lock()
        """Held while a function of the user's is called: one at a time."""

    def follow(self, job: Job, heard: Heard) -> Following:
        """Tell `heard` what the device says of a job, from a thread of the poller's, until it heard enough.

        Parameters
        ----------
        job
            Kept until then.
        heard
            Called with a status or with what went wrong; must return at once.

        Returns
        -------
        Following
            Ends it earlier.
        """
        following = Following(self, job, heard)
        with self._changed:
            self._pacing.add(following)
            self._enter(following, time.monotonic())
            if len(self._threads) < self._threads_needed():
                self._start_thread()
        return following

    def forget(self, following: Following) -> None:
        """Ask no more about a job."""
        subject = following.subject  # freeing a job may take its time: not before the lock is released
        with self._changed:
            following.due = following.subject = None
            now = time.monotonic()
            for hopeful in self._pacing.discard(following):
                if hopeful.due is not None and hopeful.due > now:
                    self._enter(hopeful, now)
            if len(self._threads) > self._threads_needed():
                self._changed.notify_all()
        del subject

    def close(self) -> list[threading.Thread]:
        """Ask nothing any more.

        Returns
        -------
        list of Thread
            Those that have not ended yet.
        """
        with self._changed:
            self._closed = True
            self._changed.notify_all()
            return list(self._threads)

    # --- which question is next; called with the lock held -------------------------------------------------

    def _enter(self, following: Following, due: float) -> None:
        following.due = due
        self._entries += 1
        heapq.heappush(self._agenda, (due, self._entries, following))
        self._changed.notify()

    def _next_due(self) -> float | None:
        while self._agenda and self._agenda[0][0] != self._agenda[0][2].due:
            heapq.heappop(self._agenda)
        return self._agenda[0][0] if self._agenda else None

    def _sleep_until(self, due: float | None, now: float) -> None:
        watched = self._watched_until
        if due is None or (watched is not None and watched <= due):
            self._changed.wait()
            return
        self._watched_until = due
        self._changed.wait(due - now)
        if self._watched_until == due:
            self._watched_until = None

    # --- the threads ---------------------------------------------------------------------------------------

    def _threads_needed(self) -> int:
        return 0 if self._closed else min(MOST_THREADS, -(-len(self._pacing) // JOBS_PER_THREAD))

    def _start_thread(self) -> None:
        # A daemon: a program may end while its jobs run on.
        thread = threading.Thread(target=self._run, name="qdmikit-poller", daemon=True)
        self._threads.add(thread)
        thread.start()

    def _run(self) -> None:
        while (following := self._take()) is not None:
            if following.subject is None:
                continue
            job, heard = following.subject
            answer = self._ask(following, job)
            if answer is None or self._tell(heard, answer):
                self._put_back(following, None if isinstance(answer, BaseException) else answer)
            else:
                self.forget(following)
            del job, heard  # they would live on until the next question

    def _take(self) -> Following | None:
        """Wait until a question is due; None: this thread is not needed any more."""
        with self._changed:
            while len(self._threads) <= self._threads_needed():
                now = time.monotonic()
                due = self._next_due()
                if due is not None and due <= now:
                    _, _, following = heapq.heappop(self._agenda)
                    following.due = None
                    self._changed.notify()  # somebody else looks after the next one
                    return following
                self._sleep_until(due, now)
            self._threads.discard(threading.current_thread())
            self._changed.notify()
            return None

    def _put_back(self, following: Following, status: JobStatus | None) -> None:
        with self._changed:
            if following in self._pacing:
                self._enter(following, time.monotonic() + self._pacing.pause_after(following, status))

    # --- one question --------------------------------------------------------------------------------------

    def _ask(self, following: Following, job: Job) -> JobStatus | Exception | None:
        """Return the answer, or why there is none; None when that may pass."""
        try:
            status = job.status
        except Exception as error:  # noqa: BLE001 - whoever waits is told, whatever it is
            return None if self._bears(following, error) else error
        following.failing_since = None
        return status

    @staticmethod
    def _tell(heard: Heard, answer: JobStatus | Exception) -> bool:
        try:
            return heard(answer)
        except BaseException:  # noqa: BLE001 - the other jobs are still followed
            sys.excepthook(*sys.exc_info())
            return False

    @staticmethod
    def _bears(following: Following, error: Exception) -> bool:
        """Return whether to go on asking after a failure: its cause may pass, and has not lasted too long."""
        may_pass = isinstance(error, Unreachable | Timeout) or (
            isinstance(error, Fatal) and (error.http_status or 0) >= 500
        )
        now = time.monotonic()
        if following.failing_since is None:
            following.failing_since = now
        return may_pass and now - following.failing_since < PATIENCE


class _Pollers:
    """The pollers of this process, one for each session."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of_session: WeakKeyDictionary[object, Poller] = WeakKeyDictionary()

    def of(self, session: object) -> Poller:
        with self._lock:
            found = self._of_session.get(session)
            if found is None:
                found = self._of_session[session] = Poller()
            return found

    def all(self) -> Iterable[Poller]:
        with self._lock:
            return list(self._of_session.values())


_pollers = _Pollers()


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
    return _pollers.of(session)


def is_over(answer: JobStatus | BaseException) -> bool:
    """Return whether an answer is the last one: a terminal status, or a failure."""
    return isinstance(answer, BaseException) or is_terminal(answer)


def _forget_the_parents_threads() -> None:
    # fork copies what threads left behind, a locked lock among it, but not the threads.
    global _pollers  # noqa: PLW0603 - that is the purpose
    _pollers = _Pollers()


def _end_threads() -> None:
    """Let threads come back from their questions before the interpreter is gone. A late one stays out."""
    deadline = time.monotonic() + SHUTDOWN
    for thread in [thread for poller in _pollers.all() for thread in poller.close()]:
        thread.join(max(0.0, deadline - time.monotonic()))


os.register_at_fork(after_in_child=_forget_the_parents_threads)
atexit.register(_end_threads)
