# SPDX-License-Identifier: Apache-2.0
"""Which simulation method suits a circuit, and how long it will take.

The times per step were measured with qiskit-aer 0.18 on one core. Estimates are good to a factor of about
three; those of matrix product states are often far too high, because they assume the worst entanglement.
They rank the methods and turn away jobs that would run for hours, nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iqm_mock_server.circuits.program import Barrier, ConditionalPrx, Delay, Measure, Prx, Reset
from iqm_mock_server.circuits.schedule import duration_of, schedule
from iqm_mock_server.simulator.clifford import clifford_gates
from iqm_mock_server.simulator.matrix_product import matrix_product
from iqm_mock_server.simulator.task import TWIRLED_TIME, Method, Preparation

if TYPE_CHECKING:
    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.machines import CalibrationFigures, Machine

_DENSITY_MATRIX_QUBITS = 10
_NOISY_STATEVECTOR_QUBITS = 12
_IDEAL_STATEVECTOR_QUBITS = 20
_LARGEST_STATEVECTOR_QUBITS = 24
"""The first two: up to where a full description of the state is what a circuit gets. The last: memory."""
_PATIENCE = 5.0
"""Seconds beyond which a full description is given up for a method that is faster."""

_STEPS_PER_NOISY_OPERATION = 4
_SECONDS_PER_SAMPLED_QUBIT = 5e-8
_SECONDS_TO_CHAIN_A_STEP = 5e-5
"""Chained shots are written out one after another, and reading a step takes longer than doing it."""


_ESTIMATES_ERR_BY = 5.0
_START_UP = 10.0
"""Seconds for which a simulator process may take to start."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a circuit is to be simulated.

    Parameters
    ----------
    seconds
        Estimated time.
    order
        The components in use, in the order in which they are simulated.
    preparation
        How its shots begin.
    """

    method: Method
    seconds: float
    order: tuple[str, ...]
    preparation: Preparation


def plan(
    circuit: Circuit,
    machine: Machine,
    figures: CalibrationFigures,
    shots: int,
    *,
    ideal: bool,
    preparation: Preparation,
) -> Plan:
    """Choose the method for a circuit.

    A full description of the state (state vector or density matrix, whichever is faster) where the circuit
    is small enough for that; else, or when that would take long, whichever method is the fastest.
    """
    order = tuple(component for component in machine.components if component in circuit.active)
    size = len(order)
    per_operation = 1 if ideal else _STEPS_PER_NOISY_OPERATION
    steps = per_operation * sum(
        len(operation.locus) for operation in circuit.operations if not isinstance(operation, Barrier)
    )
    # A pure state is evolved once for all shots only where nothing random happens on the way.
    at_once = preparation.reset and _ends_in_measurements(circuit)
    pure_runs = 1 if ideal and at_once else shots
    fixed = shots * size * _SECONDS_PER_SAMPLED_QUBIT
    if not preparation.reset:
        fixed += shots * (steps + size) * _SECONDS_TO_CHAIN_A_STEP

    def planned(method: Method, seconds: float, order: tuple[str, ...] = order) -> Plan:
        return Plan(method, fixed + seconds, order, preparation)

    full = []
    if size <= _LARGEST_STATEVECTOR_QUBITS:
        full.append(planned(Method.STATEVECTOR, pure_runs * steps * (1.5e-6 + 2.5e-9 * 2**size)))
    if size <= _DENSITY_MATRIX_QUBITS and not ideal and preparation.reset:
        runs = 1 if at_once else shots
        full.append(planned(Method.DENSITY_MATRIX, runs * steps * (3e-6 + 6e-9 * 4**size)))
    best = min(full, key=_seconds, default=None)
    if best is not None and best.seconds <= _PATIENCE:
        limit = _IDEAL_STATEVECTOR_QUBITS if ideal else _NOISY_STATEVECTOR_QUBITS
        if size <= limit:
            return best
    line = matrix_product(circuit, order, per_operation)
    others = [
        planned(Method.MATRIX_PRODUCT_STATE, pure_runs * line.evolution + shots * line.reading, line.order)
    ]
    if _is_clifford(circuit) and (ideal or _relaxes_like_clifford(circuit, figures)):
        others.append(planned(Method.STABILIZER, shots * steps * (2e-6 + 2e-8 * size)))
    return min(full + others, key=_seconds)


def simulation_time_limit(budget: float) -> float:
    """Return after how many seconds a simulation that was estimated to stay within a budget is given up."""
    return _START_UP + _ESTIMATES_ERR_BY * budget


def _seconds(plan: Plan) -> float:
    return plan.seconds


def _ends_in_measurements(circuit: Circuit) -> bool:
    measured: set[str] = set()
    for operation in circuit.operations:
        if isinstance(operation, Barrier | Delay):
            continue
        if isinstance(operation, Reset | ConditionalPrx) or not measured.isdisjoint(operation.locus):
            return False
        if isinstance(operation, Measure):
            measured.update(operation.locus)
    return True


def _is_clifford(circuit: Circuit) -> bool:
    return all(
        clifford_gates(operation.angle, operation.phase) is not None
        for operation in circuit.operations
        if isinstance(operation, Prx | ConditionalPrx)
    )


def _relaxes_like_clifford(circuit: Circuit, figures: CalibrationFigures) -> bool:
    """Return whether no qubit with t2 > t1 waits for long; see `TWIRLED_TIME`."""
    longest = {
        name: TWIRLED_TIME * figures.coherence[name].t1
        for name in circuit.active
        if figures.coherence[name].t2 > figures.coherence[name].t1
    }
    if not longest:
        # The only such relaxation left is that during a gate, and gates are short.
        return True
    return all(
        step.idle.get(name, 0.0) + duration_of(step.operation, figures) <= longest[name]
        for step in schedule(circuit, figures).steps
        for name in longest.keys() & set(step.operation.locus)
    )
