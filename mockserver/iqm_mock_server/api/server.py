# SPDX-License-Identifier: Apache-2.0
"""The server itself: versions of its API, what it is, and its OpenAPI document."""

from __future__ import annotations

import functools
import importlib.metadata
import json

from flask import Blueprint, Response, current_app

from iqm_mock_server.api.openapi import API_VERSION, openapi_document
from iqm_mock_server.api.operations import operation
from iqm_mock_server.api.replies import json_text
from iqm_mock_server.schemas.about import About, Version, VersionList

_DOCUMENT = "iqm_mock_server.openapi"

blueprint = Blueprint("server", __name__, url_prefix="/api")


@functools.cache
def software_version() -> str:
    """Return the version of this package."""
    return importlib.metadata.version("qdmikit")


@blueprint.get("/versions")
@operation(VersionList)
def versions() -> VersionList:
    """List the versions of this API."""
    return VersionList(versions=[Version(version=API_VERSION, deprecated=False)], latest=API_VERSION)


@blueprint.get("/v1/about")
@operation(About)
def about() -> About:
    """Say what this server is."""
    return About(
        name="qdmikit mock IQM Server", version=software_version(), api_version=API_VERSION, simulated=True
    )


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the OpenAPI document of this server."""
    # It says the same for as long as the server lives, and takes a tenth of a second to make.
    text = current_app.extensions.get(_DOCUMENT)
    if text is None:
        text = json.dumps(openapi_document(current_app), separators=(",", ":"))
        current_app.extensions[_DOCUMENT] = text
    return json_text(text)
