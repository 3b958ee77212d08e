# SPDX-License-Identifier: Apache-2.0
"""What a fault makes of a reply."""

from __future__ import annotations

import email.utils
import gzip
import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from iqm_mock_server.control.plan import Drift, Effect, Status

    ErrorForm = Callable[[str, str | None], object]
    """What a message and an error code become."""

_BODILESS = {204, 304}
"""Replies that end with their head."""

_HTML = b"<html><head><title>%d</title></head><body><h1>Injected fault</h1></body></html>\n"


@dataclass(slots=True)
class Reply:
    """A whole reply, before it is sent."""

    status: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def code(self) -> int:
        """The HTTP status."""
        return int(self.status.split(" ", 1)[0])

    def uncompressed(self) -> bytes:
        """Return the body as it was before it was compressed."""
        compressed = any(
            name.lower() == "content-encoding" and value == "gzip" for name, value in self.headers
        )
        return gzip.decompress(self.body) if compressed else self.body

    def replace_body(self, body: bytes, content_type: str | None = None) -> None:
        """Put another body in, with its length."""
        self.body = body
        left_out = {"content-length"} | ({"content-type"} if content_type is not None else set())
        self.headers = [(name, value) for name, value in self.headers if name.lower() not in left_out]
        self.headers.append(("Content-Length", str(len(body))))
        if content_type is not None:
            self.headers.append(("Content-Type", content_type))


def detail_form(message: str, _error_code: str | None) -> object:
    """Return the error body of one other generation."""
    return {"detail": message}


def listed_form(message: str, error_code: str | None) -> object:
    """Return the error body of another one."""
    return {"errors": [{"error_code": error_code, "message": message}]}


def has_body(method: str, code: int) -> bool:
    """Return whether a reply has a body at all; one where none belongs would pass for the next reply."""
    return method != "HEAD" and code not in _BODILESS


def error_reply(code: int, error_code: str, message: str) -> Reply:
    """Return an error in the API's form."""
    request_id = str(uuid.uuid4())
    reply = Reply(f"{code} Injected", [("X-Request-ID", request_id)])
    if code not in _BODILESS:
        document = {
            "message": message,
            "error_code": error_code,
            "source": "iqm-server",
            "request_id": request_id,
        }
        reply.replace_body(json.dumps(document).encode(), "application/json")
    return reply


def expired_reply() -> Reply:
    """Return what a token gets that is no longer good."""
    reply = error_reply(401, "unauthorized", "The bearer token has expired")
    reply.headers.append(("WWW-Authenticate", "Bearer"))
    return reply


def status_reply(status: Status, now: dt.datetime) -> Reply:
    """Return the answer that a rule gives instead of the server."""
    reply = error_reply(status.code, status.error_code, status.message)
    if status.code in _BODILESS:
        pass
    elif status.body == "html":
        reply.replace_body(_HTML % status.code, "text/html")
    elif status.body == "empty":
        reply.replace_body(b"", "application/json")
    elif status.body == "detail":
        rewrite_error(reply, detail_form)
    elif status.body == "listed":
        rewrite_error(reply, listed_form)
    if status.retry_after is not None:
        add_retry_after(reply, status.retry_after, status.retry_after_form, now)
    return reply


def add_retry_after(reply: Reply, seconds: float, form: str, now: dt.datetime) -> None:
    """Say when the client may come back."""
    whole = int(seconds) + (seconds > int(seconds))
    text = str(whole) if form == "seconds" else email.utils.formatdate(now.timestamp() + whole, usegmt=True)
    reply.headers.append(("Retry-After", text))


def edit(reply: Reply, effect: Effect) -> None:
    """Change a reply as an effect says."""
    if reply.body:
        _edit_body(reply, effect)
    replaced = {name.lower() for name in effect.headers}
    kept = [(name, value) for name, value in reply.headers if name.lower() not in replaced]
    reply.headers = [*kept, *effect.headers.items()]


def _edit_body(reply: Reply, effect: Effect) -> None:
    if effect.drift is not None:
        drift = effect.drift
        _edit_document(reply, lambda document: _drift(document, drift))
    if effect.malformed:
        reply.replace_body(reply.body[: max(1, len(reply.body) // 2)])
    if effect.pad_to is not None:
        reply.replace_body(reply.body + b" " * (effect.pad_to - len(reply.body)))


def rewrite_error(reply: Reply, form: ErrorForm) -> None:
    """Put an error body into another form, made of its message and its code."""

    def rewrite(document: Any) -> Any:  # noqa: ANN401 - JSON
        if not isinstance(document, dict) or "message" not in document:
            return document
        return form(document["message"], document.get("error_code"))

    _edit_document(reply, rewrite)


def drop_field(reply: Reply, name: str) -> None:
    """Take a member out of the reply's object."""

    def drop(document: Any) -> Any:  # noqa: ANN401 - JSON
        if isinstance(document, dict):
            document.pop(name, None)
        return document

    _edit_document(reply, drop)


def _edit_document(reply: Reply, change: Callable[[Any], object]) -> None:
    try:
        document = json.loads(reply.body)
    except ValueError:
        # An artifact's text is left alone when it is none, and an empty body has nothing to change.
        return
    reply.replace_body(json.dumps(change(document)).encode())


def _drift(document: Any, drift: Drift) -> Any:  # noqa: ANN401 - JSON
    for pointer in drift.remove:
        for holder, name in _places(document, pointer):
            del holder[name]
    for pointer, new_name in drift.rename.items():
        for holder, name in _places(document, pointer):
            if isinstance(holder, dict):
                holder[new_name] = holder.pop(name)
    for pointer, value in drift.set.items():
        if pointer == "":
            document = value
            continue
        parent, _, last = pointer.rpartition("/")
        for holder in _targets(document, parent):
            if isinstance(holder, dict):
                holder[_unescaped(last)] = value
            elif isinstance(holder, list) and last.isdigit() and int(last) < len(holder):
                holder[int(last)] = value
    return document


def _places(document: Any, pointer: str) -> list[tuple[Any, Any]]:  # noqa: ANN401 - JSON
    """Return the containers and keys of everything a pointer names."""
    parent, _, last = pointer.rpartition("/")
    places: list[tuple[Any, Any]] = []
    for holder in _targets(document, parent):
        if isinstance(holder, dict):
            names = list(holder) if last == "*" else [_unescaped(last)]
            places += [(holder, name) for name in names if name in holder]
        elif isinstance(holder, list):
            indices = reversed(range(len(holder))) if last == "*" else [int(last)] if last.isdigit() else []
            places += [(holder, index) for index in indices if index < len(holder)]
    return places


def _targets(document: Any, pointer: str) -> list[Any]:  # noqa: ANN401 - JSON
    targets = [document]
    for part in pointer.split("/")[1:]:
        found: list[Any] = []
        for target in targets:
            if isinstance(target, dict):
                found += (
                    target.values()
                    if part == "*"
                    else [target[name] for name in [_unescaped(part)] if name in target]
                )
            elif isinstance(target, list):
                if part == "*":
                    found += target
                elif part.isdigit() and int(part) < len(target):
                    found.append(target[int(part)])
        targets = found
    return targets


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")
