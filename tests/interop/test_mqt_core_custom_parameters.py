# SPDX-License-Identifier: Apache-2.0
"""Every parameter that our device defines, set through mqt-core's driver: its effect, and what is refused."""

from __future__ import annotations

import json
import math
import os
import time
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest
from mqt.core import qdmi
from mqt.core.qdmi import builtin_driver

from iqm_mock_server import serve
from iqm_mock_server.control import FaultPlan

if TYPE_CHECKING:
    from pathlib import Path

    from iqm_mock_server import MockServer
    from iqm_mock_server.control.ledger import RequestEntry

DEVICE = "qdmikit.iqm"
IQM_JSON = qdmi.ProgramFormat.IQM_JSON
CALIBRATION_SET = qdmi.CustomProperty.CUSTOM1
SHOTS = 0  # QDMI_JOB_RESULT_SHOTS
COMPUTERS = "/api/v1/quantum-computers"
RUNS = "/cocos/api/v4/calibration/runs"
SLOW = FaultPlan.model_validate({"rules": [{"match": {"path": COMPUTERS}, "effect": {"latency": 1.5}}]})
TOKEN = "s3cret"  # noqa: S105 - the mock's
two_machines = pytest.mark.iqm_mock_server(machine=("garnet", "adonis"), ideal=True)
star = pytest.mark.iqm_mock_server(machine="deneb", ideal=True)


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith(("IQM_", "QDMI_", "MQT_CORE_QDMI_")):
            monkeypatch.delenv(name)


@pytest.fixture
def device(iqm_mock_server: MockServer) -> qdmi.Device:
    return builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url)


def gate(name: str, *locus: str, **args: object) -> dict[str, Any]:
    return {"name": name, "locus": list(locus), "args": args}


def x(qubit: str) -> dict[str, Any]:
    return gate("prx", qubit, angle=math.pi, phase=0.0)


def measure(*qubits: str, key: str = "m") -> dict[str, Any]:
    return gate("measure", *qubits, key=key)


def program(*instructions: dict[str, Any]) -> str:
    return json.dumps({"name": "circuit", "instructions": instructions, "metadata": {}})


FLIP = program(x("QB1"), measure("QB1"))


def ask(server: MockServer, path: str, body: bytes | None = None) -> Any:  # noqa: ANN401 - what json.load returns
    with urllib.request.urlopen(f"{server.url}{path}", body, timeout=30) as reply:  # noqa: S310 - the mock's
        return json.load(reply)


def payload(server: MockServer, job: qdmi.Job) -> dict[str, Any]:
    """Ask the server for what it was sent."""
    document: dict[str, Any] = ask(server, f"/api/v1/jobs/{job.id}/payload")
    return document


def messages(server: MockServer, job: qdmi.Job) -> str:
    return " ".join(each["message"] for each in ask(server, f"/api/v1/jobs/{job.id}")["messages"])


def finished(job: qdmi.Job) -> qdmi.Job:
    assert job.wait(30)
    assert job.check() == qdmi.Job.Status.DONE
    return job


def answered(server: MockServer) -> list[RequestEntry]:
    """List the requests once all are over: replies leave before the ledger has them, and sessions ask on."""
    end = time.monotonic() + 30
    while any(entry.ended is None for entry in server.ledger.requests()):
        assert time.monotonic() < end
        time.sleep(0.01)
    return server.ledger.requests()


def statuses(server: MockServer) -> set[int | None]:
    return {entry.status for entry in answered(server)}


def submissions(server: MockServer) -> list[tuple[str, int | None]]:
    return [
        (entry.path, entry.status)
        for entry in answered(server)
        if entry.path.startswith("/api/v1/jobs/") and entry.method == "POST"
    ]


def calibrated(server: MockServer) -> None:
    run = ask(server, RUNS, b"{}")
    end = time.monotonic() + 30
    while not ask(server, f"{RUNS}/{run['id']}/status")["end_time"]:
        assert time.monotonic() < end
        time.sleep(0.02)


