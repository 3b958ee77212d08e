# SPDX-License-Identifier: Apache-2.0
"""How a circuit job is executed: compiled for its calibration set, sampled, its keys put in order."""

from __future__ import annotations

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
    from iqm_mock_server.machines import Machine
    from iqm_mock_server.settings import KeyOrder
    from iqm_mock_server.simulator.process import SimulatorPool
    from iqm_mock_server.simulator.task import Samples, Task


class CircuitExecution:
    """Executes circuit jobs of one machine.

    Parameters
    ----------
    machine, calibrations
        What is simulated.
    pool
        Where simulator processes come from.
    ideal
        Simulate without noise.
    key_order
        Order of the measurement keys in the results.
    """

    def __init__(
        self,
        machine: Machine,
        calibrations: CalibrationHistory,
        pool: SimulatorPool,
        *,
        ideal: bool,
        key_order: KeyOrder,
    ) -> None:
        self._machine = machine
        self._calibrations = calibrations
        self._pool = pool
        self._ideal = ideal
        self._key_order = key_order

    def __call__(self, submission: Submission, run: Run) -> tuple[CircuitResult, ...]:
        """Run a submission, as `Execution` describes."""
        run.step("fetch_calibration_started")
        figures = self._calibrations.find(submission.calibration_set_id)
        run.step("fetch_calibration_ended")

        run.step("compilation_started")
        tasks = [
            compile_task(
                circuit,
                machine=self._machine,
                figures=figures,
                ideal=self._ideal,
                shots=submission.shots,
                seed=circuit_seed(submission.seed, index),
                method=plan.method,
            )
            for index, (circuit, plan) in enumerate(zip(submission.circuits, submission.plans, strict=True))
        ]
        run.step("compilation_ended")

        run.step("save_sweep_metadata_started")
        run.note(self._description(tasks))
        run.step("save_sweep_metadata_ended")

        run.step("pending_execution")
        run.step("execution_started")
        sampled = self._sample(tasks, run)
        run.occupy()
        run.step("execution_ended")

        run.step("post_processing_pending")
        run.step("post_processing_started")
        results = tuple(
            CircuitResult(order_keys(circuit, self._key_order, task.seed), samples)
            for circuit, task, samples in zip(submission.circuits, tasks, sampled, strict=True)
        )
        run.step("post_processing_ended")
        return results

    def _description(self, tasks: list[Task]) -> str:
        methods = ", ".join(sorted({task.method.value for task in tasks}))
        return (
            f"Simulated by qiskit-aer, method {methods}, {'without noise' if self._ideal else 'with noise'}."
        )

    def _sample(self, tasks: list[Task], run: Run) -> list[Samples]:
        try:
            with self._pool.lease() as simulator:
                run.on_interrupt(simulator.interrupt)
                try:
                    sampled = []
                    for task in tasks:
                        sampled.append(simulator.run(task))
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
