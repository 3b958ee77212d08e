# SPDX-License-Identifier: Apache-2.0
"""From the body of a request to a job that the machine can run, or a refusal that says why it cannot."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from typing import TYPE_CHECKING

from iqm_mock_server.circuits.reading import read_circuits
from iqm_mock_server.circuits.schedule import schedule
from iqm_mock_server.circuits.validation import validate_circuits
from iqm_mock_server.errors import InvalidPayload, NotFound
from iqm_mock_server.jobs.job import JobFacts, Submission
from iqm_mock_server.jobs.seeds import job_seed
from iqm_mock_server.schemas.run_request import read_run_request
from iqm_mock_server.simulator.methods import plan
from iqm_mock_server.simulator.task import Preparation

if TYPE_CHECKING:
    from uuid import UUID

    from iqm_mock_server.calibration import CalibrationHistory
    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.machines import CalibrationFigures, Machine
    from iqm_mock_server.schemas.run_request import RunRequest
    from iqm_mock_server.settings import Settings


class Intake:
    """Reads submissions to one machine."""

    def __init__(self, machine: Machine, calibrations: CalibrationHistory, settings: Settings) -> None:
        self._machine = machine
        self._calibrations = calibrations
        self._settings = settings

    def read(self, body: bytes, tag: str | None) -> Submission:
        """Check a new submission.

        Parameters
        ----------
        body
            The request body.
        tag
            The submitter's label, shown in the job object.

        Raises
        ------
        InvalidPayload
            When the machine, or this server, cannot run it.
        """
        request = read_run_request(body)
        payload = gzip.compress(_with_shots(body, request), compresslevel=1, mtime=0)
        return self._submission(request, payload, request.calibration_set_id, tag)

    def read_again(self, payload: bytes, facts: JobFacts) -> Submission:
        """Read a submission that was accepted before: its calibration set and its seed stay what they were.

        Parameters
        ----------
        payload
            The request body, gzip-compressed.

        Raises
        ------
        InvalidPayload
            When the server has changed since, and would no longer accept it.
        """
        request = read_run_request(gzip.decompress(payload))
        submission = self._submission(request, payload, facts.calibration_set_id, facts.tag)
        return replace(submission, seed=facts.seed)

    def _submission(
        self, request: RunRequest, payload: bytes, calibration_set: UUID | None, tag: str | None
    ) -> Submission:
        settings = self._settings
        try:
            figures = self._calibrations.find(calibration_set)
        except NotFound as error:
            raise InvalidPayload(f"calibration_set_id: {error.message}") from error
        circuits = read_circuits(request)
        validate_circuits(circuits, request.shots, self._machine, figures, request.validation)
        longest = request.max_circuit_duration_over_t2
        if longest is None:
            longest = settings.max_circuit_duration_over_t2
        if longest and not settings.ideal:
            _check_durations(circuits, figures, longest)
        preparation = _preparation(request)
        plans = tuple(
            plan(
                circuit,
                self._machine,
                figures,
                request.shots,
                ideal=settings.ideal,
                preparation=preparation,
            )
            for circuit in circuits
        )
        seconds = sum(each.seconds for each in plans)
        if seconds > settings.simulation_budget:
            raise InvalidPayload(
                f"Simulating this job would take about {seconds:.3g} s, and this server simulates at most "
                f"{settings.simulation_budget:.0f} s per job: use fewer shots, qubits or gates."
            )
        return Submission(
            computer_id=self._machine.id,
            payload=payload,
            circuits=circuits,
            shots=request.shots,
            calibration_set_id=figures.id,
            tag=tag,
            seed=job_seed(settings.seed, circuits, request.shots, figures.id, preparation),
            plans=plans,
            notes=_notes(request),
        )


def _notes(request: RunRequest) -> tuple[str, ...]:
    if request.dd_mode == "disabled":
        return ()
    return (
        "Dynamical decoupling was asked for. The simulated noise has no slow part that it could undo, "
        "so waits are simulated as they are.",
    )


def _preparation(request: RunRequest) -> Preparation:
    cycles = request.active_reset_cycles
    return Preparation(heralded=request.heralding_mode == "zeros", reset=cycles is None or cycles >= 1)


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