# --- parameters of the session -------------------------------------------------------------------------


def test_base_url_is_the_server_that_is_asked() -> None:
    with serve(machine="garnet") as garnet, serve(machine="adonis") as adonis:
        device = builtin_driver.open_device(DEVICE, base_url=f"{adonis.url}/")
        assert device.name() == "IQM Adonis"
        assert not garnet.ledger.requests()
        assert statuses(adonis) == {200}


def test_a_base_url_of_another_kind_is_refused() -> None:
    with pytest.raises(RuntimeError, match="Allocating QDMI session: A fatal error"):
        builtin_driver.open_device(DEVICE, base_url="ftp://127.0.0.1")


@pytest.mark.iqm_mock_server(token=TOKEN)
def test_token_is_what_requests_carry(iqm_mock_server: MockServer) -> None:
    device = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, token=TOKEN)
    assert device.status() == qdmi.Device.Status.IDLE
    assert statuses(iqm_mock_server) == {200}


@pytest.mark.iqm_mock_server(token=TOKEN)
@pytest.mark.parametrize("token", [None, "wr0ng"])
def test_without_the_right_token_permission_is_denied(iqm_mock_server: MockServer, token: str | None) -> None:
    with pytest.raises(RuntimeError, match="Permission denied"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, token=token)
    assert statuses(iqm_mock_server) == {401}


@pytest.mark.iqm_mock_server(token=TOKEN)
def test_auth_file_holds_the_token(iqm_mock_server: MockServer, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps({"access_token": TOKEN}))
    device = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, auth_file=tokens)
    assert device.qubits_num() == 20
    assert statuses(iqm_mock_server) == {200}


@pytest.mark.iqm_mock_server(token=TOKEN)
@pytest.mark.parametrize("content", [None, "{}", "no JSON"])
def test_an_auth_file_without_a_token_is_refused_before_anything_is_asked(
    iqm_mock_server: MockServer, tmp_path: Path, content: str | None
) -> None:
    tokens = tmp_path / "tokens.json"
    if content is not None:
        tokens.write_text(content)
    with pytest.raises(RuntimeError, match="Permission denied"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, auth_file=tokens)
    assert not iqm_mock_server.ledger.requests()


@pytest.mark.iqm_mock_server(token=TOKEN)
def test_a_token_and_a_file_together_are_refused(iqm_mock_server: MockServer, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.json"
    tokens.write_text(json.dumps({"access_token": TOKEN}))
    with pytest.raises(RuntimeError, match="Permission denied"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, token=TOKEN, auth_file=tokens)
    assert not iqm_mock_server.ledger.requests()


@two_machines
def test_custom1_chooses_the_computer_by_its_id(iqm_mock_server: MockServer) -> None:
    listed = ask(iqm_mock_server, COMPUTERS)["quantum_computers"]
    for computer, name in zip(listed, ("IQM Garnet", "IQM Adonis"), strict=True):
        device = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, custom1=computer["id"])
        assert device.name() == name
        assert finished(device.submit_job(FLIP, IQM_JSON, 5)).get_counts() == {"1": 5}
    assert submissions(iqm_mock_server) == [
        ("/api/v1/jobs/garnet/circuit", 200),
        ("/api/v1/jobs/adonis/circuit", 200),
    ]


@two_machines
def test_custom2_chooses_the_computer_by_its_alias(iqm_mock_server: MockServer) -> None:
    for alias, qubits in (("adonis", 5), ("garnet", 20)):
        device = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, custom2=alias)
        assert device.qubits_num() == qubits
        device.submit_job(FLIP, IQM_JSON, 5)
    assert submissions(iqm_mock_server) == [
        ("/api/v1/jobs/adonis/circuit", 200),
        ("/api/v1/jobs/garnet/circuit", 200),
    ]


