# SPDX-License-Identifier: Apache-2.0
"""Calibration runs in the database."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

from iqm_mock_server.calibration.run import CalibrationRun, RunStatus

if TYPE_CHECKING:
    import sqlite3

    from iqm_mock_server.state import Database

# Bodies may be long: SQLite writes a row as a whole when one of its columns changes.
_TABLES = (
    """CREATE TABLE IF NOT EXISTS calibration_runs (
        id TEXT PRIMARY KEY,
        computer_id TEXT NOT NULL,
        number INTEGER NOT NULL,
        status TEXT NOT NULL,
        start_time TEXT,
        end_time TEXT,
        calibration_set_id TEXT,
        error TEXT
    )""",
    "CREATE INDEX IF NOT EXISTS calibration_runs_of_computer ON calibration_runs (computer_id, number)",
    "CREATE TABLE IF NOT EXISTS calibration_run_bodies (id TEXT PRIMARY KEY, content BLOB NOT NULL)",
)


class RunArchive:
    """The runs of one machine, those of earlier processes included.

    Its methods raise `sqlite3.Error` when the database cannot be written, on a full disk for example.
    """

    def __init__(self, database: Database, computer_id: uuid.UUID) -> None:
        self._database = database
        self._computer_id = str(computer_id)
        with database.transaction() as connection:
            for statement in _TABLES:
                connection.execute(statement)

    def next_number(self) -> int:
        """Return the number of the next run, from 1."""
        with self._database.transaction() as connection:
            [(last,)] = connection.execute(
                "SELECT COALESCE(MAX(number), 0) FROM calibration_runs WHERE computer_id = ?",
                (self._computer_id,),
            )
        return int(last) + 1

    def add(self, run: CalibrationRun) -> None:
        """Write a new run down."""
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO calibration_runs (id, computer_id, number, status) VALUES (?, ?, ?, ?)",
                (str(run.id), self._computer_id, run.number, run.status.value),
            )
            connection.execute("INSERT INTO calibration_run_bodies VALUES (?, ?)", (str(run.id), run.body))

    def update(self, run: CalibrationRun) -> None:
        """Write down how a run stands."""
        with self._database.transaction() as connection:
            self.update_within(connection, run)

    def update_within(self, connection: sqlite3.Connection, run: CalibrationRun) -> None:
        """Write down how a run stands, as part of a transaction."""
        connection.execute(
            "UPDATE calibration_runs"
            " SET status = ?, start_time = ?, end_time = ?, calibration_set_id = ?, error = ? WHERE id = ?",
            (
                run.status.value,
                run.start_time,
                run.end_time,
                None if run.calibration_set_id is None else str(run.calibration_set_id),
                run.error,
                str(run.id),
            ),
        )

    def has(self, run_id: uuid.UUID) -> bool:
        """Return whether a run is one of this machine's."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT 1 FROM calibration_runs WHERE id = ? AND computer_id = ?",
                (str(run_id), self._computer_id),
            ).fetchone()
        return row is not None

    def find(self, run_id: uuid.UUID) -> CalibrationRun | None:
        """Return a run, if this machine has it."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT number, content, status, start_time, end_time, calibration_set_id, error"
                " FROM calibration_runs JOIN calibration_run_bodies USING (id)"
                " WHERE id = ? AND computer_id = ?",
                (str(run_id), self._computer_id),
            ).fetchone()
        if row is None:
            return None
        number, body, status, start_time, end_time, set_id, error = row
        return CalibrationRun(
            run_id,
            number,
            body,
            RunStatus(status),
            start_time,
            end_time,
            None if set_id is None else uuid.UUID(set_id),
            error,
        )

    def summaries(self, limit: int) -> list[dict[str, Any]]:
        """Return what the dashboard lists of at most so many runs, the newest first."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, status, calibration_set_id, error FROM calibration_runs"
                " WHERE computer_id = ? ORDER BY number DESC LIMIT ?",
                (self._computer_id, limit),
            ).fetchall()
        names = ("id", "status", "calibration_set_id", "error")
        return [
            {name: value for name, value in zip(names, row, strict=True) if value is not None} for row in rows
        ]

    def fail_unfinished(self, reason: str, moment: str) -> None:
        """End the runs that another process left under way."""
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE calibration_runs SET status = ?, error = ?, end_time = ?"
                " WHERE computer_id = ? AND status IN (?, ?)",
                (
                    RunStatus.FAILED.value,
                    reason,
                    moment,
                    self._computer_id,
                    RunStatus.WAITING.value,
                    RunStatus.PROCESSING.value,
                ),
            )
