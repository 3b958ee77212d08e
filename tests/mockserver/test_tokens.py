# SPDX-License-Identifier: Apache-2.0
"""Bearer tokens: expiry, refresh in one step and in two, revocation, restarts."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server import ManualClock, Settings, create_app, serve
from iqm_mock_server.tokens import MOST_ACTIVE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.mockserver.conftest import Api, Connect, Json, Reply

    from iqm_mock_server import MockServer

TOKENS = "/api/v1/tokens"
COMPUTERS = "/api/v1/quantum-computers"
SECRET = "the-secret-of-this-test"  # noqa: S105 - a test's own
REFRESH = "its-refresh-token"
HOUR = 3600
DAY = 24 * HOUR


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def server(clock: ManualClock) -> Iterator[MockServer]:
    with serve(token=SECRET, refresh_token=REFRESH, token_lifetime=DAY, clock=clock) as running:
        yield running


@pytest.fixture
def api(server: MockServer, connect: Connect) -> Api:
    return connect(server)


def ask(api: Api, token: str, method: str, path: str, document: object = None) -> Reply:
    body = None if document is None else json.dumps(document).encode()
    return api.request(method, path, body, {"Authorization": f"Bearer {token}"})


def status(api: Api, token: str) -> int:
    return ask(api, token, "GET", COMPUTERS).status


def refresh(api: Api, token: str = REFRESH, *, activated: bool = True) -> Reply:
    wanted = {
        "expires_in_seconds": HOUR,
        "refreshing_expires_in_seconds": 10 * DAY,
        # Left out, it means the same as true.
        **({} if activated else {"activated": False}),
    }
    return ask(api, token, "POST", f"{TOKENS}/current/refresh", {"new_token_properties": wanted})


def activate(api: Api, secret: str, token: str = REFRESH) -> Reply:
    return ask(api, token, "POST", f"{TOKENS}/current/activate", {"api_token": secret})


def revoke(api: Api, token_id: str, token: str = SECRET) -> Reply:
    return ask(api, token, "POST", f"{TOKENS}/{token_id}/revoke")


def listed(api: Api, token: str = SECRET) -> list[Json]:
    reply = ask(api, token, "GET", TOKENS)
    assert reply.status == 200, reply.body
    return list(reply.json["tokens"])


def jwt(**claims: object) -> str:
    parts = ({"alg": "none"}, claims)
    head, body = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return f"{head}.{body}.c2ln"


def test_the_list_shows_the_token_without_its_secret(api: Api) -> None:
    [token] = listed(api)
    assert token["last_characters"] == SECRET[-4:]
    assert token["created_at"] == token["activated_at"] == "2026-01-01T00:00:00.000000Z"
    assert token["expires_at"] == token["refresh_token"]["expires_at"] == "2026-01-02T00:00:00.000000Z"
    assert SECRET not in json.dumps(token)


def test_a_token_is_good_until_it_expires(api: Api, clock: ManualClock) -> None:
    clock.advance(DAY - 1)
    assert status(api, SECRET) == 200
    clock.advance(1)
    reply = ask(api, SECRET, "GET", COMPUTERS)
    assert (reply.status, reply.json["error_code"]) == (401, "unauthorized")
    assert "expired" in reply.json["message"]


@pytest.mark.parametrize("exp", [1767225660, 1767225660.5])
def test_a_jwt_expires_when_it_says(connect: Connect, clock: ManualClock, exp: float) -> None:
    token = jwt(exp=exp)
    with serve(token=token, clock=clock) as server:
        api = connect(server)
        clock.advance(60)
        assert status(api, token) == (200 if exp % 1 else 401)
        clock.advance(1)
        assert status(api, token) == 401


@pytest.mark.parametrize("token", ["a.b.c", jwt(), jwt(exp="soon"), jwt(exp=1e300), "...", "a.b"])
def test_a_token_that_only_looks_like_a_jwt_is_any_token(
    connect: Connect, clock: ManualClock, token: str
) -> None:
    with serve(token=token, clock=clock) as server:
        clock.advance(DAY)
        assert status(connect(server), token) == 200


def test_a_refresh_makes_a_token_and_ends_the_refresh_token(api: Api, clock: ManualClock) -> None:
    created = refresh(api).json
    assert created["activated"] is True
    assert created["metadata"]["last_characters"] == created["token"][-4:]
    assert created["metadata"]["expires_at"] == "2026-01-01T01:00:00.000000Z"
    assert status(api, created["token"]) == status(api, SECRET) == 200
    assert {token["id"] for token in listed(api)} > {created["metadata"]["id"]}
    assert "refresh_token" not in listed(api)[0]
    assert refresh(api).status == 401
    clock.advance(HOUR)
    assert status(api, created["token"]) == 401
    assert refresh(api, created["refresh_token"]).status == 200


def test_a_token_that_is_refreshed_in_two_steps_is_good_once_activated(api: Api) -> None:
    created = refresh(api, activated=False).json
    assert created["activated"] is False
    assert "activated_at" not in created["metadata"]
    assert len(listed(api)) == 1
    reply = ask(api, created["token"], "GET", COMPUTERS)
    assert (reply.status, "not been activated" in reply.json["message"]) == (401, True)
    assert refresh(api, created["refresh_token"]).status == 401
    first = activate(api, created["token"])
    assert (first.status, first.json) == (200, {"activated_at": "2026-01-01T00:00:00.000000Z"})
    assert status(api, created["token"]) == 200
    assert refresh(api).status == 401


def test_activating_again_changes_nothing(api: Api, clock: ManualClock) -> None:
    created = refresh(api, activated=False).json
    first = activate(api, created["token"]).json
    clock.advance(60)
    assert activate(api, created["token"]).json == first


def test_a_refresh_whose_reply_was_lost_can_be_repeated(api: Api) -> None:
    lost = refresh(api, activated=False).json["token"]
    kept = refresh(api, activated=False).json["token"]
    assert activate(api, lost).status == 403
    assert activate(api, kept).status == 200


def test_only_the_refresh_token_that_made_a_token_activates_it(api: Api) -> None:
    created = refresh(api, activated=False).json
    for other in (SECRET, created["token"], created["refresh_token"], "nonsense"):
        reply = activate(api, created["token"], other)
        assert (reply.status, reply.json["error_code"]) == (401, "unauthorized")
    reply = activate(api, "nonsense")
    assert (reply.status, reply.json["error_code"]) == (403, "activate_forbidden")


def test_a_token_does_not_refresh_and_a_refresh_token_asks_for_nothing_else(api: Api) -> None:
    assert refresh(api, SECRET).status == 401
    assert status(api, REFRESH) == 401
    assert ask(api, REFRESH, "GET", TOKENS).status == 401
    assert revoke(api, listed(api)[0]["id"], REFRESH).status == 401


def test_a_refresh_token_outlives_its_token_and_then_expires(api: Api, clock: ManualClock) -> None:
    created = refresh(api).json
    clock.advance(2 * HOUR)
    assert status(api, created["token"]) == 401
    again = refresh(api, created["refresh_token"]).json
    assert status(api, again["token"]) == 200
    clock.advance(10 * DAY)
    reply = refresh(api, again["refresh_token"])
    assert (reply.status, "expired" in reply.json["message"]) == (401, True)


def test_a_revoked_token_is_of_no_use_and_its_refresh_token_neither(api: Api, clock: ManualClock) -> None:
    created = refresh(api).json
    token_id = created["metadata"]["id"]
    first = revoke(api, token_id)
    assert (first.status, first.json) == (200, {"revoked_at": "2026-01-01T00:00:00.000000Z"})
    reply = ask(api, created["token"], "GET", COMPUTERS)
    assert (reply.status, "revoked" in reply.json["message"]) == (401, True)
    assert refresh(api, created["refresh_token"]).status == 401
    assert token_id not in {token["id"] for token in listed(api)}
    clock.advance(60)
    assert revoke(api, token_id).json == first.json


def test_a_token_can_revoke_itself(api: Api) -> None:
    assert revoke(api, listed(api)[0]["id"]).status == 200
    assert status(api, SECRET) == 401


def test_a_token_that_does_not_exist_cannot_be_revoked(api: Api) -> None:
    reply = revoke(api, "00000000-0000-4000-8000-000000000000")
    assert (reply.status, reply.json["error_code"]) == (403, "revoke_forbidden")
    reply = revoke(api, "current")
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")


def test_no_more_tokens_are_active_than_allowed(api: Api) -> None:
    last = REFRESH
    for _ in range(MOST_ACTIVE - 1):
        last = refresh(api, last).json["refresh_token"]
    reply = refresh(api, last)
    assert (reply.status, reply.json["error_code"]) == (403, "refresh_forbidden")
    pending = refresh(api, last, activated=False).json["token"]
    reply = activate(api, pending, last)
    assert (reply.status, reply.json["error_code"]) == (403, "activate_forbidden")
    assert revoke(api, listed(api)[1]["id"]).status == 200
    assert activate(api, pending, last).status == 200


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("expires_in_seconds", 0),
        ("expires_in_seconds", "60"),
        ("expires_in_seconds", 10**12),
        ("refreshing_expires_in_seconds", -1),
        ("activated", "no"),
    ],
)
def test_wrong_properties_are_refused(api: Api, name: str, value: object) -> None:
    wanted = {"expires_in_seconds": HOUR, "refreshing_expires_in_seconds": HOUR, name: value}
    reply = ask(api, REFRESH, "POST", f"{TOKENS}/current/refresh", {"new_token_properties": wanted})
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")
    assert name in reply.json["message"]
    assert refresh(api).status == 200


@pytest.mark.parametrize("path", ["refresh", "activate"])
def test_a_refresh_without_a_token_is_401(api: Api, path: str) -> None:
    api._headers = {}
    reply = api.post(f"{TOKENS}/current/{path}", {})
    assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, "Bearer")


def test_a_server_without_tokens_has_none(iqm_mock_server: MockServer, connect: Connect) -> None:
    api = connect(iqm_mock_server)
    assert api.get(TOKENS).json == {"tokens": []}
    assert refresh(api).status == 401


def test_tokens_survive_a_restart(connect: Connect, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with serve(token=SECRET, refresh_token=REFRESH, state=state) as server:
        created = refresh(connect(server)).json
        revoked = refresh(connect(server), created["refresh_token"]).json
        assert revoke(connect(server), revoked["metadata"]["id"]).status == 200
    with serve(token=SECRET, refresh_token=REFRESH, state=state) as server:
        api = connect(server)
        assert status(api, created["token"]) == 200
        assert status(api, revoked["token"]) == 401
        assert len(listed(api)) == 2
        # It was used up before.
        assert refresh(api).status == 401
    text = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for secret in (SECRET, REFRESH, created["token"], created["refresh_token"]):
        assert secret.encode() not in text


def test_another_token_at_the_start_ends_the_former_one(connect: Connect, tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite"
    with serve(token=SECRET, state=state) as server:
        assert status(connect(server), SECRET) == 200
    with serve(token="another-secret", state=state) as server:  # noqa: S106 - a test's own
        assert status(connect(server), SECRET) == 401
        assert status(connect(server), "another-secret") == 200


def test_a_server_does_not_start_with_a_token_that_is_of_no_use(
    connect: Connect, clock: ManualClock, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="expired at 2025-12-31"):
        create_app(Settings(token=jwt(exp=1767225599)), clock)
    state = tmp_path / "state.sqlite"
    with serve(token=SECRET, state=state, clock=clock) as server:
        revoke(connect(server), listed(connect(server))[0]["id"])
    with pytest.raises(ValueError, match="revoked"):
        create_app(Settings(token=SECRET, state=state), clock)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"refresh_token": "two words", "token": "t"}, "refresh_token must be printable"),
        ({"refresh_token": "same", "token": "same"}, "refresh_token must differ"),
        ({"refresh_token": "r"}, "refresh_token needs a token"),
        ({"token_lifetime": 0.0}, "token_lifetime"),
        ({"token_lifetime": float("nan")}, "token_lifetime"),
    ],
)
def test_settings_that_make_no_sense_are_refused(options: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Settings(**options)  # type: ignore[arg-type]


def test_no_secret_is_in_the_settings_text() -> None:
    text = repr(Settings(token=SECRET, refresh_token=REFRESH))
    assert SECRET not in text
    assert REFRESH not in text
