# SPDX-License-Identifier: Apache-2.0
"""A QDMI device as a Qiskit backend."""

from collections.abc import Iterable, Mapping
from typing import Any

from qiskit.circuit import QuantumCircuit
from qiskit.primitives import BackendEstimatorV2, BackendSamplerV2, BaseEstimatorV2, BaseSamplerV2
from qiskit.providers import BackendV2, Options
from qiskit.transpiler import Target

from qdmikit import Device
from qdmikit.qiskit.job import QDMIJob
from qdmikit.qiskit.mitigation import MitigatedEstimator, MitigatedSampler, ReadoutCalibration
from qdmikit.qiskit.mitigation.readout import DEFAULT_CALIBRATION_SHOTS
from qdmikit.qiskit.options import DEFAULT_SHOTS, default_options, run_options, sampling
from qdmikit.qiskit.programs import serialize
from qdmikit.qiskit.registers import result_header
from qdmikit.qiskit.retrieval import retrieved_experiments
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
        self._readout = ReadoutCalibration(self)
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

    def refresh(self) -> None:
        """Read the device's metadata anew, for example after a calibration.

        Circuits that were transpiled before may use gates that are calibrated no more; `run` says so.

        Raises
        ------
        UnsupportedDeviceError
            If a Qiskit Target cannot express the device any more; the former target stays.
        qdmikit.Error
            If the device cannot answer; the former target stays.
        """
        self._model = read_device(self._device)
        self._readout = ReadoutCalibration(self)

    def readout_figures(self, qubit: int) -> tuple[float | None, ...]:
        """Return what the device says of a qubit now: fidelity of its measurement, T1 and T2 (s).

        None where it says nothing. They change with a calibration, before the target is refreshed.

        Parameters
        ----------
        qubit
            A qubit of the target.
        """
        site = self._model.sites[qubit]
        name = self.native_names.get("measure")
        measure = None if name is None else self._device.operation(name)
        fidelity = None if measure is None else measure.fidelity(site)
        return fidelity, site.t1, site.t2

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
            `custom1` to `custom5`: device-defined job parameters, as strings. `require_all_shots`: whether
            a circuit with fewer shots than were asked for, or one that failed, fails the result.

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
        return QDMIJob(
            self,
            experiments,
            memory=settings.memory,
            required_shots=settings.shots if settings.require_all_shots else None,
        )

    def retrieve_job(
        self,
        job_id: str,
        circuits: QuantumCircuit | Iterable[QuantumCircuit] | None = None,
        *,
        memory: bool = False,
    ) -> QDMIJob:
        """Return a job that was submitted earlier, maybe by another process.

        Parameters
        ----------
        job_id
            What `QDMIJob.job_id` returned.
        circuits
            The circuits that were submitted, in their order. Without them results have neither the circuits'
            names nor their registers: an outcome is one string of bits.
        memory
            Whether results hold the outcome of each shot.

        Raises
        ------
        QDMIJobError
            If the job has another number of circuits.
        qdmikit.NotFound
            If the device does not know the job.
        qdmikit.NotSupported
            If the device retrieves no jobs.
        """
        batch = [circuits] if isinstance(circuits, QuantumCircuit) else circuits
        headers = None if batch is None else [result_header(circuit) for circuit in batch]
        jobs = [self._device.retrieve_job(part) for part in job_id.split(",")]
        return QDMIJob(self, retrieved_experiments(jobs, headers), memory=memory)

    def sampler(
        self,
        *,
        default_shots: int = DEFAULT_SHOTS,
        mitigate_readout: bool = False,
        calibration_shots: int = DEFAULT_CALIBRATION_SHOTS,
        **run_options: str,
    ) -> BaseSamplerV2:
        """Return Qiskit's sampler over this backend.

        Circuits must be transpiled to the backend. All PUBs of a call with the same number of shots go to the
        device in as few jobs as it allows.

        Parameters
        ----------
        default_shots
            Repetitions of each circuit where neither the PUB nor the call says otherwise.
        mitigate_readout
            Give quasi-probabilities without readout errors beside the shots, see `MitigatedSampler`.
        calibration_shots
            Repetitions of each circuit that measures readout errors.
        **run_options
            Options for every `run`: `custom1` to `custom5`. One that makes the device discard shots, such as
            heralding, does not go with a sampler, whose results have as many shots as were asked for.

        Raises
        ------
        MitigationNotInstalledError
            If readout errors shall be mitigated and the extra `mitigation` is not installed.
        """
        if mitigate_readout:
            return MitigatedSampler(
                self,
                self._readout,
                default_shots=default_shots,
                calibration_shots=calibration_shots,
                run_options=run_options,
            )
        return BackendSamplerV2(
            backend=self, options={"default_shots": default_shots, "run_options": sampling(run_options)}
        )

    def estimator(
        self,
        *,
        default_precision: float = 1 / 64,
        abelian_grouping: bool = True,
        mitigate_readout: bool = False,
        calibration_shots: int = DEFAULT_CALIBRATION_SHOTS,
    ) -> BaseEstimatorV2:
        """Return Qiskit's estimator over this backend.

        Circuits must be transpiled to the backend, and observables laid out with them
        (``observable.apply_layout(circuit.layout)``). All circuits of a call with the same precision go to
        the device in as few jobs as it allows.

        Parameters
        ----------
        default_precision
            Where neither the PUB nor the call says otherwise; each circuit is run ``1 / precision**2`` times.
        abelian_grouping
            Whether Pauli strings that commute qubit by qubit are measured by one circuit.
        mitigate_readout
            Take readout errors out of the values, see `MitigatedEstimator`.
        calibration_shots
            Repetitions of each circuit that measures readout errors.

        Raises
        ------
        MitigationNotInstalledError
            If readout errors shall be mitigated and the extra `mitigation` is not installed.
        """
        if mitigate_readout:
            return MitigatedEstimator(
                self,
                self._readout,
                default_precision=default_precision,
                abelian_grouping=abelian_grouping,
                calibration_shots=calibration_shots,
            )
        return BackendEstimatorV2(
            backend=self,
            options={"default_precision": default_precision, "abelian_grouping": abelian_grouping},
        )
