# SPDX-License-Identifier: Apache-2.0
"""What goes wrong inside a calibration run, without a server around it."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from iqm_mock_server.calibration import CalibrationHistory, CalibrationRuns
from iqm_mock_server.calibration.script import Script
from iqm_mock_server.clock import ManualClock
from iqm_mock_server.jobs.station import Station
from iqm_mock_server.machines import load_machine
from iqm_mock_server.settings import Settings
from iqm_mock_server.state import Database

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable, Iterator

    from tests.mockserver.conftest import Json

    from iqm_mock_server.machines import CalibrationFigures


class Bench:
    """The runs of one machine without a server around it."""

    def __init__(self, *, station: Station | None = None, history: type[CalibrationHistory]) -> None:
        self.database = Database(None)
        machine = load_machine("adonis")
        self.history = history(machine, self.database)
        self.runs = CalibrationRuns(
            machine.id,
            self.history,
            station=station or Station(),
            settings=Settings(calibration_duration=0.0),
            clock=ManualClock(),
            database=self.database,
        )

    def ended(self, run_id: uuid.UUID) -> Json:
        deadline = time.monotonic() + 30
        while not (document := self.runs.document(run_id))["end_time"]:
            assert time.monotonic() < deadline
        return document

    def close(self) -> None:
        self.runs.close()
        self.database.close()


class WatchedStation(Station):
    """A station that does something between its being free and its use."""

    def __init__(self) -> None:
        super().__init__()
        self.handed_over = threading.Event()
        self.go_on = threading.Event()

    @contextmanager
    def hold(self, gave_up: Callable[[], bool]) -> Iterator[bool]:
        with super().hold(gave_up) as held:
            self.handed_over.set()
            assert self.go_on.wait(10)
            yield held


def test_a_run_that_is_aborted_as_it_gets_the_machine_stays_aborted() -> None:
    station = WatchedStation()
    with closing(Bench(station=station, history=CalibrationHistory)) as bench:
        bench.runs.script_next(Script(error="for the run that runs"))
        first, _ = bench.runs.start(b"")
        assert station.handed_over.wait(10)
        bench.runs.abort(first)
        station.go_on.set()
        second, _ = bench.runs.start(b"")
        assert bench.ended(second)["result"]["calibration_error"] == "for the run that runs"
        assert bench.runs.document(first)["status"] == "aborted"
        assert bench.runs.document(first)["start_time"] is None


class FullDisk(CalibrationHistory):
    """A history that cannot keep its first new set."""

    full = True

    def add(
        self,
        figures: CalibrationFigures,
        *,
        default: bool,
        together_with: Callable[[sqlite3.Connection], None],
    ) -> None:
        if self.full:
            self.full = False
            raise sqlite3.OperationalError("database or disk is full")
        super().add(figures, default=default, together_with=together_with)


def test_a_run_whose_set_cannot_be_kept_fails_and_the_next_one_runs() -> None:
    with closing(Bench(history=FullDisk)) as bench:
        failed = bench.ended(bench.runs.start(b"")[0])
        assert failed["status"] == "failed"
        assert "disk is full" in failed["errors"][0]["message"]
        assert bench.history.find(None) == bench.history.first
        done = bench.ended(bench.runs.start(b"")[0])
        assert done["result"]["calibration_set_id"] == str(bench.history.find(None).id)
