# SPDX-License-Identifier: Apache-2.0
"""What a server keeps in its state file, and what it makes of that after a restart."""

from __future__ import annotations

import signal
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server import ManualClock, serve
from iqm_mock_server.state import Database

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Circuits, Command, Connect, Dial

JOBS = "/api/v1/jobs"
JOBS_NUM = 100


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def statuses(job: dict[str, list[dict[str, str]]]) -> list[str]:
    return [entry["status"] for entry in job["timeline"]]


def insert_and_fail(database: Database) -> None:
    with database.transaction() as connection:
        connection.execute("INSERT INTO t VALUES (1)")
        raise ZeroDivisionError


def test_the_file_is_for_its_owner_alone(file: Path) -> None:
    with closing(Database(file)) as database:
        with database.transaction() as connection:
            connection.execute("CREATE TABLE t (x)")
        assert {mode(path) for path in file.parent.iterdir()} == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(file: Path) -> None:
    file.touch(0o644)
    with closing(Database(file)):
        assert mode(file) == 0o600


def test_a_transaction_is_kept_as_a_whole_or_not_at_all(file: Path) -> None:
    with closing(Database(file)) as database:
        with database.transaction() as connection:
            connection.execute("CREATE TABLE t (x)")
        with pytest.raises(ZeroDivisionError):
            insert_and_fail(database)
        with database.transaction() as connection:
            connection.execute("INSERT INTO t VALUES (2)")
    with closing(Database(file)) as database, database.transaction() as connection:
        assert connection.execute("SELECT x FROM t").fetchall() == [(2,)]


def test_a_second_server_on_the_same_file_is_refused(file: Path, command: Command, dial: Dial) -> None:
    with command("--state", str(file)) as (_process, url):
        with pytest.raises(ValueError, match=r"state\.db is in use by another server"):
            Database(file)
        assert dial(url).get("/api/v1/quantum-computers").status == 200


def test_a_second_server_of_the_same_process_is_refused_and_opens_no_door(file: Path) -> None:
    # The locks of a file end for the whole process when any part of it closes the file.
    with closing(Database(file)):
        with pytest.raises(ValueError, match=r"state\.db is in use by another server"):
            Database(file)
        code = f"import sqlite3; sqlite3.connect({str(file)!r}, timeout=0).execute('PRAGMA user_version')"
        other = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert "database is locked" in other.stderr


def test_something_else_than_a_database_is_refused_and_left_alone(file: Path) -> None:
    file.write_text("my thesis" * 1000)
    with pytest.raises(ValueError, match=r"state\.db cannot be used: file is not a database"):
        Database(file)
    assert file.read_text() == "my thesis" * 1000


def test_a_database_of_another_program_is_refused_and_left_alone(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE theirs (x)")
    before = file.read_bytes()
    with pytest.raises(ValueError, match="belongs to another program"):
        Database(file)
    assert file.read_bytes() == before


def test_a_file_of_another_format_is_refused(file: Path) -> None:
    Database(file).close()
    with closing(sqlite3.connect(file)) as other:
        other.execute("PRAGMA user_version = 99")
    with pytest.raises(ValueError, match="has format 99"):
        Database(file)


def test_a_job_that_has_ended_reads_the_same_after_a_restart(
    file: Path, connect: Connect, circuits: Circuits
) -> None:
    def everything(job_id: str) -> list[bytes]:
        paths = ("", "/payload", "/artifacts/measurements", "/artifacts/measurement_counts")
        return [api.get(f"{JOBS}/{job_id}{path}").body for path in paths]

    with serve(state=file) as server:
        api = connect(server)
        job_id = api.completed(circuits.ghz("QB1", "QB2"), [circuits.x("QB3")], shots=77)
        before = everything(job_id)
    with serve(state=file) as server:
        api = connect(server)
        assert everything(job_id) == before
        assert api.request("POST", f"{JOBS}/{job_id}/cancel").status == 403


def test_a_deleted_job_is_gone_from_the_file(file: Path, connect: Connect, circuits: Circuits) -> None:
    with serve(state=file) as server:
        api = connect(server)
        job_id = api.completed(circuits.ghz("QB1", "QB2"))
        assert api.request("DELETE", f"{JOBS}/{job_id}").status == 204
    with serve(state=file) as server:
        assert connect(server).get(f"{JOBS}/{job_id}").status == 404
    with closing(sqlite3.connect(file)) as database:
        for table in ("jobs", "job_payloads", "job_results"):
            assert database.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)  # noqa: S608


