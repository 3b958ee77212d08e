# SPDX-License-Identifier: Apache-2.0
"""Qiskit's sampler, with quasi-probabilities beside the shots."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import numpy as np
from qiskit.circuit import ControlFlowOp, Measure, QuantumCircuit
from qiskit.primitives import (
    BackendSamplerV2,
    BaseSamplerV2,
    BitArray,
    PrimitiveJob,
    PrimitiveResult,
    SamplerPubLike,
    SamplerPubResult,
)
from qiskit.primitives.containers.sampler_pub import SamplerPub

from qdmikit.qiskit.errors import CircuitValidationError
from qdmikit.qiskit.mitigation.readout import Readout, ReadoutCalibration, require_mthree
from qdmikit.qiskit.options import sampling
from qdmikit.qiskit.registers import has_plain_registers

if TYPE_CHECKING:
    from qdmikit.qiskit.backend import QDMIBackend


class MitigatedSampler(BaseSamplerV2):  # type: ignore[misc] # Qiskit ships no types
    """A sampler whose results also say what would have been read without errors; `QDMIBackend.sampler`.

    The data of a result are those of Qiskit's sampler: the shots as they were read. Its metadata have
    `"quasi_distributions"`, an array of objects in the PUB's shape. Each is a dict of bit strings over all
    registers, later registers further left, to quasi-probabilities; its `nearest_probability_distribution()`
    gives probabilities.

    Parameters
    ----------
    backend
        The backend.
    calibration
        Where readout errors come from.
    default_shots
        Repetitions of each circuit where neither the PUB nor the call says otherwise.
    calibration_shots
        Repetitions of each circuit that measures readout errors.
    run_options
        Options for every run.

    Raises
    ------
    MitigationNotInstalledError
        If the extra `mitigation` is not installed.
    """

    def __init__(
        self,
        backend: "QDMIBackend",
        calibration: ReadoutCalibration,
        *,
        default_shots: int,
        calibration_shots: int,
        run_options: Mapping[str, str],
    ) -> None:
        require_mthree()
        self._plain = BackendSamplerV2(
            backend=backend, options={"default_shots": default_shots, "run_options": sampling(run_options)}
        )
        self._run_options = dict(run_options)
        self._calibration = calibration
        self._calibration_shots = calibration_shots

    @property
    def backend(self) -> "QDMIBackend":
        """The backend."""
        backend: QDMIBackend = self._plain.backend
        return backend

    def run(
        self, pubs: Iterable[SamplerPubLike], *, shots: int | None = None
    ) -> PrimitiveJob[PrimitiveResult[SamplerPubResult]]:
        """Sample circuits, and the readout errors of their qubits where these are not known.

        Parameters
        ----------
        pubs
            As for Qiskit's samplers.
        shots
            Repetitions of each circuit whose PUB does not say otherwise.

        Raises
        ------
        CircuitValidationError
            If readout errors of a circuit cannot be corrected afterwards: where the circuit itself decides by
            what was read, or a classical bit stands in several registers or none.
        """
        wanted = self._plain.options.default_shots if shots is None else shots
        coerced = [SamplerPub.coerce(pub, wanted) for pub in pubs]
        sources = [_sources(pub.circuit) for pub in coerced]
        job = PrimitiveJob(self._run, coerced, sources)
        job._submit()  # noqa: SLF001 (as every primitive of Qiskit does)
        return job

    def _run(
        self, pubs: list[SamplerPub], sources: list[list[int | None]]
    ) -> PrimitiveResult[SamplerPubResult]:
        used = {qubit for source in sources for qubit in source if qubit is not None}
        results = self._plain.run(pubs).result()
        readout = (
            self._calibration.readout(used, self._calibration_shots, self._run_options)
            if used
            else Readout({})
        )
        return PrimitiveResult(
            [
                _with_quasi_distributions(result, pub.circuit, source, readout)
                for pub, source, result in zip(pubs, sources, results, strict=True)
            ],
            metadata=results.metadata,
        )


def _sources(circuit: QuantumCircuit) -> list[int | None]:
    """Return which qubit each classical bit was read from at last; None where nothing was."""
    label = f"circuit {circuit.name!r}: its readout errors cannot be mitigated"
    if not has_plain_registers(circuit):
        raise CircuitValidationError(
            f"{label}, because its classical registers share or omit bits; give each bit one register"
        )
    sources: list[int | None] = [None] * circuit.num_clbits
    for instruction in circuit.data:
        if isinstance(instruction.operation, ControlFlowOp):
            raise CircuitValidationError(
                f"{label}, because {instruction.name!r} decides by what was read; use a sampler without it"
            )
        if isinstance(instruction.operation, Measure):
            [qubit], [clbit] = instruction.qubits, instruction.clbits
            sources[circuit.find_bit(clbit).index] = circuit.find_bit(qubit).index
    return sources


def _with_quasi_distributions(
    result: SamplerPubResult, circuit: QuantumCircuit, source: list[int | None], readout: Readout
) -> SamplerPubResult:
    registers = [result.data[register.name] for register in circuit.cregs if register.size]
    quasi = np.empty(result.data.shape, dtype=object)
    if registers:
        # The last is leftmost in the joined array.
        joined = BitArray.concatenate_bits(registers)
        for index in np.ndindex(quasi.shape):
            counts = joined[index].get_counts() if quasi.shape else joined.get_counts()
            quasi[index] = readout.corrected(counts, source)
    return SamplerPubResult(result.data, metadata={**result.metadata, "quasi_distributions": quasi})
