# SPDX-License-Identifier: Apache-2.0
"""The quantum computers of one server: machine, calibrations and job engine belong together."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

from iqm_mock_server.calibration import CalibrationHistory
from iqm_mock_server.circuits.reading import read_circuits
from iqm_mock_server.circuits.schedule import schedule
from iqm_mock_server.circuits.validation import validate_circuits
from iqm_mock_server.errors import ErrorCode, InvalidPayload, NotFound
from iqm_mock_server.jobs.engine import JobEngine
from iqm_mock_server.jobs.execution import CircuitExecution
from iqm_mock_server.jobs.job import Submission
from iqm_mock_server.jobs.seeds import job_seed
from iqm_mock_server.machines import load_machine
from iqm_mock_server.schemas.run_request import read_run_request
from iqm_mock_server.simulator.methods import plan
from iqm_mock_server.simulator.noise import check_figures
from iqm_mock_server.simulator.process import POOL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.clock import Clock
    from iqm_mock_server.machines import CalibrationFigures, Machine
    from iqm_mock_server.schemas.run_request import RunRequest
    from iqm_mock_server.settings import Settings


class QuantumComputer:
    """One machine that takes jobs.

    Raises
    ------
    ValueError
        When the machine's figures contradict each other.
    """

    def __init__(self, machine: Machine, settings: Settings, clock: Clock) -> None:
        check_figures(machine.calibration)
        self.machine = machine
        self.calibrations = CalibrationHistory(machine.calibration)
        self._settings = settings
        execution = CircuitExecution(
            machine, self.calibrations, POOL, ideal=settings.ideal, key_order=settings.key_order
        )
        self.engine = JobEngine(execution, clock, settings.duration, f"machine {machine.alias}")

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
        request = read_run_request(body)
        try:
            figures = self.calibrations.find(request.calibration_set_id)
        except NotFound as error:
            raise InvalidPayload(f"calibration_set_id: {error.message}") from error
        circuits = read_circuits(request)
        validate_circuits(circuits, request.shots, self.machine, figures)
        if request.max_circuit_duration_over_t2 and not self._settings.ideal:
            _check_durations(circuits, figures, request.max_circuit_duration_over_t2)
        plans = tuple(
            plan(circuit, self.machine, request.shots, ideal=self._settings.ideal) for circuit in circuits
        )
        seconds = sum(each.seconds for each in plans)
        if seconds > self._settings.simulation_budget:
            raise InvalidPayload(
                f"Simulating this job would take about {seconds:.0f} s, and this server simulates at most "
                f"{self._settings.simulation_budget:.0f} s per job: use fewer shots, qubits or gates."
            )
        return self.engine.submit(
            Submission(
                computer_id=self.machine.id,
                payload=gzip.compress(_with_shots(body, request), compresslevel=1, mtime=0),
                circuits=circuits,
                shots=request.shots,
                calibration_set_id=figures.id,
                tag=tag,
                seed=job_seed(self._settings.seed, circuits, request.shots, figures.id),
                plans=plans,
            )
        )


class QuantumComputers:
    """All quantum computers of a server, addressed by alias or id."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.clock = clock
        self.settings = settings
        self._computers = [QuantumComputer(load_machine(settings.machine), settings, clock)]

    def __iter__(self) -> Iterator[QuantumComputer]:
        return iter(self._computers)

    def find(self, reference: str) -> QuantumComputer:
        """Return the computer with this alias or id.

        Raises
        ------
        NotFound
            When there is none.
        """
        for computer in self._computers:
            if reference in {computer.machine.alias, str(computer.machine.id)}:
                return computer
        raise NotFound(ErrorCode.QC_NOT_FOUND, f"Quantum computer {reference!r} not found")

    def engine_of(self, job_id: UUID) -> JobEngine:
        """Return the engine that has a job.

        Raises
        ------
        NotFound
            When no engine has it.
        """
        for computer in self._computers:
            if computer.engine.owns(job_id):
                return computer.engine
        raise NotFound(ErrorCode.JOB_NOT_FOUND, f"Job {job_id} not found")

    def close(self) -> None:
        """Stop all engines."""
        for computer in self._computers:
            computer.engine.close()


def _with_shots(body: bytes, request: RunRequest) -> bytes:
    """Return the payload with its shots spelt out: a client that reads it back does not know the default."""
    if "shots" in request.model_fields_set:
        return body
    return json.dumps({**json.loads(body), "shots": request.shots}).encode()


def _check_durations(circuits: tuple[Circuit, ...], figures: CalibrationFigures, limit: float) -> None:
    for index, circuit in enumerate(circuits):
        if not circuit.active:
            continue
        shortest = min(figures.coherence[name].t2 for name in circuit.active)
        duration = schedule(circuit, figures).duration
        if duration > limit * shortest:
            raise InvalidPayload(
                f"Circuit {index} ({circuit.name!r}) takes {duration * 1e6:.2f} us, longer than "
                f"max_circuit_duration_over_t2 = {limit} times the shortest T2 of {shortest * 1e6:.2f} us."
            )
