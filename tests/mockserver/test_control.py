# SPDX-License-Identifier: Apache-2.0
"""``/mock/``: who may use it, and what it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Command, Connect, Dial

    from iqm_mock_server.serving import MockServer

COMPUTER = "/api/v1/quantum-computers/garnet"

controlled = pytest.mark.iqm_mock_server(control=True, ideal=True, calibration_duration=0.0)


def put(api: Api, document: bytes) -> int:
    return api.request("PUT", "/mock/faults", document, {"Content-Type": "application/json"}).status


def test_it_is_off_unless_asked_for(api: Api) -> None:
    for path in ("/mock/faults", "/mock/ledger"):
        assert api.get(path).status == 404


@controlled
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "mock.example"},
        {"Host": "127.0.0.1.mock.example"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_other_names_and_other_origins_are_refused(api: Api, headers: dict[str, str]) -> None:
    reply = api.request("GET", "/mock/ledger", headers=headers)
    assert (reply.status, reply.json["error_code"]) == (403, "forbidden")


@controlled
def test_its_own_origin_and_other_names_of_this_machine_are_fine(
    iqm_mock_server: MockServer, api: Api
) -> None:
    port = iqm_mock_server.url.rpartition(":")[2]
    for host in (f"localhost:{port}", f"[::1]:{port}"):
        headers = {"Host": host, "Origin": f"http://{host}"}
        assert api.request("GET", "/mock/ledger", headers=headers).status == 200


@controlled
def test_its_own_name_over_another_scheme_is_another_origin(iqm_mock_server: MockServer, api: Api) -> None:
    secure = iqm_mock_server.url.replace("http:", "https:")
    assert api.request("GET", "/mock/ledger", headers={"Origin": secure}).status == 403
    assert api.request("GET", "/mock/ledger", headers={"Origin": iqm_mock_server.url}).status == 200


@pytest.mark.iqm_mock_server(control=True, host="127.0.0.2")
def test_the_address_it_was_told_to_listen_on_is_fine(api: Api) -> None:
    assert api.get("/mock/ledger").status == 200
    assert api.request("GET", "/mock/ledger", headers={"Host": "127.0.0.3"}).status == 403


@pytest.mark.iqm_mock_server(control=True, token="s3cret")  # noqa: S106 - the mock's
def test_it_needs_the_servers_token(iqm_mock_server: MockServer, connect: Connect) -> None:
    assert connect(iqm_mock_server, token="wr0ng").get("/mock/ledger").status == 401  # noqa: S106 - on purpose
    assert connect(iqm_mock_server).get("/mock/ledger").status == 200


@controlled
def test_faults_come_and_go(api: Api) -> None:
    document = b'{"rules": [{"match": {"path": "/api/v1/*"}, "effect": {"status": {"code": 503}}}]}'
    assert put(api, document) == 200
    assert api.get(COMPUTER).status == 503
    shown = api.get("/mock/faults").json
    assert shown["rules"][0]["effect"]["status"]["code"] == 503
    assert api.request("DELETE", "/mock/faults").json == {}
    assert api.get(COMPUTER).status == 200


@controlled
def test_a_plan_that_is_none_is_refused_and_the_old_one_stays(api: Api) -> None:
    assert put(api, b'{"legacy": ["no_limits"]}') == 200
    reply = api.request("PUT", "/mock/faults", b'{"legacy": ["no_electricity"]}')
    assert reply.status == 400
    assert "legacy" in reply.json["message"]
    reply = api.request(
        "PUT", "/mock/faults", b'{"rules": [{"match": {"machine": "nope"}, "effect": {"malformed": true}}]}'
    )
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")
    assert api.get(f"{COMPUTER}/limits").status == 404


@controlled
def test_the_ledger_is_shown_and_cleared(api: Api, circuits: type[Circuits]) -> None:
    job = api.accepted([circuits.measure("QB1")])
    api.get(COMPUTER)
    ledger = api.get("/mock/ledger").json
    assert [entry["status"] for entry in ledger["requests"]] == [200, 200]
    assert [each["id"] for each in ledger["submissions"]] == [job]
    assert len(api.get("/mock/ledger", since=1).json["requests"]) == 1
    assert api.get("/mock/ledger", since="x").status == 400
    assert ledger["forgotten"] == {"requests": 0, "submissions": 0}
    cleared = api.request("DELETE", "/mock/ledger").json
    assert (cleared["requests"], cleared["submissions"]) == ([], [])


@controlled
@pytest.mark.parametrize("condition", ["maintenance", "offline"])
def test_a_machine_goes_out_of_service_and_comes_back(
    api: Api, circuits: type[Circuits], condition: str
) -> None:
    path = "/mock/computers/garnet/condition"
    assert api.post(path, {"condition": condition}).json == {"condition": condition}
    assert api.get(f"{COMPUTER}/health").json["healthy"] is False
    assert api.get(f"{COMPUTER}/queue-availability").json["available"] == []
    assert api.submit([circuits.measure("QB1")]).status == 503
    assert api.post(path, {"condition": "online"}).status == 200
    assert api.submit([circuits.measure("QB1")]).status == 200
    assert api.post(path, {"condition": "asleep"}).status == 400
    assert api.post("/mock/computers/nope/condition", {"condition": "online"}).status == 404


@controlled
def test_the_next_calibration_finds_what_it_is_told(api: Api) -> None:
    path = "/mock/computers/garnet/calibration/next"
    script = {"gates": [{"gate": "cz", "locus": ["QB1", "QB2"], "fidelity": 0.6}]}
    assert api.post(path, script).status == 200
    run = api.request("POST", "/cocos/api/v4/calibration/runs", b"{}").json["id"]
    while api.get(f"/cocos/api/v4/calibration/runs/{run}/status").json["status"] != "ready":
        pass
    observations = api.get("/api/v1/calibration-sets/garnet/default/metrics").json["observations"]
    found = {each["dut_field"]: each["value"] for each in observations}
    assert found["metrics.irb.cz.tgss.QB1__QB2.fidelity:par=d2"] == 0.6
    reply = api.post(path, {"gates": [{"gate": "cz", "locus": ["QB1", "QB99"], "fidelity": 0.6}]})
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")


def test_the_command_takes_a_plan_and_serves_the_control(
    command: Command, dial: Dial, tmp_path: Path
) -> None:
    plan = tmp_path / "faults.json"
    plan.write_text('{"rules": [{"effect": {"status": {"code": 503}}, "times": 1}]}')
    with command("--faults", str(plan), "--control") as (_, url):
        api = dial(url)
        assert [api.get(COMPUTER).status for _ in range(2)] == [503, 200]
        assert [entry["fault"] for entry in api.get("/mock/ledger").json["requests"]] == [0, None]
        assert api.get("/mock/faults").json["rules"][0]["times"] == 1
