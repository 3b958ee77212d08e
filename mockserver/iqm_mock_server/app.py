# SPDX-License-Identifier: Apache-2.0
"""The Flask application."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, g, jsonify
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from iqm_mock_server import api
from iqm_mock_server.auth import require_token
from iqm_mock_server.clock import SystemClock
from iqm_mock_server.computers import QuantumComputers
from iqm_mock_server.errors import ApiError, ErrorCode
from iqm_mock_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from iqm_mock_server.clock import Clock

_ERROR_SOURCE = "iqm-server"


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Build a server application.

    Its machines work on threads of their own; whoever creates an application outside of `serve` closes it
    with ``app.extensions["iqm_mock_server"].close()``.

    Parameters
    ----------
    settings
        Defaults when left out.
    clock
        The system's clock when left out.

    Raises
    ------
    ValueError
        When the machine is unknown or its file is wrong.
    """
    settings = settings or Settings()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.extensions[api.EXTENSION] = QuantumComputers(settings, clock or SystemClock())
    app.before_request(_identify_request)
    if settings.token is not None:
        app.before_request(require_token(settings.token))
    app.after_request(_name_request)
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected_error)
    for blueprint in api.BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = _MergedSlashes(app.wsgi_app)  # type: ignore[method-assign]
    return app


class _MergedSlashes:
    """Serve ``//api/v1/...`` as ``/api/v1/...``.

    Clients whose root URL ends in a slash ask so, and do not follow redirects.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["PATH_INFO"] = re.sub("/{2,}", "/", environ["PATH_INFO"])
        return self._app(environ, start_response)


def _identify_request() -> None:
    g.request_id = str(uuid.uuid4())


def _name_request(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    return response


def _error(status: int, code: ErrorCode, message: str) -> Response:
    response = jsonify(message=message, error_code=code.value, source=_ERROR_SOURCE, request_id=g.request_id)
    response.status_code = status
    return response


def _api_error(error: ApiError) -> Response:
    response = _error(error.status, error.code, error.message)
    response.headers.update(error.headers)
    return response


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if isinstance(error, RequestEntityTooLarge):
        code = ErrorCode.REQUEST_PAYLOAD_TOO_LARGE
    elif status == 404:
        code = ErrorCode.NOT_FOUND
    else:
        code = ErrorCode.BAD_REQUEST if status < 500 else ErrorCode.INTERNAL_ERROR
    response = _error(status, code, error.description or error.name)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _unexpected_error(error: Exception) -> Response:
    current_app.logger.error("unexpected error, request %s", g.request_id, exc_info=error)
    return _error(500, ErrorCode.INTERNAL_ERROR, f"Internal error of the mock server: {type(error).__name__}")
