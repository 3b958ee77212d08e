# SPDX-License-Identifier: Apache-2.0
"""Documents about the server itself."""

from __future__ import annotations

from pydantic import Field

from iqm_mock_server.schemas.model import Document


class Version(Document):
    """One version of the API."""

    version: str
    deprecated: bool


class VersionList(Document):
    """The versions of the API that this server has."""

    versions: list[Version]
    latest: str = Field(description="What the alias `latest` stands for.")


class About(Document):
    """What this server is."""

    name: str
    version: str
    api_version: str
    simulated: bool = Field(description="Always true: no quantum computer is behind this server.")