def test_jobs_that_had_not_ended_start_over_in_their_order_and_say_so(
    file: Path, connect: Connect, circuits: Circuits
) -> None:
    clock = ManualClock()
    with serve(state=file, duration=100, clock=clock) as server:
        api = connect(server)
        running, waiting = (api.accepted(circuits.ghz("QB1", "QB2")) for _ in range(2))
        clock.await_sleepers(1)
        before = api.job(running)["timeline"]
    with serve(state=file) as server:
        api = connect(server)
        jobs = [api.ended(job) for job in (running, waiting)]
    assert [job["status"] for job in jobs] == ["completed", "completed"]
    half_run, untouched = jobs
    assert statuses(half_run)[:6] == [*statuses({"timeline": before})[:4], "interrupted", "requeued"]
    assert any("starts over" in message["message"] for message in half_run["messages"])
    assert statuses(untouched)[:5] == [*statuses({"timeline": before})[:4], "requeued"]
    assert not any("starts over" in message["message"] for message in untouched["messages"])
    ends = [job["timeline"][-1]["timestamp"] for job in jobs]
    assert ends == sorted(ends)


def test_a_restart_does_not_change_what_comes_out(file: Path, connect: Connect, circuits: Circuits) -> None:
    program = circuits.ghz("QB1", "QB2", "QB5")
    with serve(seed=3) as server:
        api = connect(server)
        expected = api.counts(program, shots=500)
    with serve(seed=3, state=file, duration=100, clock=ManualClock()) as server:
        job_id = connect(server).accepted(program, shots=500)
    # What was accepted under one seed keeps it.
    with serve(seed=4, state=file) as server:
        api = connect(server)
        assert api.ended(job_id)["status"] == "completed"
        counts = api.artifact(job_id, "measurement_counts")
    assert [each["counts"] for each in counts] == expected


def test_a_job_that_the_changed_server_would_not_accept_fails_with_the_reason(
    file: Path, connect: Connect, circuits: Circuits
) -> None:
    with serve(state=file, duration=100, clock=ManualClock()) as server:
        job_id = connect(server).accepted(circuits.ghz("QB1", "QB2"))
    with serve(state=file, simulation_budget=1e-9) as server:
        job = connect(server).ended(job_id)
    assert job["status"] == "failed"
    assert "Simulating this job would take" in job["errors"][0]["message"]


def test_jobs_of_a_machine_that_is_not_served_wait_until_it_is(
    file: Path, connect: Connect, circuits: Circuits
) -> None:
    with serve(machine="garnet", state=file, duration=100, clock=ManualClock()) as server:
        job_id = connect(server).accepted(circuits.ghz("QB1", "QB2"))
    with serve(machine="garnet:other", state=file) as server:
        assert connect(server).get(f"{JOBS}/{job_id}").status == 404
    with serve(machine=["garnet:other", "garnet"], state=file) as server:
        assert connect(server).ended(job_id)["status"] == "completed"


def test_after_a_kill_every_accepted_job_is_known_and_ends(
    file: Path, command: Command, dial: Dial, circuits: Circuits
) -> None:
    # Some jobs have ended when the process is killed, one runs, most wait.
    options = ("--state", str(file), "--ideal", "--duration", "0.02")
    with command(*options) as (process, url):
        api = dial(url)
        accepted = [api.accepted(circuits.ghz("QB1", "QB2")) for _ in range(JOBS_NUM)]
        assert api.ended(accepted[10])["status"] == "completed"
        process.send_signal(signal.SIGKILL)
        process.wait()
    with command("--state", str(file), "--ideal") as (_process, url):
        api = dial(url)
        jobs = [api.ended(job_id) for job_id in accepted]
        assert {job["status"] for job in jobs} == {"completed"}
        requeued = [job for job in jobs if "requeued" in statuses(job)]
        assert 0 < len(requeued) < JOBS_NUM
        assert sum("interrupted" in statuses(job) for job in jobs) <= 1
        for job_id in accepted[:: JOBS_NUM // 5]:
            [result] = api.artifact(job_id, "measurement_counts")
            assert sum(result["counts"].values()) == 100
