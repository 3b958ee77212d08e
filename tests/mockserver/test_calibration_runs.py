# SPDX-License-Identifier: Apache-2.0
"""Calibration runs: from submission to a new calibration set, and every way in which they end otherwise."""

from __future__ import annotations

import json
import threading
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iqm_mock_server import serve
from iqm_mock_server.api import EXTENSION
from iqm_mock_server.calibration.drift import drifted
from iqm_mock_server.calibration.script import Script, apply
from iqm_mock_server.clock import ManualClock
from iqm_mock_server.machines import load_machine
from iqm_mock_server.simulator.noise import check_figures

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Connect, Json

    from iqm_mock_server.calibration import CalibrationRuns
    from iqm_mock_server.serving import MockServer

RUNS = "/cocos/api/v4/calibration/runs"
SETS = "/api/v1/calibration-sets/garnet"

quick = pytest.mark.iqm_mock_server(calibration_duration=0.0, ideal=True)


def start(api: Api, body: bytes = b"{}", **query: object) -> str:
    reply = api.request("POST", RUNS, body, {"Content-Type": "application/json"}, query)
    assert reply.status == 200, reply.body
    return str(reply.json["id"])


def status(api: Api, run: str) -> Json:
    reply = api.get(f"{RUNS}/{run}/status")
    assert reply.status == 200, reply.body
    return reply.json


def ended(api: Api, run: str) -> Json:
    while True:
        document = status(api, run)
        if document["status"] not in {"waiting", "processing"}:
            return document


def default_set(api: Api) -> str:
    return str(api.get(f"{SETS}/default/dynamic-quantum-architecture").json["calibration_set_id"])


def figures_of(api: Api, reference: str) -> dict[str, float]:
    observations = api.get(f"{SETS}/{reference}/metrics").json["observations"]
    return {each["dut_field"]: each["value"] for each in observations}


def runs_of(server: MockServer) -> CalibrationRuns:
    computer = next(iter(server.app.extensions[EXTENSION]))
    runs: CalibrationRuns = computer.calibration_runs
    return runs


@quick
def test_a_run_makes_a_new_default_set_with_other_figures_and_the_old_one_stays(api: Api) -> None:
    before = default_set(api)
    document = ended(api, start(api))
    assert document["status"] == "ready"
    assert document["result"]["success"] is True
    new = document["result"]["calibration_set_id"]
    assert default_set(api) == new != before
    assert figures_of(api, new) == figures_of(api, "default")
    old, fresh = figures_of(api, before), figures_of(api, new)
    assert old.keys() == fresh.keys()
    assert sum(old[name] != fresh[name] for name in old) > 0.9 * len(old)
    assert api.get(f"{SETS}/{new}").json["observation_set_id"] == new


@quick
def test_a_set_that_is_not_to_be_the_default_is_found_by_its_id_only(
    api: Api, circuits: type[Circuits]
) -> None:
    before = default_set(api)
    document = ended(api, start(api, b'{"procedure_config": {"set_default": "never"}}'))
    new = document["result"]["calibration_set_id"]
    assert default_set(api) == before
    assert api.get(f"{SETS}/{new}/dynamic-quantum-architecture").status == 200
    assert document["run_config"] == {"procedure_config": {"set_default": "never"}}
    program = [circuits.x("QB1"), circuits.measure("QB1")]
    assert api.counts(program, calibration_set_id=new) == [{"1": 100}]


@quick
@pytest.mark.parametrize(
    "body", [b"", b'{"procedure_config": {},}', b"\xff\x00", b"[1]", b'{"procedure_config": 5}']
)
def test_any_configuration_is_taken(api: Api, body: bytes) -> None:
    assert ended(api, start(api, body))["status"] == "ready"


def test_figures_depend_on_seed_and_history_only() -> None:
    def sets_of(seed: int) -> list[dict[str, float]]:
        with serve(seed=seed, calibration_duration=0.0) as server:
            runs = runs_of(server)
            documents = []
            for _ in range(2):
                run_id, _ = runs.start(b"")
                while not (document := runs.document(run_id))["end_time"]:
                    pass
                documents.append(document["result"]["calibration_set_id"])
            computer = next(iter(server.app.extensions[EXTENSION]))
            return [
                {name: each.t1 for name, each in computer.calibrations.find(found).coherence.items()}
                for found in documents
            ]

    first, second = sets_of(1)
    assert [first, second] == sets_of(1)
    assert first != second
    assert first != sets_of(2)[0]


def test_drift_stays_plausible_for_ever() -> None:
    first = load_machine("garnet").calibration
    random = np.random.default_rng(3)
    figures = first
    for _ in range(50):
        figures = drifted(figures, first, random)
        check_figures(figures)
        for name, coherence in figures.coherence.items():
            assert 0.74 < coherence.t1 / first.coherence[name].t1 < 1.34
        for at in figures.gates["cz"].loci:
            home = first.at("cz", at.locus)
            assert home is not None
            assert home.fidelity is not None
            assert at.fidelity is not None
            assert at.fidelity > 1 - 2 * (1 - home.fidelity)
    assert figures.coherence != first.coherence


def test_a_run_takes_its_time_and_the_machine_runs_no_job_meanwhile(
    connect: Connect, circuits: type[Circuits]
) -> None:
    clock = ManualClock()
    with serve(calibration_duration=60.0, speed=2.0, ideal=True, clock=clock) as server:
        api = connect(server)
        run = start(api)
        while status(api, run)["status"] != "processing":
            pass
        job = api.accepted([circuits.measure("QB1")])
        clock.advance(29.0)
        assert status(api, run)["status"] == "processing"
        assert api.job(job)["status"] == "waiting"
        clock.advance(1.5)
        assert ended(api, run)["status"] == "ready"
        assert api.ended(job)["status"] == "completed"


