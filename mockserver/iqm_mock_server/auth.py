# SPDX-License-Identifier: Apache-2.0
"""Which requests must carry a bearer token."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from iqm_mock_server.errors import Unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable

    from iqm_mock_server.tokens import TokenRegistry

PUBLIC_BLUEPRINT = "public"
"""What it serves holds nothing about this server and needs no token."""

REFRESH_BLUEPRINT = "token_refresh"
"""What it serves asks for a refresh token instead, by itself."""


def require_token(tokens: TokenRegistry) -> Callable[[], None]:
    """Return a check that the current request carries a token.

    Raises
    ------
    Unauthorized
        By the check.
    """

    def check() -> None:
        if request.blueprint not in {PUBLIC_BLUEPRINT, REFRESH_BLUEPRINT}:
            tokens.require(bearer())

    return check


def bearer() -> str:
    """Return the bearer token of the current request.

    Raises
    ------
    Unauthorized
        When it has none.
    """
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not given.strip():
        raise Unauthorized("The bearer token is missing or not valid")
    return given.strip()
