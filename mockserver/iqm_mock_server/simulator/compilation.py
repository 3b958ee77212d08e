# SPDX-License-Identifier: Apache-2.0
"""From a circuit and a calibration set to the steps of a `Task`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iqm_mock_server.circuits.program import (
    Barrier,
    Circuit,
    ConditionalPrx,
    Cz,
    Delay,
    Measure,
    Move,
    Prx,
    Reset,
)
from iqm_mock_server.circuits.schedule import schedule
from iqm_mock_server.simulator.noise import GateChannel, gate_channel
from iqm_mock_server.simulator.preparation import QubitStart, heralded_shots, qubit_start
from iqm_mock_server.simulator.task import (
    Conditional,
    ControlledZ,
    Depolarization,
    Exchange,
    Excitation,
    MeasureBit,
    Relaxation,
    ResetQubit,
    Rotation,
    Step,
    Task,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm_mock_server.circuits.program import Operation
    from iqm_mock_server.circuits.schedule import Scheduled
    from iqm_mock_server.machines import CalibrationFigures, Locus
    from iqm_mock_server.simulator.methods import Plan


def compile_task(
    circuit: Circuit, plan: Plan, figures: CalibrationFigures, *, ideal: bool, shots: int, seed: int
) -> Task:
    """Return the task that samples a circuit.

    Bits are numbered in program order, within a measurement in locus order. Only the components in use are
    simulated, numbered as the plan orders them.
    """
    compiler = _Compiler(circuit, plan, figures, ideal=ideal)
    preparation = plan.preparation
    starts = compiler.starts
    if preparation.heralded and preparation.reset:
        shots = heralded_shots(starts.values(), shots, seed)
        starts = {name: start.heralded() for name, start in starts.items()}
    return Task(
        qubits_num=len(plan.order),
        bits_num=compiler.bits_num,
        opening=tuple(compiler.opening(starts)),
        steps=tuple(compiler.steps()),
        readout_errors=()
        if ideal
        else tuple((starts[name].zero_to_one, starts[name].one_to_zero) for name in plan.order),
        shots=shots,
        seed=seed,
        method=plan.method,
        chained=not preparation.reset,
        heralds_num=len(compiler.heralds),
    )


class _Compiler:
    def __init__(self, circuit: Circuit, plan: Plan, figures: CalibrationFigures, *, ideal: bool) -> None:
        self._circuit = circuit
        self._figures = figures
        self._ideal = ideal
        self._chained = not plan.preparation.reset
        self._qubits = {name: index for index, name in enumerate(plan.order)}
        self._channels: dict[tuple[str, Locus], GateChannel] = {}
        self._feedback_bits: dict[tuple[str, str], int] = {}
        self._next_bit = 0
        self.bits_num = sum(len(measurement.locus) for measurement in circuit.measurements)
        self.starts = {name: QubitStart() if ideal else qubit_start(figures, name) for name in plan.order}
        # Where every shot begins anew, the outcome of heralding is known without simulating it.
        heralded = plan.preparation.heralded and self._chained
        self.heralds = [
            name for name in plan.order if heralded and figures.at("measure", (name,)) is not None
        ]

    def opening(self, starts: dict[str, QubitStart]) -> Iterator[Step]:
        for name, start in starts.items():
            if start.excited > 0:
                yield Excitation(self._qubits[name], start.excited)

    def steps(self) -> Iterator[Step]:
        circuit = self._circuit
        if self._chained:
            # From the end of one shot to the first gate of the next, a qubit waits.
            circuit = Circuit(circuit.name, (Barrier(tuple(self._qubits), None), *circuit.operations))
            yield from self._heralding()
        if self._ideal:
            for operation in circuit.operations:
                yield from self._perfect(operation)
            return
        used_again = self._last_uses(circuit)
        for position, step in enumerate(schedule(circuit, self._figures).steps):
            yield from self._perfect(step.operation)
            yield from self._noise(
                step,
                {
                    name
                    for name in step.operation.locus
                    if name in self._qubits and (self._chained or used_again.get(name, -1) > position)
                },
            )

    def _heralding(self) -> Iterator[Step]:
        for bit, name in enumerate(self.heralds, start=self.bits_num):
            yield MeasureBit(self._qubits[name], bit)
            if not self._ideal:
                yield self._relaxation(name, self._figures.duration_at("measure", (name,)))

    def _last_uses(self, circuit: Circuit) -> dict[str, int]:
        """Position of the last operation that acts on each qubit; what happens to it later cannot be seen."""
        return {
            name: position
            for position, operation in enumerate(circuit.operations)
            if isinstance(operation, Prx | Cz | Move | ConditionalPrx | Measure | Reset)
            for name in operation.locus
        }

    def _perfect(self, operation: Operation) -> Iterator[Step]:
        qubits = self._qubits
        if isinstance(operation, Prx):
            yield Rotation(qubits[operation.locus[0]], operation.angle, operation.phase)
        elif isinstance(operation, Cz):
            yield ControlledZ(qubits[operation.locus[0]], qubits[operation.locus[1]])
        elif isinstance(operation, Move):
            yield Exchange(qubits[operation.locus[0]], qubits[operation.locus[1]])
        elif isinstance(operation, Reset):
            for name in operation.locus:
                yield ResetQubit(qubits[name])
        elif isinstance(operation, Measure):
            for name in operation.locus:
                if operation.feedback_key is not None:
                    self._feedback_bits[operation.feedback_key, name] = self._next_bit
                yield MeasureBit(qubits[name], self._next_bit)
                self._next_bit += 1
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

    def _noise(self, step: Scheduled, waiting: set[str]) -> Iterator[Step]:
        operation = step.operation
        if isinstance(operation, Prx | Cz | Move):
            yield from self._channel_steps(operation.name, operation.locus)
        for name in operation.locus:
            if name not in waiting:
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
            yield Relaxation(self._qubits[name], t1, t2, channel.duration)
        if channel.depolarization > 0:
            yield Depolarization(tuple(self._qubits[name] for name in locus), channel.depolarization)

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
        return Relaxation(self._qubits[name], coherence.t1, coherence.t2, seconds)
