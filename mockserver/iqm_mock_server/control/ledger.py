# SPDX-License-Identifier: Apache-2.0
"""What was asked of the server, in order: for tests that must prove "once" and "in this order".

Tokens and bodies are not kept.
"""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

_KEPT = 20_000


@dataclass(slots=True)
class RequestEntry:
    """One request.

    Parameters
    ----------
    number
        From 1, in the order of arrival.
    started, ended
        Wall-clock times, RFC 3339; `ended` is None while the request is being served.
    seconds
        That it took, by the monotonic clock.
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
    """The latest requests and submissions; older ones are forgotten, but still counted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: deque[RequestEntry] = deque(maxlen=_KEPT)
        self._submissions: deque[Submission] = deque(maxlen=_KEPT)
        self._number = 0

    def begin(self, **facts: Any) -> RequestEntry:  # noqa: ANN401 - the fields of an entry
        """Write down a request that has arrived."""
        with self._lock:
            self._number += 1
            entry = RequestEntry(number=self._number, **facts)
            self._requests.append(entry)
            return entry

    def accepted(self, submission: Submission) -> None:
        """Write down a submission that the server has taken."""
        with self._lock:
            self._submissions.append(submission)

    def requests(self, since: int = 0) -> list[RequestEntry]:
        """Return the requests after a number, in order."""
        with self._lock:
            return [entry for entry in self._requests if entry.number > since]

    def submissions(self, since: int = 0) -> list[Submission]:
        """Return the submissions whose requests come after a number, in order."""
        with self._lock:
            return [each for each in self._submissions if each.request > since]

    def document(self, since: int = 0) -> dict[str, Any]:
        """Return everything after a number, as ``/mock/ledger`` shows it."""
        return {
            "requests": [asdict(entry) for entry in self.requests(since)],
            "submissions": [asdict(each) for each in self.submissions(since)],
        }

    def clear(self) -> None:
        """Forget everything; numbers go on."""
        with self._lock:
            self._requests.clear()
            self._submissions.clear()
