# SPDX-License-Identifier: Apache-2.0
"""Calibration runs of one machine: they queue for its station, take time, and end in a new set."""

from __future__ import annotations

import logging
import sqlite3
import threading
import uuid
from collections import deque
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from iqm_mock_server.calibration.archive import RunArchive
from iqm_mock_server.calibration.drift import drifted
from iqm_mock_server.calibration.run import CalibrationRun, RunStatus
from iqm_mock_server.calibration.script import Script, apply
from iqm_mock_server.clock import timestamp
from iqm_mock_server.errors import ApiError, ErrorCode, IllegalJobStatus, NotFound
from iqm_mock_server.jobs.seeds import calibration_seed
from iqm_mock_server.simulator.noise import check_figures

if TYPE_CHECKING:
    from iqm_mock_server.calibration.history import CalibrationHistory
    from iqm_mock_server.clock import Clock
    from iqm_mock_server.jobs.station import Station
    from iqm_mock_server.machines import CalibrationFigures
    from iqm_mock_server.settings import Settings
    from iqm_mock_server.state import Database

_log = logging.getLogger(__name__)


class CalibrationRuns:
    """The calibration runs of one machine.

    Parameters
    ----------
    computer_id
        Of the machine.
    history
        Where new sets go.
    station
        What a run occupies.
    """

    def __init__(
        self,
        computer_id: uuid.UUID,
        history: CalibrationHistory,
        *,
        station: Station,
        settings: Settings,
        clock: Clock,
        database: Database,
    ) -> None:
        self._history = history
        self._station = station
        self._settings = settings
        self._clock = clock
        self._archive = RunArchive(database, computer_id)
        self._lock = threading.RLock()
        self._changed = threading.Condition(self._lock)
        # Those whose end is not written down.
        self._active: dict[uuid.UUID, CalibrationRun] = {}
        self._queue: deque[CalibrationRun] = deque()
        self._scripts: deque[Script] = deque()
        self._running: CalibrationRun | None = None
        self._closed = False
        self._thread: threading.Thread | None = None
        self._archive.fail_unfinished("The server ended during the calibration", timestamp(clock.now()))

    def start(self, body: bytes) -> tuple[uuid.UUID, int]:
        """Queue a run.

        Parameters
        ----------
        body
            Whatever the caller sent; `procedure_config.set_default` is looked at when it can be read.

        Returns
        -------
        tuple[uuid.UUID, int]
            The run's id, and the number of runs ahead of it.

        Raises
        ------
        ApiError
            When the server is closing.
        """
        with self._lock:
            if self._closed:
                raise ApiError(503, ErrorCode.INTERNAL_ERROR, "The server is shutting down")
            run = CalibrationRun(uuid.uuid4(), self._archive.next_number(), body)
            self._archive.add(run)
            self._active[run.id] = run
            position = len(self._queue) + (self._running is not None)
            self._queue.append(run)
            if self._thread is None:
                # Most servers never calibrate.
                self._thread = threading.Thread(
                    target=self._work_through, name="iqm_mock_server calibration", daemon=True
                )
                self._thread.start()
            self._changed.notify_all()
            return run.id, position

    def document(self, run_id: uuid.UUID) -> dict[str, Any]:
        """Return a run's status document.

        Raises
        ------
        NotFound
            When there is no such run.
        """
        with self._lock:
            return self._find(run_id).document()

    def abort(self, run_id: uuid.UUID) -> None:
        """End a run.

        Raises
        ------
        NotFound
            When there is no such run.
        IllegalJobStatus
            When it has ended.
        """
        with self._lock:
            run = self._find(run_id)
            if run.status.terminal:
                raise IllegalJobStatus
            if run in self._queue:
                self._queue.remove(run)
            self._end(run, RunStatus.ABORTED)
        self._station.wake()

    def script_next(self, script: Script) -> None:
        """Decide what a coming run finds; scripts are used up in the order in which they came.

        Raises
        ------
        ValueError
            When it does not suit the machine.
        """
        # A calibration with drift makes good what an earlier script ruined.
        check_figures(apply(script, self._history.first if script.drift else self._history.find(None)))
        with self._lock:
            self._scripts.append(script)

    def owns(self, run_id: uuid.UUID) -> bool:
        """Return whether this machine knows a run."""
        with self._lock:
            return self._archive.has(run_id)

    def overview(self, limit: int) -> dict[str, Any]:
        """Return the latest calibration sets and runs for the dashboard, the newest first."""
        return {
            "calibration_sets": [
                {"id": str(figures.id), "created": timestamp(figures.created_utc)}
                for figures in self._history.latest(limit)
            ],
            "calibration_runs": self._archive.summaries(limit),
        }

    def close(self) -> None:
        """Stop working; runs that have not ended fail when the state is read again."""
        with self._lock:
            self._closed = True
            self._changed.notify_all()
        self._station.wake()
        if self._thread is not None:
            self._thread.join()

    def _find(self, run_id: uuid.UUID) -> CalibrationRun:
        run = self._active.get(run_id) or self._archive.find(run_id)
        if run is None:
            raise NotFound(ErrorCode.NOT_FOUND, f"Calibration run {run_id} not found")
        return run

    def _end(self, run: CalibrationRun, status: RunStatus, error: str | None = None) -> None:
        run.status = status
        run.error = error
        run.end_time = timestamp(self._clock.now())
        self._changed.notify_all()
        try:
            self._archive.update(run)
        except sqlite3.Error:
            # On a full disk, say. It stays in memory, so that its end is known all the same.
            _log.exception("calibration run %s", run.id)
            return
        del self._active[run.id]

    def _work_through(self) -> None:
        while True:
            with self._lock:
                self._changed.wait_for(lambda: self._queue or self._closed)
                if self._closed:
                    return
                run = self._running = self._queue.popleft()
            with self._station.hold(partial(self._given_up, run)) as held:
                if held:
                    self._process(run)
            with self._lock:
                self._running = None

    def _given_up(self, run: CalibrationRun) -> bool:
        return self._closed or run.status.terminal

    def _process(self, run: CalibrationRun) -> None:
        try:
            self._calibrate(run)
        except ValueError as error:
            # What the script asked for does not suit what the drift has left.
            problem = str(error)
        except Exception as error:  # noqa: BLE001 - one broken calibration must not end the service
            _log.exception("calibration run %s", run.id)
            problem = f"{type(error).__name__}: {error}"
        else:
            return
        with self._lock:
            if not run.status.terminal:
                self._end(run, RunStatus.FAILED, problem)

    def _calibrate(self, run: CalibrationRun) -> None:
        with self._lock:
            # It may have been aborted since the station was free for it.
            if self._given_up(run):
                return
            script = self._scripts.popleft() if self._scripts else Script()
            run.status = RunStatus.PROCESSING
            run.start_time = timestamp(self._clock.now())
            self._archive.update(run)
            seconds = self._settings.calibration_duration if script.seconds is None else script.seconds
            self._clock.wait_for(
                self._changed,
                partial(self._given_up, run),
                self._clock.monotonic() + seconds / self._settings.speed,
            )
            if self._given_up(run):
                return
            if script.error is not None:
                self._end(run, RunStatus.FAILED, script.error)
                return
        figures = self._measure(run, script)
        with self._lock:
            if not run.status.terminal:
                self._keep(run, figures)

    def _keep(self, run: CalibrationRun, figures: CalibrationFigures) -> None:
        """End a run with its new set: after a sudden end of the process both are known, or neither."""
        ended = replace(
            run,
            status=RunStatus.READY,
            end_time=timestamp(self._clock.now()),
            calibration_set_id=figures.id,
        )
        self._history.add(
            figures,
            default=run.sets_default,
            together_with=lambda connection: self._archive.update_within(connection, ended),
        )
        run.status = RunStatus.READY
        del self._active[run.id]

    def _measure(self, run: CalibrationRun, script: Script) -> CalibrationFigures:
        last = self._history.find(None)
        seed = calibration_seed(self._settings.seed, last.id, run.number)
        figures = last
        if script.drift:
            figures = drifted(figures, self._history.first, np.random.default_rng(seed))
        figures = apply(script, figures)
        check_figures(figures)
        # An id stands for its figures, also on another server that calibrated likewise.
        found = figures.model_dump_json(exclude={"id", "created"})
        return figures.model_copy(
            update={"id": uuid.uuid5(last.id, f"{run.number}|{found}"), "created": self._clock.now()}
        )