@two_machines
@pytest.mark.parametrize("selector", ["custom1", "custom2"])
def test_a_computer_that_is_not_there_is_refused(iqm_mock_server: MockServer, selector: str) -> None:
    with pytest.raises(RuntimeError, match="Allocating QDMI session: A fatal error"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, **{selector: "crystal-9"})
    # Asked in the same trip, to learn whether the server calibrates; given up once the session has failed.
    health = "/cocos/health"
    assert {entry.path for entry in iqm_mock_server.ledger.requests()} - {health} == {COMPUTERS}


@two_machines
def test_an_explicit_alias_wins_over_the_id_of_the_environment(
    iqm_mock_server: MockServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IQM_QC_ID", ask(iqm_mock_server, COMPUTERS)["quantum_computers"][0]["id"])
    device = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, custom2="adonis")
    assert device.name() == "IQM Adonis"


def test_custom3_is_how_long_a_request_may_take() -> None:
    with serve(faults=SLOW) as server:
        start = time.monotonic()
        with pytest.raises(RuntimeError, match="Allocating QDMI session"):
            builtin_driver.open_device(DEVICE, base_url=server.url, custom3="100")
        assert 0.1 <= time.monotonic() - start < 1.4
        device = builtin_driver.open_device(DEVICE, base_url=server.url, custom3="20000")
        assert device.qubits_num() == 20


def test_custom3_that_is_no_number_of_milliseconds_is_an_invalid_argument(
    iqm_mock_server: MockServer,
) -> None:
    for value in ("soon", "0", "-1", "1.5", "100 ", "2147483648"):
        with pytest.raises(ValueError, match="Invalid argument"):
            builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, custom3=value)
    assert not iqm_mock_server.ledger.requests()


@pytest.mark.iqm_mock_server(speed=100, ideal=True)
def test_custom4_pins_the_calibration_set(device: qdmi.Device, iqm_mock_server: MockServer) -> None:
    old = device.query_custom_property(CALIBRATION_SET, str)
    old_t1 = [site.t1() for site in device.sites()]
    calibrated(iqm_mock_server)
    unpinned = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url)
    pinned = builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, custom4=old)
    new = unpinned.query_custom_property(CALIBRATION_SET, str)
    assert pinned.query_custom_property(CALIBRATION_SET, str) == old != new
    assert [site.t1() for site in pinned.sites()] == old_t1 != [site.t1() for site in unpinned.sites()]
    for opened, expected in ((pinned, old), (unpinned, new)):
        job = finished(opened.submit_job(FLIP, IQM_JSON, 5))
        assert payload(iqm_mock_server, job)["calibration_set_id"] == expected


def test_custom4_that_is_no_uuid_is_an_invalid_argument(iqm_mock_server: MockServer) -> None:
    with pytest.raises(ValueError, match="Invalid argument"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, custom4="latest")
    assert not iqm_mock_server.ledger.requests()


def test_custom4_that_the_server_does_not_know_is_refused(iqm_mock_server: MockServer) -> None:
    unknown = "00000000-0000-4000-8000-000000000000"
    with pytest.raises(RuntimeError, match="Allocating QDMI session: A fatal error"):
        builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, custom4=unknown)
    refused = [entry.path for entry in answered(iqm_mock_server) if entry.status == 404]
    assert any(unknown in path for path in refused)


def test_parameters_that_the_device_does_not_have_are_not_supported(iqm_mock_server: MockServer) -> None:
    for parameter in ("custom5", "auth_url", "username", "password"):
        with pytest.raises(RuntimeError, match="Not supported"):
            builtin_driver.open_device(DEVICE, base_url=iqm_mock_server.url, **{parameter: "x"})
    assert not iqm_mock_server.ledger.requests()


# --- parameters of a job -------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["zeros", b"zeros\0", '{"heralding_mode": "zeros"}'])
def test_custom1_heralds(device: qdmi.Device, iqm_mock_server: MockServer, value: str | bytes) -> None:
    idle = program(measure(*(f"QB{i}" for i in range(1, 11))))
    job = finished(device.submit_job(idle, IQM_JSON, 1000, custom1=value))
    kept = sum(job.get_counts().values())
    assert 0 < kept < 1000
    assert job.num_shots == 1000
    assert job.get_results(SHOTS).count(b",") == kept - 1
    assert payload(iqm_mock_server, job)["heralding_mode"] == "zeros"
    assert f"Heralding kept {kept} of 1000 shots." in messages(iqm_mock_server, job)


