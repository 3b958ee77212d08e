# SPDX-License-Identifier: Apache-2.0
"""From a circuit and a calibration set to the steps of a `Task`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from iqm_mock_server.calibration.documents import readout_errors
from iqm_mock_server.circuits.program import ConditionalPrx, Cz, Delay, Measure, Prx, Reset
from iqm_mock_server.circuits.schedule import schedule
from iqm_mock_server.simulator.noise import GateChannel, gate_channel
from iqm_mock_server.simulator.task import (
    Conditional,
    ControlledZ,
    Depolarization,
    MeasureBit,
    Method,
    Relaxation,
    ResetQubit,
    Rotation,
    Step,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm_mock_server.circuits.program import Circuit, Operation
    from iqm_mock_server.circuits.schedule import Scheduled
    from iqm_mock_server.machines import CalibrationFigures, Locus, Machine


def compile_task(
    circuit: Circuit,
    *,
    machine: Machine,
    figures: CalibrationFigures,
    ideal: bool,
    shots: int,
    seed: int,
    method: Method,
) -> Task:
    """Return the task that samples a circuit.

    Bits are numbered in program order, within a measurement in locus order. Only qubits in use are
    simulated, in the machine's own order.
    """
    compiler = _Compiler(circuit, machine, figures, ideal=ideal)
    return Task(
        qubits_num=len(compiler.qubits),
        bits_num=sum(len(measurement.locus) for measurement in circuit.measurements),
        steps=tuple(compiler.steps()),
        readout_errors=compiler.readout_errors,
        shots=shots,
        seed=seed,
        method=method,
    )


class _Compiler:
    def __init__(
        self, circuit: Circuit, machine: Machine, figures: CalibrationFigures, *, ideal: bool
    ) -> None:
        self._circuit = circuit
        self._figures = figures
        self._ideal = ideal
        active = circuit.active
        self.qubits = {name: index for index, name in enumerate(c for c in machine.components if c in active)}
        self._channels: dict[tuple[str, Locus], GateChannel] = {}
        self._feedback_bits: dict[tuple[str, str], int] = {}
        self._bits_num = 0

    @cached_property
    def readout_errors(self) -> tuple[tuple[float, float], ...]:
        if self._ideal:
            return ()
        errors = []
        for name in self.qubits:
            calibrated = self._figures.at("measure", (name,))
            # A qubit that cannot be measured is never read, whatever stands here.
            fidelity = calibrated.fidelity if calibrated else None
            errors.append(readout_errors(self._figures, 1.0 if fidelity is None else fidelity))
        return tuple(errors)

    def steps(self) -> Iterator[Step]:
        if self._ideal:
            for operation in self._circuit.operations:
                yield from self._perfect(operation)
            return
        used_again = self._last_uses()
        for position, step in enumerate(schedule(self._circuit, self._figures).steps):
            yield from self._perfect(step.operation)
            yield from self._noise(
                step, {name for name in step.operation.locus if used_again.get(name, -1) > position}
            )

    def _last_uses(self) -> dict[str, int]:
        """Position of the last operation that acts on each qubit; what happens to it later cannot be seen."""
        return {
            name: position
            for position, operation in enumerate(self._circuit.operations)
            if isinstance(operation, Prx | Cz | ConditionalPrx | Measure | Reset)
            for name in operation.locus
        }

    def _perfect(self, operation: Operation) -> Iterator[Step]:
        qubits = self.qubits
        if isinstance(operation, Prx):
            yield Rotation(qubits[operation.locus[0]], operation.angle, operation.phase)
        elif isinstance(operation, Cz):
            yield ControlledZ(qubits[operation.locus[0]], qubits[operation.locus[1]])
        elif isinstance(operation, Reset):
            for name in operation.locus:
                yield ResetQubit(qubits[name])
        elif isinstance(operation, Measure):
            for name in operation.locus:
                if operation.feedback_key is not None:
                    self._feedback_bits[operation.feedback_key, name] = self._bits_num
                yield MeasureBit(qubits[name], self._bits_num)
                self._bits_num += 1
        elif isinstance(operation, ConditionalPrx):
            qubit = qubits[operation.locus[0]]
            pulse: list[Step] = [Rotation(qubit, operation.angle, operation.phase)]
            wait: list[Step] = []
            if not self._ideal:
                pulse += self._channel_steps("prx", operation.locus)
                wait.append(
                    self._relaxation(operation.locus[0], self._figures.duration_at("cc_prx", operation.locus))
                )
            bit = self._feedback_bits[operation.feedback_key, operation.feedback_qubit]
            yield Conditional(bit, tuple(pulse), tuple(wait))

    def _noise(self, step: Scheduled, used_again: set[str]) -> Iterator[Step]:
        operation = step.operation
        if isinstance(operation, Prx | Cz):
            yield from self._channel_steps(operation.name, operation.locus)
        for name in operation.locus:
            if name not in used_again:
                continue
            seconds = step.idle.get(name, 0.0)
            if isinstance(operation, Delay):
                seconds += operation.duration
            elif isinstance(operation, Measure):
                seconds += self._figures.duration_at(operation.name, (name,))
            if seconds > 0:
                yield self._relaxation(name, seconds)

    def _channel_steps(self, gate: str, locus: Locus) -> Iterator[Step]:
        channel = self._channel(gate, locus)
        for name, (t1, t2) in zip(locus, channel.relaxation, strict=True):
            yield Relaxation(self.qubits[name], t1, t2, channel.duration)
        if channel.depolarization > 0:
            yield Depolarization(tuple(self.qubits[name] for name in locus), channel.depolarization)

    def _channel(self, gate: str, locus: Locus) -> GateChannel:
        if (gate, locus) not in self._channels:
            calibrated = self._figures.at(gate, locus)
            if calibrated is None or calibrated.fidelity is None:
                raise LookupError(f"{gate} has no fidelity at {list(locus)}")
            self._channels[gate, locus] = gate_channel(
                [self._figures.coherence[name] for name in locus],
                self._figures.duration_at(gate, locus),
                calibrated.fidelity,
            )
        return self._channels[gate, locus]

    def _relaxation(self, name: str, seconds: float) -> Relaxation:
        coherence = self._figures.coherence[name]
        return Relaxation(self.qubits[name], coherence.t1, coherence.t2, seconds)
