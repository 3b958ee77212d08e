# SPDX-License-Identifier: Apache-2.0
"""From any measurements that go together to samples, and back."""

from collections.abc import Callable, Sequence
from typing import Any

from pennylane.tape import QuantumScript
from pennylane.wires import Wires

from pennylane import sample, transform


def _as_samples(tape: QuantumScript) -> tuple[list[QuantumScript], Callable[[Sequence[Any]], Any]]:
    """Measure all observables of a tape, which commute qubit by qubit, in their own bases.

    PennyLane's `measurements_from_samples` (0.45) leaves out the rotation for `Hermitian`, and then returns
    wrong values.
    """
    wires = Wires.all_wires([measurement.wires for measurement in tape.measurements]) or tape.wires
    rotated = tape.copy(
        operations=[*tape.operations, *tape.diagonalizing_gates], measurements=[sample(wires=wires)]
    )

    def values(results: Sequence[Any]) -> Any:  # noqa: ANN401 (numbers, arrays, dicts, tuples of them)
        [samples] = results
        if tape.shots.has_partitioned_shots:
            return tuple(_values(tape, part, wires) for part in samples)
        return _values(tape, samples, wires)

    return [rotated], values


def _values(tape: QuantumScript, samples: Any, wires: Wires) -> Any:  # noqa: ANN401 (as above)
    found = tuple(measurement.process_samples(samples, wires) for measurement in tape.measurements)
    return found[0] if len(found) == 1 else found


as_samples = transform(_as_samples)