def test_custom1_without_heralding_keeps_every_shot(device: qdmi.Device, iqm_mock_server: MockServer) -> None:
    idle = program(measure(*(f"QB{i}" for i in range(1, 11))))
    job = finished(device.submit_job(idle, IQM_JSON, 1000, custom1="none"))
    assert sum(job.get_counts().values()) == len(job.get_shots()) == 1000
    assert payload(iqm_mock_server, job)["heralding_mode"] == "none"


def test_custom1_as_an_object_becomes_part_of_the_request(
    device: qdmi.Device, iqm_mock_server: MockServer
) -> None:
    long = program(*[x("QB1")] * 100, measure("QB1"))
    job = finished(device.submit_job(long, IQM_JSON, 1, custom1='{"active_reset_cycles": 2}'))
    assert payload(iqm_mock_server, job)["active_reset_cycles"] == 2
    with pytest.raises(RuntimeError, match="Submitting job: A fatal error"):
        device.submit_job(long, IQM_JSON, 1, custom1='{"max_circuit_duration_over_t2": 1e-6}')
    assert [status for _, status in submissions(iqm_mock_server)] == [200, 400]


@star
def test_custom2_decides_what_may_stand_between_moves(
    device: qdmi.Device, iqm_mock_server: MockServer
) -> None:
    move = gate("move", "QB1", "CR1")
    between = program(x("QB1"), move, x("QB1"), x("QB1"), move, measure("QB1"))
    for strict in ({}, {"custom2": "strict"}):
        with pytest.raises(RuntimeError, match="Submitting job: A fatal error"):
            device.submit_job(between, IQM_JSON, 20, **strict)
    job = finished(device.submit_job(between, IQM_JSON, 20, custom2="allow_prx"))
    assert job.get_counts() == {"1": 20}
    assert payload(iqm_mock_server, job)["move_gate_validation"] == "allow_prx"
    assert [status for _, status in submissions(iqm_mock_server)] == [400, 400, 200]


@star
def test_custom3_decides_how_frames_are_tracked(device: qdmi.Device, iqm_mock_server: MockServer) -> None:
    crossed = program(gate("move", "QB1", "CR1"), gate("move", "QB2", "CR1"), measure("QB1"))
    for tracked in ({}, {"custom3": "full"}):  # the server wants full tracking to be validated
        with pytest.raises(RuntimeError, match="Submitting job: A fatal error"):
            device.submit_job(crossed, IQM_JSON, 20, custom2="none", **tracked)
    for tracking in ("no_detuning_correction", "none"):
        job = finished(device.submit_job(crossed, IQM_JSON, 20, custom2="none", custom3=tracking))
        assert job.get_counts() == {"0": 20}
        assert payload(iqm_mock_server, job)["move_gate_frame_tracking"] == tracking


STRATEGY = {"gate_sequences": [[2, "XYXY", "center"]], "skip_leading_wait": False}


@pytest.mark.iqm_mock_server(ideal=True)
@pytest.mark.parametrize(
    ("value", "sent"),
    [
        ("enabled", {"dd_mode": "enabled"}),
        ("disabled", {"dd_mode": "disabled"}),
        (json.dumps(STRATEGY), {"dd_mode": "enabled", "dd_strategy": STRATEGY}),
    ],
)
def test_custom4_asks_for_dynamical_decoupling(
    device: qdmi.Device, iqm_mock_server: MockServer, value: str, sent: dict[str, Any]
) -> None:
    job = finished(device.submit_job(FLIP, IQM_JSON, 5, custom4=value))
    assert job.get_counts() == {"1": 5}
    document = payload(iqm_mock_server, job)
    assert {name: text for name, text in document.items() if name.startswith("dd_")} == sent
    asked = "Dynamical decoupling was asked for" in messages(iqm_mock_server, job)
    assert asked == (sent["dd_mode"] == "enabled")


