# SPDX-License-Identifier: Apache-2.0
"""How a circuit job is executed: compiled for its calibration set, sampled, its keys put in order."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from iqm_mock_server.jobs.results import CircuitResult, order_keys
from iqm_mock_server.jobs.run import Interrupted, JobFailed
from iqm_mock_server.jobs.seeds import circuit_seed
from iqm_mock_server.simulator.compilation import compile_task
from iqm_mock_server.simulator.process import SimulationError, SimulatorGone

if TYPE_CHECKING:
    from iqm_mock_server.calibration import CalibrationHistory
    from iqm_mock_server.jobs.job import Submission
    from iqm_mock_server.jobs.run import Run
    from iqm_mock_server.settings import KeyOrder
    from iqm_mock_server.simulator.methods import Plan
    from iqm_mock_server.simulator.process import SimulatorPool
    from iqm_mock_server.simulator.task import Samples, Task


class CircuitExecution:
    """Executes circuit jobs of one machine.

    Parameters
    ----------
    calibrations
        The calibration sets of the machine.
    pool
        Where simulator processes come from.
    ideal
        Simulate without noise.
    key_order
        Order of the measurement keys in the results.
    time_limit
        Seconds after which a job's simulation is given up.
    """

    def __init__(
        self,
        calibrations: CalibrationHistory,
        pool: SimulatorPool,
        *,
        ideal: bool,
        key_order: KeyOrder,
        time_limit: float,
    ) -> None:
        self._calibrations = calibrations
        self._pool = pool
        self._ideal = ideal
        self._key_order = key_order
        self._time_limit = time_limit

    def __call__(self, submission: Submission, run: Run) -> tuple[CircuitResult, ...]:
        """Run a submission, as `Execution` describes."""
        run.step("fetch_calibration_started")
        figures = self._calibrations.find(submission.calibration_set_id)
        run.step("fetch_calibration_ended")

        run.step("compilation_started")
        tasks = [
            compile_task(
                circuit,
                plan,
                figures,
                ideal=self._ideal,
                shots=submission.shots,
                seed=circuit_seed(submission.seed, index),
            )
            for index, (circuit, plan) in enumerate(zip(submission.circuits, submission.plans, strict=True))
        ]
        run.step("compilation_ended")

        run.step("save_sweep_metadata_started")
        run.note(self._description(submission.plans))
        for note in submission.notes:
            run.note(note)
        run.step("save_sweep_metadata_ended")

        run.step("pending_execution")
        run.step("execution_started")
        sampled = self._sample(tasks, run)
        run.occupy()
        run.step("execution_ended")

        run.step("post_processing_pending")
        run.step("post_processing_started")
        if any(plan.preparation.heralded for plan in submission.plans):
            kept = [len(samples.packed) for samples in sampled]
            _require_shots(kept)
            run.note(_heralding(kept, submission.shots))
        results = tuple(
            CircuitResult(order_keys(circuit, self._key_order, task.seed), samples)
            for circuit, task, samples in zip(submission.circuits, tasks, sampled, strict=True)
        )
        run.step("post_processing_ended")
        return results

    def _description(self, plans: tuple[Plan, ...]) -> str:
        numbers: dict[str, list[int]] = {}
        for index, plan in enumerate(plans):
            numbers.setdefault(plan.method.value, []).append(index)
        methods = "; ".join(
            method if len(numbers) == 1 else f"{method} for {_circuits(indices)}"
            for method, indices in numbers.items()
        )
        noise = "without noise" if self._ideal else "with noise"
        return f"Simulated by qiskit-aer {noise}, method {methods}."

    def _sample(self, tasks: list[Task], run: Run) -> list[Samples]:
        deadline = time.monotonic() + self._time_limit
        try:
            with self._pool.lease() as simulator:
                run.on_interrupt(simulator.interrupt)
                try:
                    sampled = []
                    for task in tasks:
                        sampled.append(simulator.run(task, deadline - time.monotonic()))
                        run.circuit_done()
                    return sampled
                finally:
                    run.on_interrupt(None)
        except SimulationError as error:
            raise JobFailed(str(error)) from error
        except SimulatorGone as error:
            if run.interrupted:
                raise Interrupted from error
            raise JobFailed(str(error)) from error


def _heralding(kept: list[int], shots: int) -> str:
    numbers = str(kept[0]) if len(set(kept)) == 1 else f"{min(kept)} to {max(kept)}"
    return f"Heralding kept {numbers} of {shots} shots{' per circuit' if len(kept) > 1 else ''}."


def _require_shots(shots: list[int]) -> None:
    if 0 in shots:
        raise JobFailed(f"Execution of circuit {shots.index(0)} with heralding discarded all the shots.")


def _circuits(indices: list[int]) -> str:
    """Name circuits by their numbers, runs of numbers as such."""
    runs: list[list[int]] = []
    for index in indices:
        if runs and index == runs[-1][-1] + 1:
            runs[-1] = [runs[-1][0], index]
        else:
            runs.append([index])
    listed = ", ".join("-".join(str(end) for end in run) for run in runs)
    return f"circuit {listed}" if len(indices) == 1 else f"circuits {listed}"
