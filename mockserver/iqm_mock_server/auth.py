# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens."""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING

from flask import request

from iqm_mock_server.errors import ApiError, ErrorCode

if TYPE_CHECKING:
    from collections.abc import Callable


def require_token(token: str) -> Callable[[], None]:
    """Return a check that the current request carries a token.

    Raises
    ------
    ApiError
        401, by the check.
    """
    expected = token.encode()

    def check() -> None:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        # How long a comparison takes must not tell how much of a guess is right.
        matches = hmac.compare_digest(given.strip().encode(), expected)
        if scheme.lower() != "bearer" or not matches:
            raise ApiError(
                401,
                ErrorCode.UNAUTHORIZED,
                "The bearer token is missing or not valid",
                {"WWW-Authenticate": "Bearer"},
            )

    return check