def test_custom4_with_a_strategy_of_another_form_is_refused_by_the_server(
    device: qdmi.Device, iqm_mock_server: MockServer
) -> None:
    with pytest.raises(RuntimeError, match="Submitting job: A fatal error"):
        device.submit_job(FLIP, IQM_JSON, 5, custom4='{"gate_sequences": [[0, "XZ", "late"]]}')
    assert submissions(iqm_mock_server) == [("/api/v1/jobs/garnet/circuit", 400)]


@pytest.mark.iqm_mock_server(ideal=True)
def test_custom5_maps_logical_qubits(device: qdmi.Device, iqm_mock_server: MockServer) -> None:
    named = program(x("alice"), measure("alice", key="a"), measure("bob", key="b"))
    job = finished(device.submit_job(named, IQM_JSON, 20, custom5="alice:QB3, bob:QB7"))
    document = payload(iqm_mock_server, job)
    assert document["qubit_mapping"] == [
        {"logical_name": "alice", "physical_name": "QB3"},
        {"logical_name": "bob", "physical_name": "QB7"},
    ]
    assert job.get_counts() == {"01": 20}


def test_custom5_must_map_each_name_to_a_qubit(device: qdmi.Device, iqm_mock_server: MockServer) -> None:
    named = program(x("alice"), measure("alice", key="a"), measure("bob", key="b"))
    for mapping in (None, "alice:QB3", "alice:QB3, bob:QB99"):
        with pytest.raises(RuntimeError, match="Submitting job: A fatal error"):
            device.submit_job(named, IQM_JSON, 20, custom5=mapping)
    assert not submissions(iqm_mock_server)


@pytest.mark.parametrize("parameter", ["custom1", "custom2", "custom3", "custom4", "custom5"])
def test_a_value_of_another_kind_is_an_invalid_argument(
    device: qdmi.Device, iqm_mock_server: MockServer, parameter: str
) -> None:
    values: tuple[str | bytes | float, ...] = ("bogus", "{", b"none", 1, True, 0.5)
    for value in values:
        with pytest.raises(ValueError, match="Setting custom parameter: Invalid argument"):
            device.submit_job(FLIP, IQM_JSON, 5, **{parameter: value})
    assert not submissions(iqm_mock_server)


def test_what_the_job_or_another_option_decides_is_an_invalid_argument(
    device: qdmi.Device, iqm_mock_server: MockServer
) -> None:
    twice: list[dict[str, str]] = [
        {"custom1": '{"shots": 3}'},
        {"custom1": '{"circuits": []}'},
        {"custom1": '{"calibration_set_id": null}'},
        {"custom1": '{"dd_mode": "enabled"}', "custom4": "enabled"},
        {"custom1": '{"move_validation_mode": "none"}', "custom2": "none"},
        {"custom5": "alice:QB1, alice:QB2"},
    ]
    for options in twice:
        with pytest.raises(ValueError, match="Setting custom parameter: Invalid argument"):
            device.submit_job(FLIP, IQM_JSON, 5, **options)
    assert not submissions(iqm_mock_server)


@star
def test_all_of_them_go_together(device: qdmi.Device, iqm_mock_server: MockServer) -> None:
    job = device.submit_job(
        [program(x("a"), measure("a")), program(measure("a"))],
        IQM_JSON,
        20,
        custom1="zeros",
        custom2="none",
        custom3="none",
        custom4="enabled",
        custom5="a:QB2",
    )
    finished(job)
    assert [job.get_counts(i) for i in range(2)] == [{"1": 20}, {"0": 20}]
    document = payload(iqm_mock_server, job)
    for name in ("circuits", "shots", "calibration_set_id"):
        del document[name]
    assert document == {
        "heralding_mode": "zeros",
        "move_gate_validation": "none",
        "move_gate_frame_tracking": "none",
        "dd_mode": "enabled",
        "qubit_mapping": [{"logical_name": "a", "physical_name": "QB2"}],
    }
