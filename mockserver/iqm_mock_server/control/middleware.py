# SPDX-License-Identifier: Apache-2.0
"""Stands between the network and the application: writes requests down and lets faults strike."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode

from iqm_mock_server.clock import timestamp
from iqm_mock_server.control.effects import (
    Reply,
    add_retry_after,
    detail_form,
    drop_field,
    edit,
    error_reply,
    expired_reply,
    has_body,
    listed_form,
    rewrite_error,
    status_reply,
)
from iqm_mock_server.control.faults import Faults
from iqm_mock_server.control.ledger import KEPT, KEPT_ANYWAY, Ledger, RequestEntry, Submission
from iqm_mock_server.control.plan import Cut, Legacy
from iqm_mock_server.control.subjects import subject_of
from iqm_mock_server.http_server import HangUp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

    from iqm_mock_server.computers import QuantumComputers
    from iqm_mock_server.control.plan import Effect

_API = ("/api/", "/cocos/")
"""What is written down and may fail: the server's API, and not this server's own pages."""

_MISSING = {
    Legacy.NO_LIMITS: "/api/v1/quantum-computers/*/limits",
    Legacy.NO_METRICS: "/api/v1/calibration-sets/*/*/metrics",
    Legacy.NO_HEALTH: "/api/v1/quantum-computers/*/health",
    Legacy.NO_QUEUE_AVAILABILITY: "/api/v1/quantum-computers/*/queue-availability",
    Legacy.NO_CALIBRATION_SERVICE: "/cocos/*",
    Legacy.NO_PAYLOAD: "/api/v1/jobs/*/payload",
}

_CALIBRATION_SET = re.compile("/api/v1/calibration-sets/[^/]+/[^/]+")
_SUBMISSION = re.compile("/api/v1/jobs/[^/]+/circuit|/cocos/api/v4/calibration/runs")
_NOWHERE = "/api/v1/-"
_PIECES = 10
"""A second, for a body that dribbles."""


class Control:
    """The ledger and the faults of one server, as a WSGI application around its own.

    `host` is the name or address that the server was told to listen on.
    """

    def __init__(self, app: WSGIApplication, computers: QuantumComputers) -> None:
        self.ledger = Ledger(KEPT if computers.settings.control else KEPT_ANYWAY)
        self.faults = Faults(computers)
        self.host: str | None = None
        self._app = app
        self._computers = computers
        self._clock = computers.clock
        self._closing = threading.Condition()
        self._closed = False

    def close(self) -> None:
        """Let those go who are kept waiting."""
        with self._closing:
            self._closed = True
            self._closing.notify_all()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve one request."""
        path = re.sub("/{2,}", "/", environ["PATH_INFO"])
        if not path.startswith(_API):
            return self._app(environ, start_response)
        path = re.sub("^/api/latest(?=/|$)", "/api/v1", path)
        entry = self.ledger.begin(
            method=environ["REQUEST_METHOD"],
            path=path,
            query=environ.get("QUERY_STRING", ""),
            connection=f"{environ.get('REMOTE_ADDR', '')}:{environ.get('REMOTE_PORT', '')}",
            tls=environ["wsgi.url_scheme"] == "https",
            started=timestamp(self._clock.now()),
            started_monotonic=self._clock.monotonic(),
        )
        return self._serve(environ, start_response, entry)

    def _serve(
        self, environ: WSGIEnvironment, start_response: StartResponse, entry: RequestEntry
    ) -> Iterator[bytes]:
        try:
            subject = None
            if self.faults.by_machine:
                subject = subject_of(self._computers, entry.path, entry.query)
            strike = self.faults.draw(entry.method, entry.path, subject)
            effect = None
            if strike is not None:
                entry.fault, effect, latency = strike
                self._pause(latency)
            if effect is not None and effect.cut is Cut.BEFORE:
                raise HangUp(reset=effect.reset)
            reply = self._reply(environ, entry, effect)
            if effect is not None:
                if effect.cut is Cut.REPLY_LOST:
                    raise HangUp(reset=effect.reset)
                self._pause(effect.reply_latency)
                edit(reply, effect)
            if not has_body(entry.method, reply.code):
                reply.body = b""
            entry.status = reply.code
            entry.reply_bytes = len(reply.body)
            start_response(reply.status, reply.headers)
            yield from self._body(reply, effect)
        finally:
            entry.seconds = self._clock.monotonic() - entry.started_monotonic
            entry.ended = timestamp(self._clock.now())

    def _body(self, reply: Reply, effect: Effect | None) -> Iterator[bytes]:
        if effect is None or (effect.cut is None and effect.bytes_per_second is None):
            yield reply.body
            return
        if effect.cut is Cut.HEAD:
            yield b""
            raise HangUp(reset=effect.reset)
        body = reply.body[: len(reply.body) // 2] if effect.cut is Cut.BODY else reply.body
        if effect.bytes_per_second is None:
            yield body
        else:
            size = max(1, int(effect.bytes_per_second / _PIECES))
            for start in range(0, len(body), size):
                if start > 0:
                    self._pause(size / effect.bytes_per_second)
                yield body[start : start + size]
        if effect.cut is Cut.BODY:
            raise HangUp(reset=effect.reset)

    def _reply(self, environ: WSGIEnvironment, entry: RequestEntry, effect: Effect | None) -> Reply:
        limited = self.faults.admit(self._clock.monotonic())
        if effect is not None and effect.status is not None:
            reply = status_reply(effect.status, self._clock.now())
        elif effect is not None and effect.token_expired:
            reply = expired_reply()
        elif limited is not None and limited[1] < 0:
            entry.fault = "rate_limit"
            reply = error_reply(429, "rate_limit_exceeded", "Too many requests")
            add_retry_after(reply, limited[2], limited[0].retry_after_form, self._clock.now())
        elif self._is_missing(entry.path):
            entry.fault = "legacy"
            # The application itself says that there is no such path, to those whom it talks to at all.
            environ["PATH_INFO"] = _NOWHERE
            reply = self._ask(environ, entry, uncompressed=False)
        else:
            reply = self._ask(environ, entry, uncompressed=effect is not None and effect.edits_body)
        if limited is not None:
            limit, remaining, seconds = limited
            reply.headers += [
                ("RateLimit-Limit", str(limit.requests)),
                ("RateLimit-Remaining", str(max(0, remaining))),
                ("RateLimit-Reset", str(int(seconds) + (seconds > int(seconds)))),
            ]
        self._age(reply)
        return reply

    def _ask(self, environ: WSGIEnvironment, entry: RequestEntry, *, uncompressed: bool) -> Reply:
        legacy = self.faults.plan.legacy
        if uncompressed or legacy & {Legacy.NO_TAG, Legacy.DETAIL_ERRORS, Legacy.LISTED_ERRORS}:
            environ.pop("HTTP_ACCEPT_ENCODING", None)
        parameters = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)
        tag = dict(parameters).get("tag")
        ignored = set()
        if Legacy.NO_LONG_POLL in legacy:
            ignored |= {"wait_until_terminal", "timeout_seconds"}
        if Legacy.NO_TAG in legacy:
            ignored.add("tag")
        if ignored:
            environ["QUERY_STRING"] = urlencode([each for each in parameters if each[0] not in ignored])
        body = _Hashed(environ["wsgi.input"])
        environ["wsgi.input"] = body
        reply = Reply("500 Internal Server Error")

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> object:
            reply.status, reply.headers = status, list(headers)
            return None

        chunks = self._app(environ, start_response)  # type: ignore[arg-type]
        try:
            reply.body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        entry.request_bytes = body.size
        if entry.method == "POST" and reply.code < 300 and _SUBMISSION.fullmatch(entry.path):
            self._note_submission(entry, reply, body.digest, tag)
        return reply

    def _note_submission(self, entry: RequestEntry, reply: Reply, digest: str, tag: str | None) -> None:
        self.ledger.accepted(
            Submission(
                request=entry.number,
                kind="calibration" if entry.path.startswith("/cocos/") else "job",
                id=json.loads(reply.uncompressed())["id"],
                body_sha256=digest,
                tag=tag,
                moment=timestamp(self._clock.now()),
            )
        )

    def _is_missing(self, path: str) -> bool:
        legacy = self.faults.plan.legacy
        if Legacy.NO_CALIBRATION_SETS in legacy and _CALIBRATION_SET.fullmatch(path):
            return True
        return any(mode in legacy and fnmatchcase(path, pattern) for mode, pattern in _MISSING.items())

    def _age(self, reply: Reply) -> None:
        legacy = self.faults.plan.legacy
        if reply.code >= 400 and Legacy.DETAIL_ERRORS in legacy:
            rewrite_error(reply, detail_form)
        if reply.code >= 400 and Legacy.LISTED_ERRORS in legacy:
            rewrite_error(reply, listed_form)
        if Legacy.NO_TAG in legacy:
            drop_field(reply, "tag")
        if Legacy.NO_KEEP_ALIVE in legacy:
            reply.headers.append(("Connection", "close"))

    def _pause(self, seconds: float) -> None:
        if seconds > 0:
            with self._closing:
                self._clock.wait_for(self._closing, lambda: self._closed, self._clock.monotonic() + seconds)


class _Hashed:
    """A request body that counts and digests what is read of it."""

    def __init__(self, stream: InputStream) -> None:
        self._stream = stream
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1, /) -> bytes:
        return self._seen(self._stream.read(size))

    def readline(self, size: int = -1, /) -> bytes:
        return self._seen(self._stream.readline(size))

    def readlines(self, hint: int = -1, /) -> list[bytes]:
        return [self._seen(line) for line in self._stream.readlines(hint)]

    def __iter__(self) -> Iterator[bytes]:
        for line in self._stream:
            yield self._seen(line)

    def _seen(self, data: bytes) -> bytes:
        self._hash.update(data)
        self.size += len(data)
        return data
