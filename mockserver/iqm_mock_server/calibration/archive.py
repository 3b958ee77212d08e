# SPDX-License-Identifier: Apache-2.0
"""Calibration runs in the database."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

from iqm_mock_server.calibration.run import CalibrationRun, RunStatus

if TYPE_CHECKING:
    from iqm_mock_server.state import Database

_TABLE = """
CREATE TABLE IF NOT EXISTS calibration_runs (
    id TEXT PRIMARY KEY,
    computer_id TEXT NOT NULL,
    number INTEGER NOT NULL,
    configuration TEXT,
    status TEXT NOT NULL,
    start_time TEXT,
    end_time TEXT,
    calibration_set_id TEXT,
    error TEXT
)
"""
_COLUMNS = "id, number, configuration, status, start_time, end_time, calibration_set_id, error"

_Row = tuple[str, int, str | None, str, str | None, str | None, str | None, str | None]


class RunArchive:
    """The runs of one machine, those of earlier processes included."""

    def __init__(self, database: Database, computer_id: uuid.UUID) -> None:
        self._database = database
        self._computer_id = str(computer_id)
        with database.transaction() as connection:
            connection.execute(_TABLE)

    def next_number(self) -> int:
        """Return the number of the next run, from 1."""
        with self._database.transaction() as connection:
            [(last,)] = connection.execute(
                "SELECT COALESCE(MAX(number), 0) FROM calibration_runs WHERE computer_id = ?",
                (self._computer_id,),
            )
        return int(last) + 1

    def save(self, run: CalibrationRun) -> None:
        """Write a run down as it stands."""
        with self._database.transaction() as connection:
            connection.execute(
                f"INSERT OR REPLACE INTO calibration_runs (computer_id, {_COLUMNS})"  # noqa: S608 - a constant
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._computer_id,
                    str(run.id),
                    run.number,
                    None if run.configuration is None else json.dumps(run.configuration),
                    run.status.value,
                    run.start_time,
                    run.end_time,
                    None if run.calibration_set_id is None else str(run.calibration_set_id),
                    run.error,
                ),
            )

    def find(self, run_id: uuid.UUID) -> CalibrationRun | None:
        """Return a run, if this machine has it."""
        runs = self._select("id = ?", str(run_id))
        return runs[0] if runs else None

    def latest(self, limit: int) -> list[CalibrationRun]:
        """Return at most so many runs, the newest first."""
        return self._select("TRUE ORDER BY number DESC LIMIT ?", limit)

    def fail_unfinished(self, reason: str, moment: str) -> None:
        """End the runs that another process left under way."""
        for status in (RunStatus.WAITING, RunStatus.PROCESSING):
            for run in self._select("status = ?", status.value):
                run.status, run.error, run.end_time = RunStatus.FAILED, reason, moment
                self.save(run)

    def _select(self, condition: str, value: str | int) -> list[CalibrationRun]:
        with self._database.transaction() as connection:
            rows = connection.execute(
                f"SELECT {_COLUMNS} FROM calibration_runs WHERE computer_id = ? AND {condition}",  # noqa: S608 - constants
                (self._computer_id, value),
            ).fetchall()
        return [_run(row) for row in rows]


def _run(row: _Row) -> CalibrationRun:
    run_id, number, configuration, status, start_time, end_time, set_id, error = row
    return CalibrationRun(
        uuid.UUID(run_id),
        number,
        None if configuration is None else json.loads(configuration),
        RunStatus(status),
        start_time,
        end_time,
        None if set_id is None else uuid.UUID(set_id),
        error,
    )
