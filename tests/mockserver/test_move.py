# SPDX-License-Identifier: Apache-2.0
"""MOVE gates: which sandwiches a star machine accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Reply

pytestmark = pytest.mark.iqm_mock_server(machine="deneb", ideal=True)


def submit(api: Api, program: list[dict[str, Any]], **options: object) -> Reply:
    body = {"circuits": [{"name": "c", "instructions": program}], "shots": 50, **options}
    return api.post("/api/v1/jobs/deneb/circuit", body)


def counts(api: Api, program: list[dict[str, Any]], **options: object) -> dict[str, int]:
    reply = submit(api, program, **options)
    assert reply.status == 200, reply.body
    job = api.ended(reply.json["id"])
    assert job["status"] == "completed", job
    found: dict[str, int] = api.artifact(job["id"], "measurement_counts")[0]["counts"]
    return found


def test_a_state_moves_to_the_resonator_and_back(api: Api, circuits: type[Circuits]) -> None:
    move = circuits.gate("move", "QB2", "CR1")
    assert counts(api, [circuits.x("QB2"), move, move, circuits.measure("QB2")]) == {"1": 50}


def test_a_sandwich_may_stay_open(api: Api, circuits: type[Circuits]) -> None:
    program = [circuits.x("QB2"), circuits.gate("move", "QB2", "CR1"), circuits.measure("QB1")]
    assert counts(api, program) == {"0": 50}


def test_prx_in_a_sandwich_is_a_matter_of_choice(api: Api, circuits: type[Circuits]) -> None:
    move = circuits.gate("move", "QB1", "CR1")
    program = [
        circuits.x("QB1"),
        move,
        circuits.gate("barrier", "QB1", "QB2"),
        circuits.x("QB1"),
        circuits.x("QB1"),
    ]
    program += [move, circuits.measure("QB1")]
    refused = submit(api, program)
    assert refused.status == 400
    assert "instruction 3 ('prx'): the state of QB1 is in CR1" in refused.json["message"]
    for option in ("move_gate_validation", "move_validation_mode"):
        assert counts(api, program, **{option: "allow_prx"}) == {"1": 50}


@pytest.mark.parametrize(
    ("steps", "reason"),
    [
        ([("move", "QB1", "CR1"), ("move", "QB2", "CR1")], "CR1 holds the state of QB1"),
        ([("move", "QB1", "CR1"), ("cz", "QB1", "CR1")], "only barrier may act on QB1"),
        ([("move", "QB1", "CR1"), ("reset", "QB1")], "only barrier may act on QB1"),
        ([("move", "CR1", "QB1")], "not calibrated at locus"),
        ([("move", "QB1", "QB2")], "not calibrated at locus"),
        ([("cz", "QB1", "QB2")], "not calibrated at locus"),
    ],
)
def test_what_cannot_be_is_refused(
    api: Api, circuits: type[Circuits], steps: list[tuple[str, ...]], reason: str
) -> None:
    reply = submit(api, [circuits.gate(*step) for step in steps])
    assert reply.status == 400
    assert reply.json["error_code"] == "invalid_job_payload"
    assert reason in reply.json["message"]


def test_without_validation_everything_goes(api: Api, circuits: type[Circuits]) -> None:
    program = [
        circuits.gate("move", "QB1", "CR1"),
        circuits.gate("move", "QB2", "CR1"),
        circuits.measure("QB1"),
    ]
    reply = submit(api, program, move_gate_validation="none")
    assert reply.status == 400
    assert "move_gate_frame_tracking" in reply.json["message"]
    options = {"move_gate_validation": "none", "move_gate_frame_tracking": "none"}
    assert counts(api, program, **options) == {"0": 50}


def test_a_resonator_cannot_be_reset(api: Api, circuits: type[Circuits]) -> None:
    reply = submit(api, [circuits.gate("reset", "CR1")])
    assert reply.status == 400
    assert "it needs measure, which is not calibrated at CR1" in reply.json["message"]


@pytest.mark.parametrize("name", ["prx", "measure", "cc_prx"])
def test_a_resonator_is_no_qubit(api: Api, circuits: type[Circuits], name: str) -> None:
    gates = {
        "prx": circuits.x("CR1"),
        "measure": circuits.measure("CR1"),
        "cc_prx": circuits.gate(
            "cc_prx", "CR1", angle=1.0, phase=0.0, feedback_key="f", feedback_qubit="QB1"
        ),
    }
    program = [circuits.measure("QB1", key="k", feedback_key="f"), gates[name]]
    reply = submit(api, program)
    assert reply.status == 400
    assert "not calibrated at locus ['CR1']" in reply.json["message"]
