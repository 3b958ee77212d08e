# SPDX-License-Identifier: Apache-2.0
"""What was asked of the server, in order: for tests that must prove "once" and "in this order".

Tokens and bodies are not kept.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

KEPT = 20_000
"""Entries of each kind, on a server whose ledger somebody means to read."""

KEPT_ANYWAY = 2_000
"""Entries of each kind on any other server, whose memory must not grow with what it has served."""

_LONGEST = 1000
"""Characters of a path or a query that are kept: clients may send many more."""


@dataclass(slots=True)
class RequestEntry:
    """One request.

    Parameters
    ----------
    number
        From 1, in the order of arrival.
    started, ended
        Wall-clock times, RFC 3339; `ended` is None while the request is being served.
    started_monotonic, seconds
        When it came and how long it took, by the monotonic clock, whose origin is arbitrary.
    status
        That was sent, or None when the connection was cut before.
    fault
        Number of the rule that struck, from 0; ``legacy`` or ``rate_limit``; or None.
    connection
        Same for requests on the same connection: the client's address and port.
    """

    number: int
    method: str
    path: str
    query: str
    connection: str
    tls: bool
    started: str
    started_monotonic: float
    ended: str | None = None
    seconds: float | None = None
    status: int | None = None
    fault: int | str | None = None
    request_bytes: int = 0
    reply_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Submission:
    """One job or calibration that the server has taken, whether or not its reply arrived.

    Parameters
    ----------
    request
        Number of its request.
    body_sha256
        Of the body as it was sent.
    """

    request: int
    kind: str
    id: str
    body_sha256: str
    tag: str | None
    moment: str


class Ledger:
    """The latest requests and submissions; older ones are forgotten, but still counted.

    Parameters
    ----------
    kept
        How many of each.
    """

    def __init__(self, kept: int = KEPT) -> None:
        self._lock = threading.Lock()
        self._requests: deque[RequestEntry] = deque(maxlen=kept)
        self._submissions: deque[Submission] = deque(maxlen=kept)
        self._number = 0
        self._forgotten = {"requests": 0, "submissions": 0}

    def begin(
        self,
        *,
        method: str,
        path: str,
        query: str,
        connection: str,
        tls: bool,
        started: str,
        started_monotonic: float,
    ) -> RequestEntry:
        """Write down a request that has arrived."""
        with self._lock:
            self._number += 1
            entry = RequestEntry(
                number=self._number,
                method=method,
                # Most requests are alike: one text for all of them halves what an entry takes.
                path=sys.intern(path[:_LONGEST]),
                query=sys.intern(query[:_LONGEST]),
                connection=sys.intern(connection),
                tls=tls,
                started=started,
                started_monotonic=started_monotonic,
            )
            self._forgotten["requests"] += len(self._requests) == self._requests.maxlen
            self._requests.append(entry)
            return entry

    def accepted(self, submission: Submission) -> None:
        """Write down a submission that the server has taken."""
        with self._lock:
            self._forgotten["submissions"] += len(self._submissions) == self._submissions.maxlen
            self._submissions.append(submission)

    def requests(self, since: int = 0) -> list[RequestEntry]:
        """Return the requests after a number, in order."""
        with self._lock:
            return [entry for entry in self._requests if entry.number > since]

    def submissions(self, since: int = 0) -> list[Submission]:
        """Return the submissions whose requests come after a number, in order."""
        with self._lock:
            return [each for each in self._submissions if each.request > since]

    @property
    def forgotten(self) -> dict[str, int]:
        """How many `requests` and `submissions` are no longer there: with any, the rest proves nothing."""
        with self._lock:
            return dict(self._forgotten)

    def document(self, since: int = 0) -> dict[str, Any]:
        """Return everything after a number, as ``/mock/ledger`` shows it."""
        return {
            "requests": [asdict(entry) for entry in self.requests(since)],
            "submissions": [asdict(each) for each in self.submissions(since)],
            "forgotten": self.forgotten,
        }

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        with self._lock:
            self._requests.clear()
            self._submissions.clear()
            self._forgotten = {"requests": 0, "submissions": 0}
