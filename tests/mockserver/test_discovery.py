# SPDX-License-Identifier: Apache-2.0
"""What a client learns before it submits anything."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server import serve

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api, Circuits, Connect

    from iqm_mock_server import MockServer

COMPUTERS = "/api/v1/quantum-computers"
SETS = "/api/v1/calibration-sets"


def test_the_list_names_the_computer_by_id_alias_and_display_name(api: Api) -> None:
    [computer] = api.get(COMPUTERS).json["quantum_computers"]
    assert str(uuid.UUID(computer["id"])) == computer["id"]
    assert computer["alias"] == "garnet"
    assert computer["display_name"] == "IQM Garnet"
    assert computer["proxy_path"] is None


def test_a_computer_is_found_by_alias_and_by_id(api: Api) -> None:
    by_alias = api.get(f"{COMPUTERS}/garnet").json
    by_id = api.get(f"{COMPUTERS}/{by_alias['id']}").json
    assert by_id == {**by_alias, "health": by_id["health"]}
    required = {
        "id": str,
        "alias": str,
        "display_name": str,
        "description": str,
        "backend_type": str,
        "number_of_qubits": int,
        "pulla_enabled": bool,
        "queue_length": int,
        "limits": dict,
        "pricing": dict,
        "additional_info": dict,
    }
    assert {name: type(by_alias[name]) for name in required} == required
    assert by_alias["number_of_qubits"] == 20
    assert isinstance(by_alias["pricing"]["payg_price_per_second"], str)
    assert {"academy_url", "best_suited_for", "documentation_url", "mock_url"} <= by_alias[
        "additional_info"
    ].keys()


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/health",
        "/queue-availability",
        "/limits",
        "/artifacts/static-quantum-architectures",
    ],
)
def test_an_unknown_computer_is_404(api: Api, path: str) -> None:
    reply = api.get(f"{COMPUTERS}/nope{path}")
    assert reply.status == 404
    assert reply.json["error_code"] == "qc_not_found"
    assert "'nope'" in reply.json["message"]


def test_health_has_the_time_of_its_last_update(api: Api) -> None:
    health = api.get(f"{COMPUTERS}/garnet/health").json
    assert health["healthy"] is True
    assert dt.datetime.fromisoformat(health["updated_at"]).tzinfo is not None


def test_queue_availability_covers_the_time_asked_for(api: Api) -> None:
    start, end = "2026-03-01T00:00:00.000000Z", "2026-03-02T00:00:00.000000Z"
    reply = api.get(f"{COMPUTERS}/garnet/queue-availability", timerange_start=start, timerange_end=end)
    assert reply.json == {"queue_length": 0, "available": [{"start": start, "end": end}]}


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"timerange_start": "yesterday"}, "RFC 3339"),
        ({"timerange_start": "2026-03-01T00:00:00"}, "offset"),
        ({"timerange_start": "2026-03-02T00:00:00Z", "timerange_end": "2026-03-01T00:00:00Z"}, "after"),
    ],
)
def test_a_bad_time_range_is_refused(api: Api, query: dict[str, str], reason: str) -> None:
    reply = api.get(f"{COMPUTERS}/garnet/queue-availability", **query)
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")
    assert reason in reply.json["message"]


def test_the_static_architecture_is_a_square_lattice_of_20_qubits(api: Api) -> None:
    [architecture] = api.get(f"{COMPUTERS}/garnet/artifacts/static-quantum-architectures").json
    assert architecture["qubits"] == [f"QB{number}" for number in range(1, 21)]
    assert architecture["computational_resonators"] == []
    assert len({frozenset(pair) for pair in architecture["connectivity"]}) == 30
    degrees = Counter(name for pair in architecture["connectivity"] for name in pair)
    assert max(degrees.values()) == 4


def test_an_unknown_artifact_is_404(api: Api) -> None:
    reply = api.get(f"{COMPUTERS}/garnet/artifacts/settings")
    assert (reply.status, reply.json["error_code"]) == (404, "qc_artifact_not_found")


def test_the_dynamic_architecture_lists_each_gates_loci(api: Api) -> None:
    [static] = api.get(f"{COMPUTERS}/garnet/artifacts/static-quantum-architectures").json
    dynamic = api.get(f"{SETS}/garnet/default/dynamic-quantum-architecture").json
    assert str(uuid.UUID(dynamic["calibration_set_id"])) == dynamic["calibration_set_id"]
    assert dynamic["qubits"] == static["qubits"]
    assert dynamic["computational_resonators"] == []
    loci = {
        name: gate["implementations"][gate["default_implementation"]]["loci"]
        for name, gate in dynamic["gates"].items()
    }
    one_qubit = [[qubit] for qubit in static["qubits"]]
    assert loci == {"prx": one_qubit, "cz": static["connectivity"], "measure": one_qubit, "cc_prx": one_qubit}
    assert all(gate["override_default_implementation"] == {} for gate in dynamic["gates"].values())


@pytest.mark.parametrize("document", ["", "/dynamic-quantum-architecture", "/metrics"])
def test_a_calibration_set_is_the_same_under_every_name(api: Api, document: str) -> None:
    computer_id = api.get(f"{COMPUTERS}/garnet").json["id"]
    set_id = api.get(f"{SETS}/garnet/default").json["observation_set_id"]
    replies = [
        api.get(f"{SETS}/{qc}/{cal}{document}")
        for qc in ("garnet", computer_id)
        for cal in ("default", set_id)
    ]
    assert {reply.status for reply in replies} == {200}
    assert len({reply.body for reply in replies}) == 1


@pytest.mark.parametrize("document", ["", "/dynamic-quantum-architecture", "/metrics"])
@pytest.mark.parametrize("cal", ["00000000-0000-0000-0000-000000000000", "latest"])
def test_an_unknown_calibration_set_is_404(api: Api, cal: str, document: str) -> None:
    reply = api.get(f"{SETS}/garnet/{cal}{document}")
    assert (reply.status, reply.json["error_code"]) == (404, "calibration_set_not_found")


def test_every_metric_has_a_name_that_clients_parse_and_a_number(api: Api) -> None:
    metrics = api.get(f"{SETS}/garnet/default/metrics").json
    assert metrics["observation_set_type"] == "quality-metric-set"
    assert metrics["describes_id"] == api.get(f"{SETS}/garnet/default").json["observation_set_id"]
    assert dt.datetime.fromisoformat(metrics["created_timestamp"]).tzinfo is not None
    forms = [
        r"characterization\.model\.QB\d+\.(t1|t2|t2_echo)_time",
        r"metrics\.ssro\.measure\.constant\.QB\d+\.(fidelity|error_0_to_1|error_1_to_0)",
        r"metrics\.rb\.prx\.drag_gaussian\.QB\d+\.fidelity:par=d2",
        r"metrics\.irb\.cz\.tgss\.QB\d+__QB\d+\.fidelity:par=d2",
        r"metrics\.qndness\.measure\.constant\.QB\d+\.repeatability",
    ]
    seen: Counter[int] = Counter()
    for observation in metrics["observations"]:
        [form] = [i for i, form in enumerate(forms) if re.fullmatch(form, observation["dut_field"])]
        seen[form] += 1
        assert isinstance(observation["value"], float)
        assert observation["invalid"] is False
    assert [seen[i] for i in range(5)] == [60, 60, 20, 30, 20]


def test_metrics_carry_the_published_figures(api: Api) -> None:
    observations = api.get(f"{SETS}/garnet/default/metrics").json["observations"]
    value = {each["dut_field"]: each["value"] for each in observations}
    assert value["characterization.model.QB1.t1_time"] == pytest.approx(26.626e-6)
    assert value["characterization.model.QB1.t2_time"] == pytest.approx(8.376e-6)
    assert value["metrics.rb.prx.drag_gaussian.QB1.fidelity:par=d2"] == pytest.approx(0.9989764855541426)
    assert value["metrics.irb.cz.tgss.QB1__QB2.fidelity:par=d2"] == pytest.approx(0.9943350602403423)
    assert value["metrics.ssro.measure.constant.QB1.fidelity"] == pytest.approx(0.9817)
    errors = [value[f"metrics.ssro.measure.constant.QB1.error_{way}"] for way in ("0_to_1", "1_to_0")]
    assert sum(errors) / 2 == pytest.approx(1 - 0.9817)
    assert errors[0] < errors[1]


def test_the_calibration_set_carries_gate_durations(api: Api) -> None:
    calibration = api.get(f"{SETS}/garnet/default").json
    assert calibration["observation_set_type"] == "calibration-set"
    assert calibration["describes_id"] is None
    value = {each["dut_field"]: (each["value"], each["unit"]) for each in calibration["observations"]}
    assert value["gates.prx.drag_gaussian.QB7.duration"] == (20e-9, "s")
    assert value["gates.cz.tgss.QB1__QB2.duration"] == (40e-9, "s")
    assert value["gates.measure.constant.QB20.duration"] == (1e-6, "s")


def test_the_versions_name_the_one_that_latest_stands_for(api: Api) -> None:
    versions = api.get("/api/versions").json
    assert versions == {"versions": [{"version": "v1", "deprecated": False}], "latest": "v1"}
    assert api.get("/api/latest/quantum-computers").json == api.get(COMPUTERS).json
    assert api.get("/api/latest").status == 404
    assert api.get("/api/latestest/quantum-computers").status == 404


def test_the_server_says_that_it_is_simulated(api: Api) -> None:
    about = api.get("/api/v1/about").json
    assert about["simulated"] is True
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", about["version"])


def test_a_computer_says_which_software_runs_it(api: Api) -> None:
    about = api.get(f"{COMPUTERS}/garnet/artifacts/about").json
    # Clients keep the names that begin like this.
    assert any(name.startswith("iqm-") for name in about["software_versions"])
    assert about["version"] == api.get("/api/v1/about").json["version"]


def test_limits_are_the_same_wherever_they_stand(api: Api) -> None:
    limits = api.get(f"{COMPUTERS}/garnet/limits").json
    assert all(type(value) is int and value > 0 for value in limits.values())
    assert api.get(f"{COMPUTERS}/garnet").json["limits"] == limits


def test_there_are_no_timeslots(api: Api) -> None:
    slots = api.get(f"{COMPUTERS}/garnet/timeslots", timerange_start="2026-03-01T00:00:00Z").json
    assert slots == {"available_slots": [], "booked_slots": [], "queue_length": 0}


def test_booking_a_timeslot_is_refused(api: Api) -> None:
    reply = api.post(f"{COMPUTERS}/garnet/timeslots", {"timeslots": [{"reference": "monday"}]})
    assert (reply.status, reply.json["error_code"]) == (409, "conflict")
    assert "'monday'" in reply.json["message"]
    reply = api.post(f"{COMPUTERS}/garnet/timeslots", {"timeslots": [{}]})
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")
    assert "timeslots.0.reference" in reply.json["message"]


@pytest.mark.parametrize("condition", ["maintenance", "offline"])
def test_a_computer_that_does_not_work_says_so_everywhere_and_takes_no_jobs(
    iqm_mock_server: MockServer, api: Api, circuits: Circuits, condition: str
) -> None:
    job_id = api.completed(circuits.ghz("QB1", "QB2"))
    computer = iqm_mock_server.app.extensions["iqm_mock_server"].find("garnet")
    computer.condition = type(computer.condition)(condition)
    assert api.get(f"{COMPUTERS}/garnet").json["operational_status"] == condition
    assert api.get(f"{COMPUTERS}/garnet").json["health"]["healthy"] is False
    assert api.get(f"{COMPUTERS}/garnet/health").json["healthy"] is False
    assert api.get(f"{COMPUTERS}/garnet/queue-availability").json["available"] == []
    reply = api.submit(circuits.ghz("QB1", "QB2"))
    assert reply.status == 503
    assert condition in reply.json["message"]
    assert api.job(job_id)["status"] == "completed"
    computer.condition = type(computer.condition)("online")
    assert api.get(f"{COMPUTERS}/garnet").json["operational_status"] == "online"
    assert api.submit(circuits.ghz("QB1", "QB2")).status == 200


@pytest.mark.parametrize(
    "moment",
    [
        "2026-02-29T00:00:00Z",
        "20260301T000000Z",
        "2026-W01-1T00:00:00Z",
        "2026-03-01T24:00:00Z",
        "0001-01-01T00:00:00+23:59",
    ],
)
def test_what_no_calendar_has_is_no_moment(api: Api, moment: str) -> None:
    reply = api.get(f"{COMPUTERS}/garnet/queue-availability", timerange_start=moment)
    assert (reply.status, reply.json["error_code"]) == (400, "invalid_input")


def test_the_end_of_time_can_be_asked_for(api: Api) -> None:
    reply = api.get(f"{COMPUTERS}/garnet/queue-availability", timerange_start="9999-12-31T12:00:00Z")
    assert reply.json["available"] == [
        {"start": "9999-12-31T12:00:00.000000Z", "end": "9999-12-31T23:59:59.999999Z"}
    ]


def test_several_computers_are_told_apart(connect: Connect) -> None:
    with serve(machine=("garnet", "garnet:mock")) as server:
        api = connect(server)
        listed = api.get(COMPUTERS).json["quantum_computers"]
        assert [computer["alias"] for computer in listed] == ["garnet", "garnet:mock"]
        assert listed[0]["id"] != listed[1]["id"]
        for computer in listed:
            for name in (computer["alias"], computer["id"]):
                assert api.get(f"{COMPUTERS}/{name}").json["id"] == computer["id"]


@pytest.mark.iqm_mock_server(calibration_service=False)
@pytest.mark.parametrize(
    "path", ["/cocos/health", f"/cocos/api/v4/calibration/runs/{uuid.UUID(int=0)}/status"]
)
def test_without_a_calibration_service_nothing_of_it_is_there(api: Api, path: str) -> None:
    assert api.get(path).status == 404
