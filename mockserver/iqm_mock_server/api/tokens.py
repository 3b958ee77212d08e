# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens: list, refresh, activate, revoke."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from flask import Blueprint, request

from iqm_mock_server.api import failures
from iqm_mock_server.api.access import tokens
from iqm_mock_server.api.operations import operation
from iqm_mock_server.auth import REFRESH_BLUEPRINT, bearer
from iqm_mock_server.clock import timestamp
from iqm_mock_server.errors import InvalidInput
from iqm_mock_server.schemas.tokens import (
    Activation,
    ActivationRequest,
    NewToken,
    RefreshInfo,
    RefreshRequest,
    Revocation,
    TokenInfo,
    TokenList,
)

if TYPE_CHECKING:
    from iqm_mock_server.tokens import Token

blueprint = Blueprint("tokens", __name__, url_prefix="/api/v1/tokens")
refreshing = Blueprint(REFRESH_BLUEPRINT, __name__, url_prefix="/api/v1/tokens/current")


@refreshing.before_request
def _require_bearer() -> None:
    # Before the body is looked at; whether the token is good for the request shows then.
    if request.method != "OPTIONS":
        bearer()


@blueprint.get("")
@operation(TokenList)
def list_all() -> TokenList:
    """List the active tokens, without their secrets."""
    return TokenList(tokens=[_info(token) for token in tokens().active()])


@blueprint.post("/<token_id>/revoke")
@operation(Revocation, failures=(failures.INVALID_INPUT, failures.REVOKE_FORBIDDEN))
def revoke(token_id: str) -> Revocation:
    """Revoke a token together with its refresh token; again is no error."""
    try:
        known = UUID(token_id)
    except ValueError as error:
        raise InvalidInput(f"{token_id!r} is not the id of a token") from error
    return Revocation(revoked_at=timestamp(tokens().revoke(known)))


@refreshing.post("/refresh")
@operation(
    NewToken,
    body=RefreshRequest,
    failures=(failures.UNAUTHORIZED, failures.INVALID_INPUT, failures.REFRESH_FORBIDDEN),
    refresh_token=True,
)
def refresh(body: RefreshRequest) -> NewToken:
    """Make a new token with a refresh token, which then ends.

    With `activated` false the new token has to be activated before it is good for requests, and only then the
    refresh token ends: no token is lost with a lost reply.
    """
    wanted = body.new_token_properties
    created = tokens().refresh(
        bearer(),
        lifetime=wanted.expires_in_seconds,
        refresh_lifetime=wanted.refreshing_expires_in_seconds,
        activated=wanted.activated,
    )
    return NewToken(
        token=created.secret,
        refresh_token=created.refresh_secret,
        activated=wanted.activated,
        metadata=_info(created.token),
    )


@refreshing.post("/activate")
@operation(
    Activation,
    body=ActivationRequest,
    failures=(failures.UNAUTHORIZED, failures.INVALID_INPUT, failures.ACTIVATE_FORBIDDEN),
    refresh_token=True,
)
def activate(body: ActivationRequest) -> Activation:
    """Activate a new token with the refresh token that made it; again is no error."""
    return Activation(activated_at=timestamp(tokens().activate(bearer(), body.api_token)))


def _info(token: Token) -> TokenInfo:
    # What does not apply is absent and not null.
    optional: dict[str, str | RefreshInfo] = {}
    if token.activated_at is not None:
        optional["activated_at"] = timestamp(token.activated_at)
    if token.refresh_expires_at is not None:
        optional["refresh_token"] = RefreshInfo(expires_at=timestamp(token.refresh_expires_at))
    return TokenInfo.model_validate(
        {
            "id": token.id,
            "created_at": timestamp(token.created_at),
            "expires_at": timestamp(token.expires_at),
            "last_characters": token.last_characters,
            **optional,
        }
    )
