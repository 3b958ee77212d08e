# SPDX-License-Identifier: Apache-2.0
"""Calibration runs: from submission to a new calibration set, and every way in which they end otherwise."""

from __future__ import annotations

import json
import sqlite3
import threading
import uuid
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server import serve
from iqm_mock_server.api import EXTENSION
from iqm_mock_server.calibration.script import Script
from iqm_mock_server.clock import ManualClock
from iqm_mock_server.computers import Condition
from iqm_mock_server.machines import load_machine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Command, Connect, Dial, Json

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


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"procedure_config": {},}',
        b"\xff\x00",
        b"[1]",
        b'{"procedure_config": 5}',
        b'{"name": "\\ud800"}',
        b'{"factor": NaN, "limit": 1e999}',
        b'{"a":' * 190 + b"1" + b"}" * 190,
        b'{"a":' * 300 + b"1" + b"}" * 300,
        b"[" * 100_000,
    ],
    ids=lambda body: repr(body[:20]),
)
def test_any_configuration_is_taken_and_kept_as_it_came(
    tmp_path: Path, connect: Connect, body: bytes
) -> None:
    state = tmp_path / "state.sqlite"
    with serve(state=state, calibration_duration=0.0) as server:
        api = connect(server)
        run = start(api, body)
        assert ended(api, run)["status"] == "ready"
    with closing(sqlite3.connect(state)) as database:
        assert database.execute("SELECT content FROM calibration_run_bodies").fetchall() == [(body,)]


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


def test_runs_of_a_killed_server_fail_and_its_sets_stay(tmp_path: Path, command: Command, dial: Dial) -> None:
    arguments = ("--state", str(tmp_path / "state.sqlite"), "--control", "--calibration-duration", "1000")
    with command(*arguments) as (process, url):
        api = dial(url)
        assert api.post("/mock/computers/garnet/calibration/next", {"seconds": 0}).status == 200
        new = ended(api, start(api))["result"]["calibration_set_id"]
        unfinished = [start(api), start(api)]
        while status(api, unfinished[0])["status"] != "processing":
            pass
        process.kill()
        process.wait()
    with command(*arguments) as (_, url):
        api = dial(url)
        assert default_set(api) == new
        for run in unfinished:
            document = status(api, run)
            assert document["status"] == "failed"
            assert document["result"]["success"] is False
            assert "server ended" in document["errors"][0]["message"]


def test_a_state_file_of_a_machine_with_other_qubits_is_refused(tmp_path: Path, connect: Connect) -> None:
    state = tmp_path / "state.sqlite"
    with serve(state=state, calibration_duration=0.0) as server:
        api = connect(server)
        ended(api, start(api))
    other = load_machine("adonis").model_copy(update={"id": load_machine("garnet").id})
    machine = tmp_path / "other.json"
    machine.write_text(other.model_dump_json())
    with pytest.raises(ValueError, match="other components"), serve(machine=str(machine), state=state):
        pass


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


def test_a_machine_in_maintenance_is_calibrated_and_one_that_is_offline_is_not(
    iqm_mock_server: MockServer, api: Api
) -> None:
    computer = iqm_mock_server.app.extensions[EXTENSION].find("garnet")
    computer.condition = Condition.MAINTENANCE
    assert api.request("POST", RUNS, b"{}").status == 200
    computer.condition = Condition.OFFLINE
    reply = api.request("POST", RUNS, b"{}")
    assert reply.status == 503
    assert "offline" in reply.json["message"]


@pytest.mark.iqm_mock_server(calibration_duration=0.0)
def test_jobs_feel_a_ruined_coupler_and_the_older_set_does_not(
    iqm_mock_server: MockServer, api: Api, circuits: type[Circuits]
) -> None:
    before = default_set(api)
    ruin = {"drift": False, "gates": [{"gate": "cz", "locus": ["QB1", "QB2"], "fidelity": 0.4}]}
    runs_of(iqm_mock_server).script_next(Script.model_validate(ruin))
    assert ended(api, start(api))["status"] == "ready"

    def agreeing(**fields: object) -> float:
        [counts] = api.counts(circuits.ghz("QB1", "QB2"), shots=2000, **fields)
        return (counts.get("00", 0) + counts.get("11", 0)) / 2000

    assert agreeing() < 0.75
    assert agreeing(calibration_set_id=before) > 0.9


def test_unknown_runs_are_not_found(api: Api) -> None:
    for run in ("nope", str(uuid.uuid4())):
        assert api.get(f"{RUNS}/{run}/status").status == 404
        assert api.request("POST", f"{RUNS}/{run}/abort", b"").status == 404


def test_closing_the_server_ends_a_run_at_once() -> None:
    with serve(calibration_duration=1e6) as server:
        runs_of(server).start(json.dumps({}).encode())
    assert not [each for each in threading.enumerate() if "calibration" in each.name]
