# SPDX-License-Identifier: Apache-2.0
"""Which simulation method suits a circuit, and how long it will take.

The times per step were measured with qiskit-aer 0.18 on one core; estimates are good to a factor of about
three. They rank the methods and turn away jobs that would run for hours, nothing more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iqm_mock_server.circuits.program import Barrier, ConditionalPrx, Cz, Delay, Measure, Reset
from iqm_mock_server.simulator.task import Method

if TYPE_CHECKING:
    from iqm_mock_server.circuits.program import Circuit
    from iqm_mock_server.machines import Machine

_DENSITY_MATRIX_QUBITS = 10
_STATEVECTOR_QUBITS = 24
_STEPS_PER_NOISY_OPERATION = 4
_SECONDS_PER_SAMPLED_QUBIT = 5e-8


@dataclass(frozen=True, slots=True)
class Plan:
    """A method and its estimated time in seconds."""

    method: Method
    seconds: float


def plan(circuit: Circuit, machine: Machine, shots: int, *, ideal: bool) -> Plan:
    """Return the method with the shortest estimated time."""
    qubits = [component for component in machine.components if component in circuit.active]
    size = len(qubits)
    per_operation = 1 if ideal else _STEPS_PER_NOISY_OPERATION
    steps = per_operation * sum(len(operation.locus) for operation in circuit.operations)
    drawing = shots * size * _SECONDS_PER_SAMPLED_QUBIT
    # A pure state is evolved once for all shots only where nothing random happens on the way.
    ends_in_measurements = _ends_in_measurements(circuit)
    pure_runs = 1 if ideal and ends_in_measurements else shots
    plans = []
    if size <= _STATEVECTOR_QUBITS:
        plans.append(Plan(Method.STATEVECTOR, pure_runs * steps * (1.5e-6 + 2.5e-9 * 2**size) + drawing))
    if size <= _DENSITY_MATRIX_QUBITS and not ideal:
        runs = 1 if ends_in_measurements else shots
        plans.append(Plan(Method.DENSITY_MATRIX, runs * steps * (3e-6 + 6e-9 * 4**size) + drawing))
    evolution, reading = _matrix_product_seconds(circuit, qubits, per_operation)
    plans.append(Plan(Method.MATRIX_PRODUCT_STATE, pure_runs * evolution + shots * reading))
    return min(plans, key=lambda candidate: candidate.seconds)


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


def _matrix_product_seconds(circuit: Circuit, qubits: list[str], per_operation: int) -> tuple[float, float]:
    """Follow how the bonds of a matrix product state can grow at most.

    Returns
    -------
    tuple[float, float]
        Seconds to evolve the state once, and to draw one sample from it.
    """
    place = {name: index for index, name in enumerate(qubits)}
    size = len(qubits)
    # Binary logarithm of the bond dimension between site i - 1 and site i.
    bonds = [0] * (size + 1)
    most = [min(cut, size - cut) for cut in range(size + 1)]

    def at_site(site: int) -> float:
        return _matrix_product_step(max(bonds[site], bonds[site + 1]))

    seconds = 0.0
    for operation in circuit.operations:
        if isinstance(operation, Barrier | Delay):
            continue
        if isinstance(operation, Cz):
            first, second = sorted(place[name] for name in operation.locus)
            # Distant qubits are swapped next to each other, so that the gate is felt by every bond between
            # them.
            for cut in range(first + 1, second + 1):
                bonds[cut] = min(bonds[cut] + 1, most[cut])
            for cut in range(1, size + 1):
                bonds[cut] = min(bonds[cut], bonds[cut - 1] + 1)
            for cut in range(size - 1, -1, -1):
                bonds[cut] = min(bonds[cut], bonds[cut + 1] + 1)
            seconds += sum(2 * _matrix_product_step(bonds[cut]) for cut in range(first + 1, second + 1))
        seconds += sum(per_operation * at_site(place[name]) for name in operation.locus)
    return seconds, sum(at_site(site) for site in range(size)) / 4


def _matrix_product_step(bond: int) -> float:
    dimension = 2.0**bond
    return 4e-6 + 2e-8 * dimension**2 + 5e-10 * dimension**3
