# SPDX-License-Identifier: Apache-2.0
"""What a client learns before it submits anything."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections import Counter
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.mockserver.conftest import Api

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
        r"characterization\.model\.QB\d+\.t[12]_time",
        r"metrics\.ssro\.measure\.constant\.QB\d+\.(fidelity|error_0_to_1|error_1_to_0)",
        r"metrics\.rb\.prx\.drag_gaussian\.QB\d+\.fidelity:par=d2",
        r"metrics\.irb\.cz\.tgss\.QB\d+__QB\d+\.fidelity:par=d2",
    ]
    seen: Counter[int] = Counter()
    for observation in metrics["observations"]:
        [form] = [i for i, form in enumerate(forms) if re.fullmatch(form, observation["dut_field"])]
        seen[form] += 1
        assert isinstance(observation["value"], float)
        assert observation["invalid"] is False
    assert [seen[i] for i in range(4)] == [40, 60, 20, 30]


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


def test_there_is_no_calibration_service_unless_configured(api: Api) -> None:
    assert api.get("/cocos/health").status == 404


@pytest.mark.iqm_mock_server(calibration_service=True)
def test_a_configured_calibration_service_is_healthy_but_does_not_calibrate(api: Api) -> None:
    assert api.get("/cocos/health").status == 200
    reply = api.post("/cocos/api/v4/calibration/runs", {})
    assert reply.status == 501
    assert "does not run calibrations" in reply.json["message"]
