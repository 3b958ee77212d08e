# SPDX-License-Identifier: Apache-2.0
"""Which requests a fault plan's rules strike."""

from __future__ import annotations

import http.client
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from iqm_mock_server import serve
from iqm_mock_server.control import FaultPlan

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server.serving import MockServer

COMPUTERS = "/api/v1/quantum-computers"


def plan(effect: dict[str, Any], **rule: Any) -> FaultPlan:  # noqa: ANN401 - of a rule
    return FaultPlan.model_validate({"rules": [{"effect": effect, **rule}]})


def test_a_rule_strikes_the_requests_it_names(iqm_mock_server: MockServer, api: Api) -> None:
    effect = {"status": {"code": 503}}
    iqm_mock_server.faults.use(
        plan(effect, requests=[2, 4], match={"method": "get", "path": f"{COMPUTERS}/*"})
    )
    assert [api.get(f"{COMPUTERS}/garnet").status for _ in range(5)] == [200, 503, 200, 503, 200]
    assert api.get(COMPUTERS).status == 200
    iqm_mock_server.faults.use(plan(effect, times=2))
    assert [api.get(COMPUTERS).status for _ in range(4)] == [503, 503, 200, 200]


def test_the_numbers_of_requests_count_those_that_another_rule_struck(
    iqm_mock_server: MockServer, api: Api
) -> None:
    rules = [
        {"requests": [number], "effect": {"status": {"code": code}}}
        for number, code in ((1, 502), (2, 503), (2, 500), (3, 504))
    ]
    iqm_mock_server.faults.use(FaultPlan.model_validate({"rules": rules}))
    assert [api.get(COMPUTERS).status for _ in range(4)] == [502, 503, 504, 200]


TWO = pytest.mark.iqm_mock_server(machine=("garnet", "garnet:spare"), ideal=True)


@TWO
def test_a_rule_can_be_for_one_machine(
    iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]
) -> None:
    job = api.accepted([circuits.measure("QB1")])
    spare = api.get(f"{COMPUTERS}/garnet:spare").json["id"]
    iqm_mock_server.faults.use(plan({"status": {"code": 503}}, match={"machine": "garnet:spare"}))
    for path in (
        f"{COMPUTERS}/garnet:spare",
        f"{COMPUTERS}/{spare}/health",
        "/api/v1/calibration-sets/garnet:spare/default",
    ):
        assert api.get(path).status == 503, path
    assert api.request("POST", "/cocos/api/v4/calibration/runs?qc=garnet:spare", b"{}").status == 503
    for path in (COMPUTERS, f"{COMPUTERS}/garnet", f"/api/v1/jobs/{job}", "/api/v1/about"):
        assert api.get(path).status == 200, path
    iqm_mock_server.faults.use(plan({"status": {"code": 503}}, match={"machine": "garnet"}))
    assert api.get(f"/api/v1/jobs/{job}").status == 503
    assert api.request("POST", "/cocos/api/v4/calibration/runs", b"{}").status == 503


def test_a_rule_for_a_machine_that_is_not_served_is_refused(iqm_mock_server: MockServer) -> None:
    with pytest.raises(ValueError, match=r"rules\.0\.match\.machine: there is no quantum computer 'nope'"):
        iqm_mock_server.faults.use(plan({"malformed": True}, match={"machine": "nope"}))


def test_a_rule_can_match_by_a_regular_expression(iqm_mock_server: MockServer, api: Api) -> None:
    iqm_mock_server.faults.use(plan({"status": {"code": 503}}, match={"regex": f"{COMPUTERS}/[^/]+"}))
    assert api.get(f"{COMPUTERS}/garnet").status == 503
    assert api.get(f"{COMPUTERS}/garnet/health").status == 200
    with pytest.raises(ValueError, match="is no regular expression"):
        plan({"malformed": True}, match={"regex": "("})


@TWO
def test_a_machine_can_go_out_of_service_in_the_course_of_requests(
    iqm_mock_server: MockServer, api: Api
) -> None:
    def health(alias: str) -> bool:
        return bool(api.get(f"{COMPUTERS}/{alias}/health").json["healthy"])

    rule = {"match": {"path": "*/health", "machine": "garnet:spare"}, "requests": [3]}
    iqm_mock_server.faults.use(plan({"condition": "maintenance"}, **rule))
    assert [health("garnet:spare") for _ in range(4)] == [True, True, False, False]
    assert health("garnet")
    assert api.get(f"{COMPUTERS}/garnet:spare").json["operational_status"] == "maintenance"
    iqm_mock_server.faults.use(FaultPlan())
    assert health("garnet:spare")
    # A request that is about no machine in particular takes all of them along.
    iqm_mock_server.faults.use(plan({"condition": "offline"}, match={"path": COMPUTERS}))
    api.get(COMPUTERS)
    assert not health("garnet")
    assert not health("garnet:spare")


def test_chance_follows_the_seed(iqm_mock_server: MockServer, api: Api) -> None:
    def statuses() -> list[int]:
        iqm_mock_server.faults.use(plan({"status": {"code": 503}}, probability=0.5))
        return [api.get(COMPUTERS).status for _ in range(20)]

    first = statuses()
    assert 4 < first.count(503) < 16
    assert statuses() == first


def test_the_first_rule_that_strikes_decides(iqm_mock_server: MockServer, api: Api) -> None:
    rules = [
        {"requests": [1], "effect": {"status": {"code": 500}}},
        {"effect": {"status": {"code": 503}}},
    ]
    iqm_mock_server.faults.use(FaultPlan.model_validate({"rules": rules}))
    assert [api.get(COMPUTERS).status for _ in range(2)] == [500, 503]


def test_a_plan_can_come_from_a_file(tmp_path: Path, connect: Connect) -> None:
    path = tmp_path / "faults.json"
    path.write_text('{"rules": [{"effect": {"status": {"code": 503}}, "times": 1}]}')
    with serve(faults=path) as server:
        assert connect(server).get(COMPUTERS).status == 503
    path.write_text('{"rules": [{"effect": {"explode": true}}]}')
    with (
        pytest.raises(ValueError, match=r"faults\.json does not describe faults: rules\.0\.effect\.explode"),
        serve(faults=path),
    ):
        pass
    path.write_text('{"rules": [{"match": {"machine": "nope"}, "effect": {"malformed": true}}]}')
    with pytest.raises(ValueError, match="there is no quantum computer 'nope'"), serve(faults=path):
        pass


def test_closing_the_server_lets_go_of_those_who_wait() -> None:
    with serve(faults=plan({"latency": 3000.0})) as server:
        address = urlsplit(server.url)
        connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=20)
        connection.request("GET", COMPUTERS)
        while not server.ledger.requests():
            pass
        began = time.monotonic()
    assert time.monotonic() - began < 10
    connection.close()
