# SPDX-License-Identifier: Apache-2.0
"""Expectation values from corrected counts."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit.circuit import ClassicalRegister, QuantumCircuit
from qiskit.primitives import (
    BaseEstimatorV2,
    DataBin,
    EstimatorPubLike,
    PrimitiveJob,
    PrimitiveResult,
    PubResult,
)
from qiskit.primitives.containers.estimator_pub import EstimatorPub
from qiskit.quantum_info import PauliList
from qiskit.transpiler import PassManager
from qiskit.transpiler.passes import Optimize1qGatesDecomposition

from qdmikit.qiskit.mitigation.readout import Readout, ReadoutCalibration, require_mthree

if TYPE_CHECKING:
    from qdmikit.qiskit.backend import QDMIBackend

Estimate = tuple[float, float]
"""A mean and its standard error."""


@dataclass(frozen=True)
class _Setting:
    """A circuit that measures Pauli strings which commute qubit by qubit.

    `index` is that of the PUB's parameter values; bit `i` of the circuit's last register reads `qubits[i]`.
    """

    circuit: QuantumCircuit
    labels: tuple[str, ...]
    qubits: tuple[int, ...]
    index: tuple[int, ...]


@dataclass
class _Task:
    """A PUB, its values and observables in one shape, and what is known of them."""

    pub: EstimatorPub
    indices: Any
    observables: Any
    settings: list[_Setting]
    estimates: dict[tuple[tuple[int, ...], str], Estimate] = field(default_factory=dict)


class MitigatedEstimator(BaseEstimatorV2):  # type: ignore[misc] # Qiskit ships no types
    """An estimator without readout errors; made by `QDMIBackend.estimator`.

    Results have the shape of those of Qiskit's estimator: `evs` and `stds`. A standard error is a bound: that
    of the shots, times by how much the correction can at most magnify it. That of the measured readout errors
    is not in it.

    Parameters
    ----------
    backend
        The backend.
    calibration
        Where readout errors come from.
    default_precision
        Where neither the PUB nor the call says otherwise; each circuit is run ``1 / precision**2`` times.
    abelian_grouping
        Whether Pauli strings that commute qubit by qubit are measured by one circuit.
    calibration_shots
        Repetitions of each circuit that measures readout errors.

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
        default_precision: float,
        abelian_grouping: bool,
        calibration_shots: int,
    ) -> None:
        require_mthree()
        self._backend = backend
        self._calibration = calibration
        self._default_precision = default_precision
        self._grouping = abelian_grouping
        self._calibration_shots = calibration_shots
        self._to_native = PassManager([Optimize1qGatesDecomposition(target=backend.target)])

    @property
    def backend(self) -> "QDMIBackend":
        """The backend."""
        return self._backend

    def run(
        self, pubs: Iterable[EstimatorPubLike], *, precision: float | None = None
    ) -> PrimitiveJob[PrimitiveResult[PubResult]]:
        """Estimate expectation values, and the readout errors of the qubits where these are not known.

        Parameters
        ----------
        pubs
            As for Qiskit's estimators.
        precision
            Of each PUB that does not say otherwise.

        Raises
        ------
        ValueError
            If a precision is not larger than 0.
        """
        wanted = self._default_precision if precision is None else precision
        coerced = [EstimatorPub.coerce(pub, wanted) for pub in pubs]
        for position, pub in enumerate(coerced):
            if pub.precision <= 0:
                raise ValueError(f"pub {position}: the precision must be larger than 0, got {pub.precision}")
        job = PrimitiveJob(self._run, coerced)
        job._submit()  # noqa: SLF001 (as every primitive of Qiskit does)
        return job

    def _run(self, pubs: list[EstimatorPub]) -> PrimitiveResult[PubResult]:
        tasks = [self._task(pub) for pub in pubs]
        used = {qubit for task in tasks for setting in task.settings for qubit in setting.qubits}
        by_shots: dict[int, list[tuple[_Task, _Setting]]] = defaultdict(list)
        for task in tasks:
            by_shots[_shots(task.pub)] += [(task, setting) for setting in task.settings]
        readout = Readout({})
        if used:
            readout = self._calibration.readout(used, self._calibration_shots, {})
        for shots, measured in by_shots.items():
            if not measured:
                continue
            circuits = [setting.circuit for _, setting in measured]
            counts = self._backend.run(circuits, shots=shots).result().get_counts()
            entries = counts if isinstance(counts, list) else [counts]
            for (task, setting), entry in zip(measured, entries, strict=True):
                for label in setting.labels:
                    task.estimates[setting.index, label] = _estimate(entry, label, setting.qubits, readout)
        return PrimitiveResult([_result(task) for task in tasks], metadata={"version": 2})

    def _task(self, pub: EstimatorPub) -> _Task:
        shape = pub.parameter_values.shape
        indices = np.fromiter(np.ndindex(shape), dtype=object).reshape(shape)
        indices, observables = np.broadcast_arrays(indices, pub.observables)
        wanted: dict[tuple[int, ...], set[str]] = defaultdict(set)
        for place in np.ndindex(*indices.shape):
            wanted[tuple(indices[place])].update(observables[place])
        settings = []
        for values, labels in wanted.items():
            # Nobody needs a circuit to know the identity.
            measured = sorted(label for label in labels if set(label) != {"I"})
            if not measured:
                continue
            bound = pub.parameter_values.bind(pub.circuit, values)
            groups = PauliList(measured)
            for group in groups.group_commuting(qubit_wise=True) if self._grouping else groups:
                settings.append(self._setting(bound, PauliList(group).to_labels(), values))  # noqa: PERF401
        return _Task(pub, indices, observables, settings)

    def _setting(self, bound: QuantumCircuit, labels: Sequence[str], index: tuple[int, ...]) -> _Setting:
        axes = {qubit: axis for label in labels for qubit, axis in enumerate(reversed(label)) if axis != "I"}
        rotations = QuantumCircuit(bound.num_qubits)
        for qubit, axis in axes.items():
            if axis == "Y":
                rotations.sdg(qubit)
            if axis in "XY":
                rotations.h(qubit)
        qubits = tuple(sorted(axes))
        circuit = bound.copy()
        circuit.compose(self._to_native.run(rotations), inplace=True)
        # Its bits are the circuit's last, so they stand leftmost in each outcome, whatever else is measured.
        register = ClassicalRegister(len(qubits), "__observables")
        circuit.add_register(register)
        circuit.measure(qubits, register)
        return _Setting(circuit, tuple(labels), qubits, index)


