# SPDX-License-Identifier: Apache-2.0
"""All jobs of a server, written down: those that have ended are nowhere else.

A job is written when it is accepted, when it starts and when it ends, so that after a sudden end of the
process every accepted job is known.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

from iqm_mock_server.errors import ErrorCode, NotFound
from iqm_mock_server.jobs.job import Job, JobFacts, JobStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iqm_mock_server.state import Database

# What is long has a table of its own: SQLite writes a row as a whole when one of its columns changes.
_TABLES = (
    """CREATE TABLE IF NOT EXISTS jobs (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        computer TEXT NOT NULL,
        circuits INTEGER NOT NULL,
        shots INTEGER NOT NULL,
        calibration_set TEXT NOT NULL,
        tag TEXT,
        seed INTEGER NOT NULL,
        status TEXT NOT NULL,
        document TEXT NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS jobs_of_computer ON jobs (computer, number)",
    "CREATE TABLE IF NOT EXISTS job_payloads (id TEXT PRIMARY KEY, content BLOB NOT NULL)",
    "CREATE TABLE IF NOT EXISTS job_results (id TEXT PRIMARY KEY, content BLOB NOT NULL)",
)


class JobArchive:
    """The jobs that a database holds, of all machines.

    Its methods raise `sqlite3.Error` when the database cannot be written, on a full disk for example.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.transaction() as connection:
            for statement in _TABLES:
                connection.execute(statement)

    def add(self, job: Job, payload: bytes) -> None:
        """Write a new job down.

        Parameters
        ----------
        payload
            Its request body, gzip-compressed.
        """
        facts = job.facts
        with self._database.transaction() as connection:
            connection.execute(
                "INSERT INTO jobs"
                " (id, computer, circuits, shots, calibration_set, tag, seed, status, document)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    str(facts.id),
                    str(facts.computer_id),
                    facts.circuits_num,
                    facts.shots,
                    str(facts.calibration_set_id),
                    facts.tag,
                    facts.seed,
                    job.status.value,
                    _text(job),
                ),
            )
            connection.execute("INSERT INTO job_payloads VALUES (?, ?)", (str(facts.id), payload))

    def update(self, jobs: Sequence[Job]) -> None:
        """Write down where jobs stand."""
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE jobs SET status = ?, document = ? WHERE id = ?",
                [(job.status.value, _text(job), str(job.facts.id)) for job in jobs],
            )

    def end(self, job: Job, results: bytes | None) -> None:
        """Write a job's end down, with its packed results if it has any."""
        with self._database.transaction() as connection:
            if results is not None:
                connection.execute("INSERT INTO job_results VALUES (?, ?)", (str(job.facts.id), results))
            connection.execute(
                "UPDATE jobs SET status = ?, document = ? WHERE id = ?",
                (job.status.value, _text(job), str(job.facts.id)),
            )

    def delete(self, job_id: UUID) -> None:
        """Forget a job.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        with self._database.transaction() as connection:
            if not connection.execute("DELETE FROM jobs WHERE id = ?", (str(job_id),)).rowcount:
                raise _unknown(job_id)
            connection.execute("DELETE FROM job_payloads WHERE id = ?", (str(job_id),))
            connection.execute("DELETE FROM job_results WHERE id = ?", (str(job_id),))

    def computer_of(self, job_id: UUID) -> UUID:
        """Return the id of the machine that a job was submitted to.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        return UUID(self._find("SELECT computer FROM jobs WHERE id = ?", job_id))

    def document(self, job_id: UUID) -> dict[str, Any]:
        """Return a job's document as it was last written.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        document: dict[str, Any] = json.loads(self._find("SELECT document FROM jobs WHERE id = ?", job_id))
        return document

    def payload(self, job_id: UUID) -> bytes:
        """Return a job's request body, gzip-compressed.

        Raises
        ------
        NotFound
            When there is no such job.
        """
        payload: bytes = self._find("SELECT content FROM job_payloads WHERE id = ?", job_id)
        return payload

    def results(self, job_id: UUID) -> bytes | None:
        """Return a job's packed results; None when it has none (yet).

        Raises
        ------
        NotFound
            When there is no such job.
        """
        results: bytes | None = self._find(
            "SELECT content FROM jobs LEFT JOIN job_results USING (id) WHERE id = ?", job_id
        )
        return results

    def under_way(self, computer_id: UUID) -> list[Job]:
        """Return the jobs of a machine that have not ended, in the order in which they were accepted."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT status, document, id, computer, circuits, shots, calibration_set, tag, seed FROM jobs"
                " WHERE computer = ? AND status IN ('waiting', 'processing') ORDER BY number",
                (str(computer_id),),
            ).fetchall()
        return [
            Job.restored(_facts(*facts), JobStatus(status), json.loads(document))
            for status, document, *facts in rows
        ]

    def latest(self, computer_id: UUID, limit: int) -> list[tuple[UUID, int, dict[str, Any]]]:
        """Return the newest jobs of a machine, the newest first: id, shots, document as last written."""
        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, shots, document FROM jobs WHERE computer = ? ORDER BY number DESC LIMIT ?",
                (str(computer_id), limit),
            ).fetchall()
        return [(UUID(job_id), shots, json.loads(document)) for job_id, shots, document in rows]

    def _find(self, query: str, job_id: UUID) -> Any:  # noqa: ANN401 - each column has a type of its own
        with self._database.transaction() as connection:
            row = connection.execute(query, (str(job_id),)).fetchone()
        if row is None:
            raise _unknown(job_id)
        return row[0]


def _text(job: Job) -> str:
    return json.dumps(job.document(), separators=(",", ":"))


def _facts(
    job_id: str, computer: str, circuits: int, shots: int, calibration_set: str, tag: str | None, seed: int
) -> JobFacts:
    return JobFacts(UUID(job_id), UUID(computer), circuits, shots, UUID(calibration_set), tag, seed)


def _unknown(job_id: UUID) -> NotFound:
    return NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job_id} not found")
