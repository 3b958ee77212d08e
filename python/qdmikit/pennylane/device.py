# SPDX-License-Identifier: Apache-2.0
"""A QDMI device as a PennyLane device."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from pennylane.devices import Device as PennyLaneDevice
from pennylane.devices import ExecutionConfig
from pennylane.devices.modifiers import simulator_tracking, single_tape_support
from pennylane.devices.preprocess import (
    decompose,
    no_analytic,
    validate_device_wires,
    validate_measurements,
)
from pennylane.exceptions import DeviceError
from pennylane.tape import QuantumScript
from pennylane.transforms import (
    broadcast_expand,
    defer_measurements,
    split_non_commuting,
)
from pennylane.transforms.core import CompilePipeline
from qiskit import transpile

import qdmikit
from qdmikit.pennylane.circuits import OPERATIONS, circuit, supported
from qdmikit.pennylane.samples import as_samples
from qdmikit.qiskit import QDMIBackend

NAME = "qdmikit.qdmi"


@simulator_tracking
@single_tape_support
class QDMIDevice(PennyLaneDevice):  # type: ignore[misc] # PennyLane ships no types
    """Runs PennyLane's circuits on any QDMI device, through the Qiskit adapter.

    Every circuit needs a number of shots. All circuits of one execution with the same number, such as those
    of a gradient by the parameter-shift rule, are submitted together.

    Parameters
    ----------
    wires
        How many wires there are, or their labels; those of each circuit when None.
    shots
        Repetitions where a QNode does not say otherwise.
    device
        The id of a QDMI device, an open one, or a backend over one.
    optimization_level
        Of Qiskit's transpiler.
    seed_transpiler
        Makes what the transpiler finds repeatable.
    **session
        Arguments of `qdmikit.open_device` where `device` is an id.

    Raises
    ------
    pennylane.exceptions.DeviceError
        If there are more wires than qubits.
    qdmikit.Error
        If the device cannot be opened.
    """

    def __init__(
        self,
        wires: int | Iterable[Any] | None = None,
        shots: int | Sequence[int] | None = None,
        *,
        device: str | qdmikit.Device | QDMIBackend,
        optimization_level: int = 2,
        seed_transpiler: int | None = None,
        **session: str,
    ) -> None:
        super().__init__(wires=wires, shots=shots)
        if isinstance(device, str):
            device = qdmikit.open_device(device, **session)
        elif session:
            raise TypeError(f"{', '.join(session)}: the device is open already")
        self._backend = device if isinstance(device, QDMIBackend) else QDMIBackend(device)
        self._options = {"optimization_level": optimization_level, "seed_transpiler": seed_transpiler}
        if self.wires is not None:
            self._check_width(len(self.wires))

    @property
    def name(self) -> str:
        """The name by which PennyLane finds this device."""
        return NAME

    @property
    def backend(self) -> QDMIBackend:
        """The Qiskit backend that circuits run on."""
        return self._backend

    def preprocess_transforms(self, execution_config: ExecutionConfig | None = None) -> Any:  # noqa: ANN401
        """Return what turns any circuit into circuits of known gates that end with samples."""
        del execution_config
        program = CompilePipeline()
        program.add_transform(no_analytic, name=NAME)
        program.add_transform(validate_device_wires, wires=self.wires, name=NAME)
        program.add_transform(defer_measurements, allow_postselect=False)
        program.add_transform(validate_measurements, name=NAME)
        program.add_transform(split_non_commuting)
        program.add_transform(as_samples)
        program.add_transform(
            decompose,
            target_gates=OPERATIONS,
            stopping_condition=supported,
            skip_initial_state_prep=False,
            name=NAME,
        )
        program.add_transform(broadcast_expand)
        return program

    def execute(
        self, circuits: Sequence[QuantumScript], execution_config: ExecutionConfig | None = None
    ) -> tuple[Any, ...]:
        """Run circuits, in as few jobs as their numbers of shots allow.

        Parameters
        ----------
        circuits
            As `preprocess_transforms` leaves them.
        execution_config
            Has no meaning for this device.

        Returns
        -------
        tuple
            For each circuit its samples, shape (shots, wires); a tuple of them where shots are partitioned.

        Raises
        ------
        qdmikit.Error, qdmikit.qiskit.QDMIJobError
            If the device refuses the circuits or fails.
        """
        del execution_config
        by_shots: dict[int, list[int]] = defaultdict(list)
        for position, tape in enumerate(circuits):
            by_shots[tape.shots.total_shots].append(position)
        results: dict[int, Any] = {}
        for shots, positions in by_shots.items():
            results.update(self._run([(position, circuits[position]) for position in positions], shots))
        return tuple(results[position] for position in range(len(circuits)))

    def _run(self, tapes: Sequence[tuple[int, QuantumScript]], shots: int) -> dict[int, Any]:
        batch = [self._circuit(tape) for _, tape in tapes]
        # One process: others would inherit the device's session and could do nothing with it.
        native = transpile(batch, self._backend, num_processes=1, **self._options)
        job = self._backend.run(native, shots=shots, memory=True, require_all_shots=True)
        result = job.result()
        return {
            position: _samples(tape, result.get_memory(index)) for index, (position, tape) in enumerate(tapes)
        }

    def _circuit(self, tape: QuantumScript) -> Any:  # noqa: ANN401 (Qiskit ships no types)
        wires = tape.wires if self.wires is None else (self.wires + tape.wires)
        self._check_width(len(wires))
        return circuit(tape.operations, list(wires), list(_measured(tape)))

    def _check_width(self, wires: int) -> None:
        if wires > self._backend.num_qubits:
            raise DeviceError(
                f"{self._backend.name} has {self._backend.num_qubits} qubits; {wires} wires were asked for"
            )


def _measured(tape: QuantumScript) -> Any:  # noqa: ANN401 (PennyLane ships no types)
    [measurement] = tape.measurements
    return measurement.wires or tape.wires


def _samples(tape: QuantumScript, memory: Sequence[str]) -> Any:  # noqa: ANN401 (arrays, or a tuple of them)
    # The first wire is the lowest bit, which stands rightmost.
    bits = np.array([[int(bit) for bit in reversed(outcome)] for outcome in memory], dtype=np.int8)
    [measurement] = tape.measurements
    wires = _measured(tape)
    parts = tuple(
        measurement.process_samples(bits, wire_order=wires, shot_range=part) for part in tape.shots.bins()
    )
    return parts if tape.shots.has_partitioned_shots else parts[0]
