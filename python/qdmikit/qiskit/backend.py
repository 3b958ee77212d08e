# SPDX-License-Identifier: Apache-2.0
"""A QDMI device as a Qiskit backend."""

from collections.abc import Iterable, Mapping
from typing import Any

from qiskit.circuit import QuantumCircuit
from qiskit.providers import BackendV2, Options
from qiskit.transpiler import Target

from qdmikit import Device
from qdmikit.qiskit.job import QDMIJob
from qdmikit.qiskit.options import default_options, run_options
from qdmikit.qiskit.programs import serialize
from qdmikit.qiskit.registers import result_header
from qdmikit.qiskit.submission import submit
from qdmikit.qiskit.target import read_device
from qdmikit.qiskit.transpiler.plugins import PLUGIN
from qdmikit.qiskit.validation import validate_circuits


class QDMIBackend(BackendV2):  # type: ignore[misc] # Qiskit ships no types
    """A Qiskit backend that runs circuits on an open QDMI device.

    Everything Qiskit learns about the device comes from the device itself: gates, where they act, their
    durations and errors, and the qubits' T1 and T2. Circuits are not transpiled here; use
    `qiskit.transpile(circuit, backend)`.

    Parameters
    ----------
    device
        The device, from `qdmikit.open_device`.

    Raises
    ------
    UnsupportedDeviceError
        If a Qiskit Target cannot express the device.
    qdmikit.Error
        If the device cannot answer.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._model = read_device(device)
        super().__init__(
            name=device.id or device.name, description=device.name, backend_version=device.version
        )

    @property
    def device(self) -> Device:
        """The QDMI device."""
        return self._device

    @property
    def target(self) -> Target:
        """What the device can do; durations and coherence times in seconds."""
        return self._model.target

    @property
    def native_names(self) -> Mapping[str, str]:
        """The device's own name of each operation, by Qiskit's name."""
        return self._model.operation_names

    @property
    def max_circuits(self) -> None:
        """How many circuits one `run` takes; None, for the device says nothing about it."""
        return

    def get_translation_stage_plugin(self) -> str:
        """Name the translation stage that Qiskit's preset pass managers use for this backend."""
        return PLUGIN

    def get_scheduling_stage_plugin(self) -> str:
        """Name the scheduling stage that Qiskit's preset pass managers use for this backend."""
        return PLUGIN

    @classmethod
    def _default_options(cls) -> Options:
        return default_options()

    def run(
        self,
        circuits: QuantumCircuit | Iterable[QuantumCircuit],
        *,
        shots: int | None = None,
        memory: bool | None = None,
        **options: Any,  # noqa: ANN401 (checked by name)
    ) -> QDMIJob:
        """Submit circuits; several become one job of the device where it takes several programs.

        Parameters
        ----------
        circuits
            One circuit or several, over the device's qubits and in its gates.
        shots
            Repetitions of each circuit; the backend's option, 1024 unless set, when None.
        memory
            Also keep the outcome of each shot, for `Result.get_memory`.
        **options
            `custom1` to `custom5`: device-defined job parameters, as strings.

        Returns
        -------
        The submitted job.

        Raises
        ------
        CircuitValidationError, OptionError, SerializerError, TypeError
            If circuits or options are unusable; nothing was sent.
        qdmikit.Error
            If the device refuses the job.
        """
        settings = run_options(self.options, {"shots": shots, "memory": memory, **options})
        batch = validate_circuits(circuits, self._model.runnable)
        chosen, programs = serialize(batch, self)
        experiments = submit(
            self._device, programs, chosen, settings, headers=[result_header(circuit) for circuit in batch]
        )
        return QDMIJob(self, experiments, memory=settings.memory)
