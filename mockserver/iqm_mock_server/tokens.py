# SPDX-License-Identifier: Apache-2.0
"""The bearer tokens of a server: the one it was started with, and those that refresh tokens made.

Only digests are kept, so neither the memory nor the state file of a server gives a token away.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import secrets
import threading
import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from iqm_mock_server.errors import ApiError, ErrorCode, Unauthorized

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iqm_mock_server.clock import Clock
    from iqm_mock_server.state import Database

MOST_ACTIVE = 10
"""Tokens that may be active at the same time. How many the vendor's servers allow is not known."""

_SHOWN = 4
"""Characters of a token that the API shows."""

_TABLE = """CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE,
    last_characters TEXT NOT NULL,
    configured INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    activated_at TEXT,
    revoked_at TEXT,
    refresh_digest TEXT UNIQUE,
    refresh_expires_at TEXT,
    refreshed_by TEXT
)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """What is known about a token.

    Parameters
    ----------
    digest
        Of the secret, in hexadecimal.
    configured
        Whether the server was started with it; else it was made by a refresh.
    activated_at, revoked_at
        When that happened, if it did.
    refresh_digest, refresh_expires_at
        Its refresh token, if it has one.
    refreshed_by
        Digest of the refresh token that made this token, if one did.
    """

    id: UUID
    digest: str
    last_characters: str
    configured: bool
    created_at: dt.datetime
    expires_at: dt.datetime
    activated_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    refresh_digest: str | None = None
    refresh_expires_at: dt.datetime | None = None
    refreshed_by: str | None = None


@dataclass(frozen=True, slots=True)
class CreatedToken:
    """A new token with its secrets."""

    secret: str
    refresh_secret: str
    token: Token


class TokenRegistry:
    """The tokens that are good for requests.

    Parameters
    ----------
    database
        Where they are written down.
    clock
        Decides what has expired.
    token
        The token that the server is started with. When it is a JWT, it expires when that says.
    refresh_token
        Its refresh token, if it has one.
    lifetime
        Seconds after which a token expires that is not a JWT, and a refresh token.

    Raises
    ------
    ValueError
        When the token has expired or was revoked.
    """

    def __init__(
        self, database: Database, clock: Clock, token: str | None, refresh_token: str | None, lifetime: float
    ) -> None:
        self._database = database
        self._clock = clock
        self._lock = threading.Lock()
        with database.transaction() as connection:
            connection.execute(_TABLE)
            rows = connection.execute("SELECT * FROM tokens").fetchall()
        self._tokens = {token.id: token for token in map(_restored, rows)}
        self._by_digest = {token.digest: token for token in self._tokens.values()}
        self._configure(token, refresh_token, dt.timedelta(seconds=lifetime))

    def require(self, secret: str) -> Token:
        """Return the token that a request carries.

        Raises
        ------
        Unauthorized
            When it is not good for requests.
        """
        # A digest tells nothing about the secret, so how long the look-up takes tells nothing either.
        token = self._by_digest.get(_digest(secret))
        if token is None:
            raise Unauthorized("The bearer token is missing or not valid")
        if token.revoked_at is not None:
            raise Unauthorized("The bearer token has been revoked")
        if token.expires_at <= self._clock.now():
            raise Unauthorized("The bearer token has expired")
        if token.activated_at is None:
            raise Unauthorized("The bearer token has not been activated")
        return token

    def active(self) -> list[Token]:
        """Return the tokens that are good for requests, the oldest first."""
        with self._lock:
            return self._active()

    def refresh(
        self, refresh_secret: str, *, lifetime: float, refresh_lifetime: float, activated: bool
    ) -> CreatedToken:
        """Make a token with a refresh token, which the new token's own then replaces.

        Parameters
        ----------
        lifetime, refresh_lifetime
            Seconds after which the new token and its refresh token expire.
        activated
            Whether the new token is good for requests at once. Else `activate` makes it so, and only then the
            old refresh token ends; one that was made before and not activated is forgotten.

        Raises
        ------
        Unauthorized
            When the refresh token is not valid.
        ApiError
            403, when too many tokens are active.
        """
        with self._lock:
            owner = self._owner(refresh_secret)
            if activated:
                self._require_room(ErrorCode.REFRESH_FORBIDDEN)
            now = self._clock.now()
            secret, new_refresh_secret = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            created = Token(
                id=uuid.uuid4(),
                digest=_digest(secret),
                last_characters=secret[-_SHOWN:],
                configured=False,
                created_at=now,
                expires_at=_later(now, dt.timedelta(seconds=lifetime)),
                activated_at=now if activated else None,
                refresh_digest=_digest(new_refresh_secret),
                refresh_expires_at=_later(now, dt.timedelta(seconds=refresh_lifetime)),
                refreshed_by=owner.refresh_digest,
            )
            self._forget([token for token in self._made_by(owner) if token.activated_at is None])
            self._keep([created, *([_without_refresh(owner)] if activated else [])])
        return CreatedToken(secret, new_refresh_secret, created)

    def activate(self, refresh_secret: str, secret: str) -> dt.datetime:
        """Activate a token with the refresh token that made it; again is no error.

        Returns
        -------
        datetime.datetime
            When it was activated.

        Raises
        ------
        Unauthorized
            When the refresh token is not valid.
        ApiError
            403, when it did not make this token, or too many tokens are active.
        """
        with self._lock:
            token = self._by_digest.get(_digest(secret))
            made = token is not None and token.refreshed_by == _digest(refresh_secret)
            if made and token is not None and token.activated_at is not None:
                return token.activated_at
            owner = self._owner(refresh_secret)
            if not made or token is None or token.revoked_at is not None:
                raise ApiError(
                    403, ErrorCode.ACTIVATE_FORBIDDEN, "This refresh token did not make the token to activate"
                )
            self._require_room(ErrorCode.ACTIVATE_FORBIDDEN)
            now = self._clock.now()
            self._keep([replace(token, activated_at=now), _without_refresh(owner)])
            return now

    def revoke(self, token_id: UUID) -> dt.datetime:
        """Revoke a token and its refresh token; again is no error.

        Returns
        -------
        datetime.datetime
            When it was revoked.

        Raises
        ------
        ApiError
            403, when there is no such token.
        """
        with self._lock:
            token = self._tokens.get(token_id)
            if token is None:
                raise ApiError(403, ErrorCode.REVOKE_FORBIDDEN, f"There is no token {token_id} to revoke")
            if token.revoked_at is not None:
                return token.revoked_at
            now = self._clock.now()
            self._keep([replace(_without_refresh(token), revoked_at=now)])
            return now

    def _configure(self, secret: str | None, refresh_secret: str | None, lifetime: dt.timedelta) -> None:
        digest = None if secret is None else _digest(secret)
        now = self._clock.now()
        # Whoever starts a server with another token means the former one to be of no use any more.
        former = [token for token in self._tokens.values() if token.configured and token.digest != digest]
        self._keep(
            replace(_without_refresh(token), revoked_at=now) for token in former if token.revoked_at is None
        )
        if secret is None or digest is None:
            return
        token = self._by_digest.get(digest)
        if token is None:
            token = Token(
                id=uuid.uuid4(),
                digest=digest,
                last_characters=secret[-_SHOWN:] if len(secret) > 2 * _SHOWN else "",
                configured=True,
                created_at=now,
                expires_at=_jwt_expiry(secret) or _later(now, lifetime),
                activated_at=now,
                refresh_digest=None if refresh_secret is None else _digest(refresh_secret),
                refresh_expires_at=None if refresh_secret is None else _later(now, lifetime),
            )
            self._keep([token])
        if token.revoked_at is not None:
            raise ValueError(f"the token was revoked at {token.revoked_at.isoformat()}: give another one")
        if token.expires_at <= now:
            raise ValueError(f"the token expired at {token.expires_at.isoformat()}: give another one")

    def _active(self) -> list[Token]:
        now = self._clock.now()
        return [
            token
            for token in self._tokens.values()
            if token.activated_at is not None and token.revoked_at is None and token.expires_at > now
        ]

    def _require_room(self, code: ErrorCode) -> None:
        if len(self._active()) >= MOST_ACTIVE:
            raise ApiError(403, code, f"There are {MOST_ACTIVE} active tokens already; revoke one of them")

    def _owner(self, refresh_secret: str) -> Token:
        digest = _digest(refresh_secret)
        for token in self._tokens.values():
            # It outlives its token: that is what it is there for.
            if token.refresh_digest == digest and token.activated_at is not None:
                if token.refresh_expires_at is None or token.refresh_expires_at <= self._clock.now():
                    raise Unauthorized("The refresh token has expired")
                return token
        raise Unauthorized("The bearer token must be a refresh token that is valid")

    def _made_by(self, owner: Token) -> list[Token]:
        return [token for token in self._tokens.values() if token.refreshed_by == owner.refresh_digest]

    def _keep(self, tokens: Iterable[Token]) -> None:
        kept = list(tokens)
        with self._database.transaction() as connection:
            connection.executemany(
                "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, kept)
            )
        for token in kept:
            self._tokens[token.id] = token
            self._by_digest[token.digest] = token

    def _forget(self, tokens: Iterable[Token]) -> None:
        for token in tokens:
            with self._database.transaction() as connection:
                connection.execute("DELETE FROM tokens WHERE id = ?", (str(token.id),))
            del self._tokens[token.id]
            del self._by_digest[token.digest]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _without_refresh(token: Token) -> Token:
    return replace(token, refresh_digest=None, refresh_expires_at=None)


def _later(now: dt.datetime, lifetime: dt.timedelta) -> dt.datetime:
    try:
        return now + lifetime
    except OverflowError:
        return dt.datetime.max.replace(tzinfo=dt.UTC)


def _jwt_expiry(secret: str) -> dt.datetime | None:
    """Return when a JWT says that it expires; None for any other token."""
    parts = secret.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return dt.datetime.fromtimestamp(claims["exp"], dt.UTC)
    except (ValueError, KeyError, TypeError, OverflowError, OSError):
        # It only looks like one: tokens may be any text.
        return None


def _row(token: Token) -> tuple[object, ...]:
    moments = (token.created_at, token.expires_at, token.activated_at, token.revoked_at)
    return (
        str(token.id),
        token.digest,
        token.last_characters,
        token.configured,
        *(_text(moment) for moment in moments),
        token.refresh_digest,
        _text(token.refresh_expires_at),
        token.refreshed_by,
    )


def _text(moment: dt.datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> dt.datetime | None:
    return None if text is None else dt.datetime.fromisoformat(text)


def _restored(row: tuple[Any, ...]) -> Token:
    return Token(
        id=UUID(row[0]),
        digest=row[1],
        last_characters=row[2],
        configured=bool(row[3]),
        created_at=dt.datetime.fromisoformat(row[4]),
        expires_at=dt.datetime.fromisoformat(row[5]),
        activated_at=_moment(row[6]),
        revoked_at=_moment(row[7]),
        refresh_digest=row[8],
        refresh_expires_at=_moment(row[9]),
        refreshed_by=row[10],
    )
