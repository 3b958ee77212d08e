# SPDX-License-Identifier: Apache-2.0
"""The page and what belongs to it.

These files hold nothing about the server they come from, so they need no token: the page asks for one, and
sends it with its requests for data.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, send_from_directory

from iqm_mock_server.auth import PUBLIC_BLUEPRINT
from iqm_mock_server.errors import ErrorCode, NotFound

blueprint = Blueprint(PUBLIC_BLUEPRINT, __name__)

_FOLDER = Path(__file__).parent / "static"

_MEDIA_TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}

_PAGE = "index.html"

_HEADERS = {
    # Tags and circuit names come from whoever submits jobs. The page writes them as text only, and this
    # keeps the browser from running or loading anything should that ever fail.
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@blueprint.get("/")
def page() -> Response:
    """Return the page."""
    return _file(_PAGE)


@blueprint.get("/dashboard/<name>")
def asset(name: str) -> Response:
    """Return a script, a style sheet or the icon."""
    if name == _PAGE or not (_FOLDER / name).is_file():
        raise NotFound(ErrorCode.NOT_FOUND, f"The dashboard has no file {name!r}")
    return _file(name)


def _file(name: str) -> Response:
    response = send_from_directory(_FOLDER, name, mimetype=_MEDIA_TYPES[Path(name).suffix], max_age=0)
    response.headers.update(_HEADERS)
    return response
