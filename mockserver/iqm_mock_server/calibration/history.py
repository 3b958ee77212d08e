# SPDX-License-Identifier: Apache-2.0
"""The calibration sets of one machine: all stay addressable, one is the default."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from uuid import UUID

from iqm_mock_server.errors import ErrorCode, NotFound
from iqm_mock_server.machines import CalibrationFigures

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from iqm_mock_server.machines import Machine
    from iqm_mock_server.state import Database

_TABLE = """
CREATE TABLE IF NOT EXISTS calibration_sets (
    number INTEGER PRIMARY KEY,
    computer_id TEXT NOT NULL,
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    is_default INTEGER NOT NULL,
    UNIQUE (computer_id, id)
)
"""


class CalibrationHistory:
    """Calibration sets by id, those of earlier processes included.

    Parameters
    ----------
    machine
        Its own calibration is the first set, and the default until another one becomes it.
    database
        Where the others are kept.

    Raises
    ------
    ValueError
        When those that are kept belong to a machine with other components.
    """

    def __init__(self, machine: Machine, database: Database) -> None:
        self._computer_id = str(machine.id)
        self._database = database
        self._lock = threading.Lock()
        self.first = machine.calibration
        self._sets = {self.first.id: self.first}
        self._default = self.first.id
        with database.transaction() as connection:
            connection.execute(_TABLE)
            rows = connection.execute(
                "SELECT document, is_default FROM calibration_sets WHERE computer_id = ? ORDER BY number",
                (self._computer_id,),
            ).fetchall()
        for document, is_default in rows:
            figures = CalibrationFigures.model_validate_json(document)
            if figures.coherence.keys() != set(machine.components):
                raise ValueError(
                    f"the state file has calibration sets of {machine.alias} that are of other components"
                )
            self._sets[figures.id] = figures
            if is_default:
                self._default = figures.id

    def find(self, reference: str | UUID | None) -> CalibrationFigures:
        """Return a calibration set.

        Parameters
        ----------
        reference
            The set's UUID; ``None`` or the word ``default`` for the default set.

        Raises
        ------
        NotFound
            When there is no such set.
        """
        with self._lock:
            if reference is None or reference == "default":
                return self._sets[self._default]
            try:
                return self._sets[reference if isinstance(reference, UUID) else UUID(reference)]
            except (KeyError, ValueError):
                raise NotFound(
                    ErrorCode.CALIBRATION_SET_NOT_FOUND, f"Calibration set {str(reference)!r} not found"
                ) from None

    def add(
        self,
        figures: CalibrationFigures,
        *,
        default: bool,
        together_with: Callable[[sqlite3.Connection], None],
    ) -> None:
        """Keep a new set.

        Parameters
        ----------
        default
            Whether it becomes the default.
        together_with
            Writes what is to be kept in the same transaction.

        Raises
        ------
        sqlite3.Error
            When the database cannot be written; nothing has changed then.
        """
        with self._lock:
            with self._database.transaction() as connection:
                if default:
                    connection.execute(
                        "UPDATE calibration_sets SET is_default = 0 WHERE computer_id = ?",
                        (self._computer_id,),
                    )
                connection.execute(
                    "INSERT INTO calibration_sets (computer_id, id, document, is_default)"
                    " VALUES (?, ?, ?, ?)",
                    (self._computer_id, str(figures.id), figures.model_dump_json(), int(default)),
                )
                together_with(connection)
            self._sets[figures.id] = figures
            if default:
                self._default = figures.id

    def latest(self, limit: int) -> list[CalibrationFigures]:
        """Return at most so many sets, the newest first."""
        with self._lock:
            return list(self._sets.values())[: -limit - 1 : -1]
