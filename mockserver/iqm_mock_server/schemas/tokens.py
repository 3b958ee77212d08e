# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens as the API shows, makes and revokes them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID  # noqa: TC003 - pydantic needs it at run time

from pydantic import BeforeValidator, Field

from iqm_mock_server.schemas.model import Body, Document, Timestamp, whole

Lifetime = Annotated[
    int, Field(gt=0, le=100 * 366 * 86400, description="In seconds."), BeforeValidator(whole)
]


class RefreshInfo(Document):
    """The refresh token of a token."""

    expires_at: Timestamp


class TokenInfo(Document):
    """A token, without its secret."""

    id: UUID
    created_at: Timestamp
    expires_at: Timestamp
    last_characters: str = Field(description="End of the token, to recognise it by.")
    activated_at: Timestamp | None = None
    refresh_token: RefreshInfo | None = None


class TokenList(Document):
    """The tokens that are active: neither expired nor revoked."""

    tokens: list[TokenInfo]


class NewTokenProperties(Body):
    """What a new token is to be like."""

    expires_in_seconds: Lifetime
    refreshing_expires_in_seconds: Lifetime
    activated: bool = Field(
        default=True,
        description="Whether the new token replaces the refresh token at once, or when it is activated.",
    )


class RefreshRequest(Body):
    """A request for a new token; its bearer token is a refresh token."""

    new_token_properties: NewTokenProperties


class NewToken(Document):
    """A new token; its secrets are shown only here."""

    token: str
    refresh_token: str
    activated: bool
    metadata: TokenInfo


class ActivationRequest(Body):
    """A request to activate a new token; its bearer token is the refresh token that made it."""

    api_token: str


class Activation(Document):
    """When a token was activated."""

    activated_at: Timestamp


class Revocation(Document):
    """When a token was revoked."""

    revoked_at: Timestamp
