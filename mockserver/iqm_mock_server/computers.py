# SPDX-License-Identifier: Apache-2.0
"""The quantum computers of one server: machine, calibrations and job engine belong together."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

from iqm_mock_server.calibration import CalibrationHistory, CalibrationRuns
from iqm_mock_server.errors import ErrorCode, NotFound
from iqm_mock_server.jobs.archive import JobArchive
from iqm_mock_server.jobs.engine import JobEngine
from iqm_mock_server.jobs.execution import CircuitExecution
from iqm_mock_server.jobs.intake import Intake
from iqm_mock_server.jobs.station import Station
from iqm_mock_server.machines import load_machines
from iqm_mock_server.simulator.methods import simulation_time_limit
from iqm_mock_server.simulator.noise import check_figures
from iqm_mock_server.simulator.process import POOL
from iqm_mock_server.state import Database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from iqm_mock_server.clock import Clock
    from iqm_mock_server.machines import Machine
    from iqm_mock_server.settings import Settings


class Condition(enum.StrEnum):
    """Whether a quantum computer works, by the names of `operational_status`."""

    ONLINE = "online"
    MAINTENANCE = "maintenance"
    OFFLINE = "offline"


class QuantumComputer:
    """One machine that takes jobs.

    Raises
    ------
    ValueError
        When the machine's figures contradict each other.
    """

    def __init__(
        self, machine: Machine, settings: Settings, clock: Clock, database: Database, archive: JobArchive
    ) -> None:
        check_figures(machine.calibration)
        self.machine = machine
        self.condition = Condition.ONLINE
        self.station = Station()
        self.database = database
        self.calibrations = CalibrationHistory(machine, database)
        self.calibration_runs = CalibrationRuns(
            machine.id,
            self.calibrations,
            station=self.station,
            settings=settings,
            clock=clock,
            database=database,
        )
        self._intake = Intake(machine, self.calibrations, settings)
        execution = CircuitExecution(
            self.calibrations,
            POOL,
            ideal=settings.ideal,
            key_order=settings.key_order,
            time_limit=simulation_time_limit(settings.simulation_budget),
        )
        # Last, because it starts at once with the jobs that an earlier process left.
        self.engine = JobEngine(
            execution,
            self._intake.read_again,
            archive=archive,
            clock=clock,
            station=self.station,
            settings=settings,
            computer_id=machine.id,
        )

    @property
    def names(self) -> frozenset[str]:
        """What requests call it: its alias and its id."""
        return frozenset({self.machine.alias, str(self.machine.id)})

    def submit(self, body: bytes, tag: str | None) -> dict[str, Any]:
        """Check a circuit submission and queue it.

        Parameters
        ----------
        body
            The request body.
        tag
            The submitter's label, shown in the job object.

        Returns
        -------
        dict
            The new job's document.

        Raises
        ------
        InvalidPayload
            When the machine, or this server, cannot run it.
        """
        return self.engine.submit(self._intake.read(body, tag))

    def stop(self) -> None:
        """Stop working; whoever waits for a job is told."""
        self.calibration_runs.close()
        self.engine.close()


class QuantumComputers:
    """All quantum computers of a server, addressed by alias or id."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.clock = clock
        self.settings = settings
        machines = load_machines(settings.machines)
        self._database = Database(settings.state)
        self._computers: list[QuantumComputer] = []
        try:
            self._archive = JobArchive(self._database)
            for machine in machines:
                self._computers.append(
                    QuantumComputer(machine, settings, clock, self._database, self._archive)
                )
        except BaseException:
            self.close()
            raise

    def __iter__(self) -> Iterator[QuantumComputer]:
        return iter(self._computers)

    @property
    def database(self) -> Database:
        """Where everything is written down."""
        return self._database

    def find(self, reference: str) -> QuantumComputer:
        """Return the computer with this alias or id.

        Raises
        ------
        NotFound
            When there is none.
        """
        for computer in self._computers:
            if reference in computer.names:
                return computer
        raise NotFound(ErrorCode.QC_NOT_FOUND, f"Quantum computer {reference!r} not found")

    def engine_of(self, job_id: UUID) -> JobEngine:
        """Return the engine that has a job.

        Raises
        ------
        NotFound
            When no engine has it.
        """
        computer_id = self._archive.computer_of(job_id)
        for computer in self._computers:
            if computer.machine.id == computer_id:
                return computer.engine
        # Kept from an earlier process, for a machine that is not served now.
        raise NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job_id} not found")

    def jobs_overview(self, limit: int) -> list[dict[str, Any]]:
        """Return the newest jobs of all machines, as `JobEngine.overview` does."""
        jobs = [job for computer in self._computers for job in computer.engine.overview(limit)]
        jobs.sort(key=lambda job: job["timeline"][0]["timestamp"], reverse=True)
        return jobs[:limit]

    def stop(self) -> None:
        """Stop all machines; what they did can still be read."""
        for computer in self._computers:
            computer.stop()

    def close(self) -> None:
        """Stop all machines and let go of the database; no request may follow."""
        self.stop()
        self._database.close()
