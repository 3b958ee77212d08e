# SPDX-License-Identifier: Apache-2.0
"""What the server refuses at submission, and what it takes."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from iqm_mock_server import machines, serve

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Connect

SUBMIT = "/api/v1/jobs/garnet/circuit"
PRX: dict[str, Any] = {"name": "prx", "locus": ["QB1"], "args": {"angle": 1.0, "phase": 0.0}}
CZ: dict[str, Any] = {"name": "cz", "locus": ["QB1", "QB2"], "args": {}}
MEASURE: dict[str, Any] = {"name": "measure", "locus": ["QB1"], "args": {"key": "m"}}


def assert_refused(
    api: Api, body: object, reason: str, code: str = "invalid_job_payload", **query: object
) -> None:
    reply = api.post(SUBMIT, body, **query)
    assert (reply.status, reply.json["error_code"]) == (400, code)
    assert reason in reply.json["message"]
    assert api.get("/api/v1/quantum-computers/garnet/queue-availability").json["queue_length"] == 0


def job(*instructions: dict[str, Any], **fields: object) -> dict[str, Any]:
    return {"circuits": [{"name": "c", "instructions": list(instructions)}], "shots": 10, **fields}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'"circuits"', b"[" * 100_000])
def test_a_body_that_is_no_job_is_refused(api: Api, body: bytes) -> None:
    reply = api.request("POST", SUBMIT, body)
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_job_payload")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"circuits": []}, "circuits"),
        ({"circuits": None}, "circuits"),
        ({"circuits": [7]}, "circuits.0"),
        ({"circuits": [{"name": "c"}]}, "circuits.0.instructions: Field required"),
        ({"shots": 0}, "shots"),
        ({"shots": -1}, "shots"),
        ({"shots": 1.5}, "shots"),
        ({"shots": "10"}, "shots"),
        ({"shots": True}, "shots"),
        ({"shots": None}, "shots"),
        ({"calibration_set_id": "default"}, "calibration_set_id"),
        ({"calibration_set_id": "00000000-0000-0000-0000-000000000000"}, "calibration_set_id"),
        ({"heralding_mode": "ones"}, "heralding_mode"),
        ({"dd_mode": "on"}, "dd_mode"),
        ({"dd_strategy": {"gate_sequences": [[0, "XY", "asap"]]}}, "dd_strategy.gate_sequences.0.0"),
        ({"dd_strategy": {"gate_sequences": [["9", "XY", "asap"]]}}, "dd_strategy.gate_sequences.0.0"),
        ({"dd_strategy": {"merge_contiguous_waits": "yes"}}, "dd_strategy.merge_contiguous_waits"),
        ({"dd_strategy": {"gate_sequences": [[9, "XZ", "asap"]]}}, "dd_strategy.gate_sequences"),
        ({"dd_strategy": {"gate_sequences": [[9, "XY", "late"]]}}, "dd_strategy.gate_sequences.0.2"),
        ({"active_reset_cycles": 0.5}, "active_reset_cycles"),
        ({"move_gate_validation": "lenient"}, "move_gate_validation"),
        ({"move_gate_validation": "none"}, "needs move_gate_validation"),
        ({"max_circuit_duration_over_t2": -0.1}, "max_circuit_duration_over_t2"),
        ({"qubit_mapping": [{"logical_name": "a"}]}, "physical_name"),
    ],
)
def test_a_bad_field_is_named(api: Api, fields: dict[str, Any], reason: str) -> None:
    assert_refused(api, {**job(PRX, MEASURE), **fields}, reason)


@pytest.mark.parametrize(
    ("instruction", "reason"),
    [
        ({**PRX, "name": "h"}, "unknown or unavailable operation"),
        ({**CZ, "name": "move"}, "does not have this gate"),
        ({"name": "prx", "args": PRX["args"]}, "exactly one of 'locus' and 'qubits'"),
        ({**PRX, "qubits": ["QB1"]}, "exactly one of 'locus' and 'qubits'"),
        ({**PRX, "locus": []}, "locus is empty"),
        ({**PRX, "locus": ["QB21"]}, "garnet has no component QB21"),
        ({**PRX, "locus": ["QB1", "QB2"]}, "not calibrated at locus ['QB1', 'QB2']"),
        ({**PRX, "args": {"angle": 1.0}}, "either 'angle' and 'phase' or 'angle_t' and 'phase_t'"),
        ({**PRX, "args": {"angle": 1.0, "phase_t": 0.0}}, "either 'angle' and 'phase'"),
        ({**PRX, "args": {"angle": 1.0, "phase": 0.0, "angle_t": 0.5, "phase_t": 0.0}}, "either 'angle'"),
        ({**PRX, "args": {"angle": "1.0", "phase": 0.0}}, "args.angle"),
        ({**PRX, "args": {"angle": 1.0, "phase": 0.0, "amplitude": 1}}, "args.amplitude"),
        ({**PRX, "implementation": "drag_crf"}, "'drag_crf' is not calibrated, 'drag_gaussian' is"),
        ({**CZ, "locus": ["QB1", "QB3"]}, "not calibrated at locus ['QB1', 'QB3']"),
        ({**CZ, "locus": ["QB1", "QB1"]}, "names a component twice"),
        ({**CZ, "locus": ["QB1"]}, "not calibrated"),
        ({**CZ, "args": {"angle": 1.0}}, "args.angle"),
        ({**MEASURE, "args": {}}, "args.key"),
        ({**MEASURE, "args": {"key": ""}}, "args.key"),
        ({**MEASURE, "args": {"key": "__HERALD"}}, "is reserved"),
        ({"name": "delay", "locus": ["QB1"], "args": {"duration": -1e-9}}, "args.duration"),
        ({"name": "delay", "locus": ["QB1"], "args": {}}, "args.duration"),
        ({"name": "barrier", "locus": ["CR1"], "args": {}}, "no component CR1"),
        ({"name": "reset", "locus": ["QB1"], "args": {}, "implementation": "x"}, "no implementations"),
        (
            {
                "name": "cc_prx",
                "locus": ["QB1"],
                "args": {**PRX["args"], "feedback_key": "f", "feedback_qubit": "QB1"},
            },
            "no measurement before it has feedback_key 'f'",
        ),
    ],
)
def test_a_bad_instruction_is_named_with_its_place(
    api: Api, instruction: dict[str, Any], reason: str
) -> None:
    assert_refused(api, job(PRX, instruction), reason)


def test_infinite_angles_are_refused(api: Api) -> None:
    body = json.dumps(job({**PRX, "args": {"angle": math.inf, "phase": 0.0}})).encode()
    reply = api.request("POST", SUBMIT, body)
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_job_payload")
    assert "angle" in reply.json["message"]


def test_a_measurement_key_must_be_unique_within_its_circuit_only(api: Api) -> None:
    assert_refused(api, job(MEASURE, MEASURE), "Measurement key 'm' is not unique.")
    two_circuits = {"circuits": [{"name": "c", "instructions": [MEASURE]}] * 2, "shots": 1}
    assert api.post(SUBMIT, two_circuits).status == 200


def test_feedback_needs_a_measurement_of_the_feedback_qubit(api: Api) -> None:
    measured = {**MEASURE, "args": {"key": "m", "feedback_key": "f"}}
    conditional = {
        **PRX,
        "name": "cc_prx",
        "args": {**PRX["args"], "feedback_key": "f", "feedback_qubit": "QB2"},
    }
    assert_refused(api, job(measured, conditional), "does not measure QB2")


@pytest.mark.parametrize(
    ("mapping", "reason"),
    [
        ({"a": "QB1", "b": "QB1"}, "map to the same physical qubit"),
        ([{"logical_name": "a", "physical_name": q} for q in ("QB1", "QB2")], "mapped twice"),
        ({"b": "QB1"}, "does not map 'a'"),
        ({"a": "QB99"}, "no component QB99"),
    ],
)
def test_a_qubit_mapping_must_be_one_to_one_and_cover_the_circuit(
    api: Api, mapping: object, reason: str
) -> None:
    assert_refused(api, job({**PRX, "locus": ["a"]}, qubit_mapping=mapping), reason)


@pytest.mark.parametrize("mapping", [{"a": "QB7"}, [{"logical_name": "a", "physical_name": "QB7"}]])
def test_a_qubit_mapping_is_applied(api: Api, mapping: object) -> None:
    flipped = [{**PRX, "locus": ["a"], "args": {"angle": math.pi, "phase": 0.0}}, {**MEASURE, "locus": ["a"]}]
    [counts] = api.counts(flipped, shots=200, qubit_mapping=mapping)
    assert counts["1"] > 180


def test_an_unsupported_job_type_is_refused(api: Api) -> None:
    reply = api.post("/api/v1/jobs/garnet/sweep", job(MEASURE))
    assert (reply.status, reply.json["error_code"]) == (400, "unsupported_job_type")


def test_an_unknown_computer_is_404(api: Api) -> None:
    reply = api.post("/api/v1/jobs/nope/circuit", job(MEASURE))
    assert (reply.status, reply.json["error_code"]) == (404, "qc_not_found")


def test_bad_query_parameters_are_refused(api: Api) -> None:
    assert_refused(api, job(MEASURE), "at most 50 characters", code="invalid_input", tag="x" * 51)
    assert_refused(api, job(MEASURE), "true or false", code="invalid_input", use_timeslot="1")
    reply = api.post(SUBMIT, job(MEASURE), use_timeslot="true")
    assert (reply.status, reply.json["error_code"]) == (403, "no_booked_timeslots")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            {"circuits": [{"name": "c", "instructions": [MEASURE]}] * 1001},
            "Too many circuits: 1001, garnet takes 1000",
        ),
        (job(MEASURE, shots=1_000_001), "Too many shots"),
        (
            {"circuits": [{"name": "c", "instructions": [MEASURE]}] * 3, "shots": 900_000},
            "Too many executions",
        ),
        (job(*[PRX] * 20_001), "Too many instructions"),
    ],
)
def test_the_published_limits_hold(api: Api, body: dict[str, Any], reason: str) -> None:
    assert_refused(api, body, reason)


def test_what_would_take_hours_to_simulate_is_refused(api: Api, circuits: Circuits) -> None:
    [architecture] = api.get("/api/v1/quantum-computers/garnet/artifacts/static-quantum-architectures").json
    layer = [circuits.y90(qubit) for qubit in architecture["qubits"]]
    layer += [circuits.gate("cz", *pair) for pair in architecture["connectivity"]]
    deep = [*layer * 10, circuits.measure(*architecture["qubits"])]
    assert_refused(api, job(*deep, shots=100_000), "use fewer shots, qubits or gates")


def test_a_circuit_longer_than_the_asked_fraction_of_t2_is_refused(
    connect: Connect, circuits: Circuits
) -> None:
    program = [circuits.gate("delay", "QB1", duration=7e-6), PRX, MEASURE]  # 8.02 us; T2 of QB1 is 8.376 us
    with serve() as noisy:
        api = connect(noisy)
        assert_refused(api, job(*program, max_circuit_duration_over_t2=0.9), "takes 8.02 us")
        for limit in (1.0, 0.0, None):
            assert api.post(SUBMIT, job(*program, max_circuit_duration_over_t2=limit)).status == 200
    with serve(ideal=True) as ideal:
        assert connect(ideal).post(SUBMIT, job(*program, max_circuit_duration_over_t2=0.9)).status == 200


def test_the_bodies_of_known_clients_are_taken(api: Api) -> None:
    set_id = api.get("/api/v1/calibration-sets/garnet/default").json["observation_set_id"]
    instructions = [
        {"name": "prx", "locus": ["QB1"], "args": {"angle": 1.57, "phase": 1.57}, "implementation": None},
        {"name": "cz", "locus": ["QB2", "QB1"], "args": {}, "implementation": "tgss"},
        {"name": "barrier", "locus": ["QB1", "QB9"]},
        {"name": "measure", "locus": ["QB1", "QB2"], "args": {"key": "m"}, "implementation": None},
    ]
    complete = {
        "circuits": [{"name": "bell", "instructions": instructions, "metadata": {"who": "me"}}],
        "calibration_set_id": None,
        "qubit_mapping": None,
        "shots": 20,
        "max_circuit_duration_over_t2": None,
        "heralding_mode": "none",
        "move_gate_validation": "strict",
        "move_gate_frame_tracking": "full",
        "active_reset_cycles": None,
        "dd_mode": "disabled",
        "dd_strategy": None,
        "move_validation_mode": "strict",
        "move_gate_frame_tracking_mode": "full",
    }
    short = {"circuits": complete["circuits"], "shots": 20, "calibration_set_id": set_id}
    for body in (complete, short, {**short, "a_field_of_the_future": {}}):
        reply = api.post(SUBMIT, body, use_timeslot="false")
        assert reply.status == 200, reply.body
        assert api.ended(reply.json["id"])["status"] == "completed"


@pytest.mark.iqm_mock_server(ideal=True)
def test_the_old_form_in_turns_means_the_same_as_radians(api: Api) -> None:
    new = [{**PRX, "args": {"angle": math.tau * 0.2, "phase": math.tau * 0.3}}, MEASURE]
    old = [
        {"name": "prx", "qubits": ["QB1"], "args": {"angle_t": 0.2, "phase_t": 0.3}},
        {"name": "measure", "qubits": ["QB1"], "args": {"key": "m"}},
    ]
    assert api.counts(new, shots=500) == api.counts(old, shots=500)


def machine_file(folder: Path, **changes: object) -> str:
    document = json.loads((Path(machines.__file__).parent / "garnet.json").read_text())
    for path, value in changes.items():
        *parents, last = path.split("__")
        target = document
        for parent in parents:
            target = target[parent]
        target[last] = value
    file = folder / "mine.json"
    file.write_text(json.dumps(document))
    return str(file)


def test_a_machine_of_ones_own_is_served(tmp_path: Path, connect: Connect) -> None:
    with serve(machine=machine_file(tmp_path, alias="mine:mock", limits__max_shots_per_circuit=5)) as server:
        api = connect(server)
        assert api.get("/api/v1/quantum-computers/mine:mock/limits").json["max_shots_per_circuit"] == 5
        assert api.get("/api/v1/quantum-computers/mine%3Amock").json["alias"] == "mine:mock"
        assert (
            api.post("/api/v1/jobs/mine:mock/circuit", job(MEASURE)).json["error_code"]
            == "invalid_job_payload"
        )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"alias": "my_machine"}, "alias"),
        ({"format": 2}, "format"),
        ({"qubits": ["QB1", "QB1"]}, "listed twice"),
        ({"connectivity": [["QB1", "QB99"]]}, "unknown components"),
        ({"calibration__coherence__QB1": {"t1": 1e-6, "t2": 3e-6}}, "longer than 2 t1"),
        ({"calibration__coherence__QB1": {"t1": 1e-8, "t2": 1e-8}}, "contradicts t1"),
        ({"calibration__gates__prx__loci": [{"locus": ["QB1"]}]}, "no fidelity"),
    ],
)
def test_a_machine_file_that_makes_no_sense_is_refused(
    tmp_path: Path, changes: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason), serve(machine=machine_file(tmp_path, **changes)):
        pass


def test_an_unknown_machine_names_those_there_are() -> None:
    with (
        pytest.raises(ValueError, match=r"unknown machine 'nope': built in are .*garnet"),
        serve(machine="nope"),
    ):
        pass


def test_dynamical_decoupling_is_taken_and_the_job_says_what_became_of_it(api: Api) -> None:
    strategy = {
        "gate_sequences": [[9, "XYXYYXYX", "asap"], [2, [[3.14, 0.0]], "center"]],
        "target_qubits": None,
    }
    reply = api.post(SUBMIT, {**job(PRX, MEASURE), "dd_mode": "enabled", "dd_strategy": strategy})
    assert reply.status == 200, reply.body
    messages = [message["message"] for message in api.ended(reply.json["id"])["messages"]]
    assert any("Dynamical decoupling" in message for message in messages)
