# SPDX-License-Identifier: Apache-2.0
"""One SQLite database for everything that a server keeps.

Without a file it is SQLite's private temporary database: what is not in use lies on disk and not in memory,
and is gone with the connection.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_APPLICATION = 0x51444D4B
"""Marks a file as ours ("QDMK"), so that a server given somebody else's database leaves it alone."""

_FORMAT = 1
"""Raised when a table changes in a way that an older server, or a newer one, would not understand."""


class Database:
    """A database that any thread may use, one transaction at a time.

    Whoever keeps something here creates the tables it needs, with ``CREATE TABLE IF NOT EXISTS``.

    Parameters
    ----------
    path
        The file, which gets mode 0600; ``None`` keeps nothing beyond this object.

    Raises
    ------
    OSError
        When the file cannot be created.
    ValueError
        When it is not such a database, or another server is using it.
    """

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.RLock()
        if path is not None:
            # SQLite would create it with the process's own mask; results are nobody else's business.
            with suppress(FileExistsError):
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        try:
            self._connection = sqlite3.connect(
                "" if path is None else path, timeout=0, isolation_level=None, check_same_thread=False
            )
            try:
                self._take()
                if path is not None:
                    path.chmod(0o600)
            except BaseException:
                self._connection.close()
                raise
        except sqlite3.Error as error:
            raise ValueError(f"the state file {path} {_problem(error)}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the database; what happens inside is kept as a whole, or not at all after an exception."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # After some errors, a full disk for one, SQLite has done this by itself.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()

    def _take(self) -> None:
        """Make the file this server's own: two servers would run each job twice."""
        execute = self._connection.execute
        execute("PRAGMA locking_mode = EXCLUSIVE")
        execute("BEGIN IMMEDIATE")
        [application], [tables] = (
            execute(query).fetchone()
            for query in ("PRAGMA application_id", "SELECT count(*) FROM sqlite_schema")
        )
        [version] = execute("PRAGMA user_version").fetchone()
        if application == 0 and tables == 0:
            execute(f"PRAGMA application_id = {_APPLICATION}")
            execute(f"PRAGMA user_version = {_FORMAT}")
        elif application != _APPLICATION:
            raise sqlite3.DatabaseError("it belongs to another program")
        elif version != _FORMAT:
            raise sqlite3.DatabaseError(f"it has format {version}, and this server reads format {_FORMAT}")
        execute("COMMIT")
        execute("PRAGMA journal_mode = WAL")
        # In WAL mode this survives the end of the process at any moment, and costs no disk flush per job.
        execute("PRAGMA synchronous = NORMAL")
        # The lock comes with the first write of a connection, not with the pragma.
        execute("BEGIN EXCLUSIVE")
        execute("COMMIT")


def _problem(error: sqlite3.Error) -> str:
    if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY:
        return "is in use by another server"
    return f"cannot be used: {error}"
