# SPDX-License-Identifier: Apache-2.0
"""Replies in JSON, compressed where the client asks for that."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from flask import Response, g, request

from iqm_mock_server.schemas.errors import ErrorBody

if TYPE_CHECKING:
    from iqm_mock_server.errors import ErrorCode

_WORTH_COMPRESSING = 1024
"""Bytes below which a compressed body saves no packet."""


def json_text(text: bytes | str) -> Response:
    """Return a reply whose body is this JSON text."""
    return Response(text, content_type="application/json")


def stored(compressed: bytes) -> Response:
    """Return a reply whose body is this gzip-compressed JSON text, as it is where the client takes that."""
    wanted = _gzip_wanted()
    response = json_text(compressed if wanted else gzip.decompress(compressed))
    if wanted:
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def results(text: bytes) -> Response:
    """Return a reply whose body is this JSON text, compressed also when it is short."""
    response = json_text(text)
    _compress(response)
    return response


def error(status: int, code: ErrorCode, message: str) -> Response:
    """Return an error reply to the current request."""
    body = ErrorBody(message=message, error_code=code, source="iqm-server", request_id=g.request_id)
    response = json_text(body.model_dump_json(exclude_unset=True))
    response.status_code = status
    return response


def compress(response: Response) -> Response:
    """Compress a reply in JSON when the client wants that and it is long enough."""
    if (
        response.mimetype == "application/json"
        and not response.is_streamed
        and "Content-Encoding" not in response.headers
        and len(response.get_data()) >= _WORTH_COMPRESSING
    ):
        _compress(response)
    return response


def _compress(response: Response) -> None:
    if _gzip_wanted():
        response.set_data(gzip.compress(response.get_data(), compresslevel=1, mtime=0))
        response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")


def _gzip_wanted() -> bool:
    return request.accept_encodings.quality("gzip") > 0
