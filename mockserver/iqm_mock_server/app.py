# SPDX-License-Identifier: Apache-2.0
"""The Flask application."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from flask import Flask, Response, current_app, g
from werkzeug.exceptions import HTTPException

from iqm_mock_server import api, dashboard
from iqm_mock_server.api.openapi import API_VERSION
from iqm_mock_server.api.replies import compress, error
from iqm_mock_server.auth import require_token
from iqm_mock_server.clock import SystemClock
from iqm_mock_server.computers import QuantumComputers
from iqm_mock_server.control import Control, load_plan
from iqm_mock_server.errors import ApiError, ErrorCode, code_of
from iqm_mock_server.settings import Settings
from iqm_mock_server.tokens import TokenRegistry

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from iqm_mock_server.clock import Clock


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
        When a machine is unknown or its file is wrong, the token has expired or was revoked, or the file of
        faults does not describe any, or names a machine that is not served.
    OSError
        When a file cannot be read.
    """
    settings = settings or Settings()
    plan = None if settings.faults is None else load_plan(settings.faults)
    clock = clock or SystemClock()
    app = Flask(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_request_bytes
    app.json.sort_keys = False  # type: ignore[attr-defined]
    computers = app.extensions[api.EXTENSION] = QuantumComputers(settings, clock)
    control = app.extensions[api.CONTROL] = Control(_OnePath(app.wsgi_app), computers)
    try:
        tokens = app.extensions[api.TOKENS] = TokenRegistry(
            computers.database, clock, settings.token, settings.refresh_token, settings.token_lifetime
        )
        if plan is not None:
            control.faults.use(plan)
    except BaseException:
        computers.close()
        raise
    app.before_request(_identify_request)
    if settings.token is not None:
        app.before_request(require_token(tokens))
    app.after_request(compress)
    app.after_request(_name_request)
    app.register_error_handler(ApiError, _api_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _unexpected_error)
    for blueprint in (*api.BLUEPRINTS, *dashboard.BLUEPRINTS):
        app.register_blueprint(blueprint)
    if settings.control:
        app.register_blueprint(api.CONTROL_BLUEPRINT)
    app.wsgi_app = control  # type: ignore[method-assign]
    return app


class _OnePath:
    """Serve ``//api/v1/...`` and ``/api/latest/...`` as ``/api/v1/...``.

    Clients whose root URL ends in a slash ask for the former, and do not follow redirects.
    """

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = re.sub("/{2,}", "/", environ["PATH_INFO"])
        environ["PATH_INFO"] = re.sub("^/api/latest(?=/|$)", f"/api/{API_VERSION}", path)
        return self._app(environ, start_response)


def _identify_request() -> None:
    g.request_id = str(uuid.uuid4())


def _name_request(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    return response


def _api_error(problem: ApiError) -> Response:
    response = error(problem.status, problem.code, problem.message)
    response.headers.update(problem.headers)
    return response


def _http_error(problem: HTTPException) -> Response:
    status = problem.code or 500
    response = error(status, code_of(status), problem.description or problem.name)
    for name, value in problem.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    return response


def _unexpected_error(problem: Exception) -> Response:
    current_app.logger.error("unexpected error, request %s", g.request_id, exc_info=problem)
    return error(
        500, ErrorCode.INTERNAL_ERROR, f"Internal error of the mock server: {type(problem).__name__}"
    )