@pytest.mark.iqm_mock_server(calibration_duration=1000.0)
def test_runs_queue_and_can_be_aborted_at_every_stage(api: Api) -> None:
    first = start(api)
    reply = api.request("POST", RUNS, b"{}")
    assert reply.json["queue_position"] == 1
    second = reply.json["id"]
    for run in (second, first):
        reply = api.request("POST", f"{RUNS}/{run}/abort", b"", {"Content-Type": "application/json"})
        assert reply.status == 200
        assert status(api, run)["status"] == "aborted"
        reply = api.request("POST", f"{RUNS}/{run}/abort", b"")
        assert reply.status == 403
        assert reply.json["error_code"] == "illegal_job_status"


@quick
def test_a_scripted_run_ruins_what_it_is_told_to(iqm_mock_server: MockServer, api: Api) -> None:
    script = Script.model_validate(
        {
            "drift": False,
            "coherence": {"QB3": {"t1": 5e-6}},
            "gates": [
                {"gate": "cz", "locus": ["QB2", "QB1"], "fidelity": 0.6},
                {"gate": "cz", "locus": ["QB4", "QB5"], "missing": True},
            ],
        }
    )
    before = figures_of(api, "default")
    runs_of(iqm_mock_server).script_next(script)
    ended(api, start(api))
    after = figures_of(api, "default")
    changed = {name for name in before if before[name] != after.get(name)}
    assert after["metrics.irb.cz.tgss.QB1__QB2.fidelity:par=d2"] == 0.6
    assert after["characterization.model.QB3.t1_time"] == 5e-6
    assert all("QB3" in name or "QB1__QB2" in name or "QB4__QB5" in name for name in changed)
    loci = api.get(f"{SETS}/default/dynamic-quantum-architecture").json["gates"]["cz"]["implementations"]
    assert ["QB4", "QB5"] not in loci["tgss"]["loci"]
    # A script is for one run.
    ended(api, start(api))
    assert figures_of(api, "default")["metrics.irb.cz.tgss.QB1__QB2.fidelity:par=d2"] != 0.6


@quick
def test_a_run_fails_when_it_is_told_to_and_changes_nothing(iqm_mock_server: MockServer, api: Api) -> None:
    before = default_set(api)
    runs_of(iqm_mock_server).script_next(Script(error="the fridge is warm"))
    document = ended(api, start(api))
    assert document["status"] == "failed"
    assert document["result"]["success"] is False
    assert [error["message"] for error in document["errors"]] == ["the fridge is warm"]
    assert default_set(api) == before


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ({"coherence": {"QB99": {"t1": 1e-5}}}, "no component 'QB99'"),
        ({"gates": [{"gate": "swap", "locus": ["QB1"], "missing": True}]}, "no gate 'swap'"),
        ({"gates": [{"gate": "cz", "locus": ["QB1", "QB20"], "fidelity": 0.9}]}, "not calibrated at"),
        ({"coherence": {"QB1": {"t1": 1e-8}}}, "longer than 2 t1"),
        ({"gates": [{"gate": "cz", "locus": ["QB1", "QB2"], "fidelity": 1.0}]}, "contradicts"),
    ],
)
def test_a_script_that_does_not_suit_the_machine_is_refused(script: dict[str, Any], reason: str) -> None:
    figures = load_machine("garnet").calibration
    with pytest.raises(ValueError, match=reason):
        check_figures(apply(Script.model_validate(script), figures))


def test_calibrations_survive_a_restart_and_runs_under_way_fail(tmp_path: Path, connect: Connect) -> None:
    state = tmp_path / "state.sqlite"
    with serve(state=state, calibration_duration=0.0) as server:
        api = connect(server)
        done = start(api)
        new = ended(api, done)["result"]["calibration_set_id"]
        figures = figures_of(api, new)
    with serve(state=state, calibration_duration=1000.0) as server:
        api = connect(server)
        assert default_set(api) == new
        assert figures_of(api, new) == figures
        assert status(api, done)["status"] == "ready"
        unfinished = [start(api), start(api)]
    with serve(state=state) as server:
        api = connect(server)
        for run in unfinished:
            document = status(api, run)
            assert document["status"] == "failed"
            assert "server ended" in document["errors"][0]["message"]


def test_each_machine_has_runs_of_its_own(connect: Connect) -> None:
    with serve(machine=["garnet", "garnet:mock"], calibration_duration=0.0) as server:
        api = connect(server)
        before = default_set(api)
        document = ended(api, start(api, qc="garnet:mock"))
        assert default_set(api) == before
        sets = "/api/v1/calibration-sets/garnet:mock/default/dynamic-quantum-architecture"
        assert api.get(sets).json["calibration_set_id"] == document["result"]["calibration_set_id"]
        assert api.request("POST", RUNS, b"{}", query={"qc": "nope"}).status == 404


@pytest.mark.iqm_mock_server(calibration_service=False)
def test_without_the_service_nothing_of_it_is_there(api: Api) -> None:
    assert api.get("/cocos/health").status == 404
    assert api.request("POST", RUNS, b"{}").status == 404
    assert api.get(f"{RUNS}/{uuid.uuid4()}/status").status == 404


def test_unknown_runs_are_not_found(api: Api) -> None:
    for run in ("nope", str(uuid.uuid4())):
        assert api.get(f"{RUNS}/{run}/status").status == 404
        assert api.request("POST", f"{RUNS}/{run}/abort", b"").status == 404


def test_closing_the_server_ends_a_run_at_once() -> None:
    with serve(calibration_duration=1e6) as server:
        runs_of(server).start(json.dumps({}).encode())
    assert not [each for each in threading.enumerate() if "calibration" in each.name]