def _shots(pub: EstimatorPub) -> int:
    precision: float = pub.precision
    return math.ceil(1 / precision**2)


def _estimate(counts: Mapping[str, int], label: str, qubits: tuple[int, ...], readout: Readout) -> Estimate:
    """Return the mean of a Pauli string; only the qubits it acts on are looked at, so errors stay small."""
    support = [(bit, qubit) for bit, qubit in enumerate(qubits) if label[-1 - qubit] != "I"]
    marginal: Counter[str] = Counter()
    for outcome, count in counts.items():
        bits = outcome.replace(" ", "")[: len(qubits)]
        marginal["".join(bits[-1 - bit] for bit, _ in reversed(support))] += count
    mean, error = readout.corrected(marginal, [qubit for _, qubit in support]).expval_and_stddev()
    return float(mean), float(error)


def _result(task: _Task) -> PubResult:
    evs = np.zeros(task.indices.shape)
    stds = np.zeros(task.indices.shape)
    for place in np.ndindex(*task.indices.shape):
        for label, coefficient in task.observables[place].items():
            known = task.estimates.get((task.indices[place], label), (1.0, 0.0))
            evs[place] += coefficient * known[0]
            stds[place] += abs(coefficient) * known[1]
    return PubResult(
        DataBin(evs=evs, stds=stds, shape=evs.shape),
        metadata={
            "target_precision": task.pub.precision,
            "shots": _shots(task.pub),
            "circuit_metadata": task.pub.circuit.metadata,
        },
    )
