# SPDX-License-Identifier: Apache-2.0
"""Where circuits run: an exact simulation, Aer, or any QDMI device, a simulator's or a quantum computer's.

What differs between them stays here: how a circuit is made fit, and which of Qiskit's primitives runs it.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Self, cast

import numpy as np
from qiskit import QuantumCircuit, transpile
from qiskit.primitives import BackendEstimatorV2, BackendSamplerV2, StatevectorEstimator, StatevectorSampler

import qdmikit
from qdmikit.errors import InvalidArgument
from qdmikit.masking import is_secret
from qdmikit.qiskit import QDMIBackend
from qdmikit.qsci.errors import MissingLibrary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qiskit.quantum_info import SparsePauliOp

DEVICE_VARIABLE = "QDMIKIT_DEVICE"
"""Names the device of a run that names none."""


@dataclass(frozen=True)
class Machine:
    """Where circuits run, as plain values that another process understands.

    Parameters
    ----------
    kind
        ``exact``: the state vector, in this process. ``aer``: Qiskit's simulator with shots. ``qdmi``: a
        device.
    device
        The QDMI device's id.
    session
        Its session parameters, keyed like the arguments of `qdmikit.open_device`; no secrets, which belong
        into the environment or a file of their own.
    """

    kind: Literal["exact", "aer", "qdmi"]
    device: str | None = None
    session: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def choose(
        cls,
        simulator: bool | str = True,
        device: str | None = None,
        session: Mapping[str, str] | None = None,
    ) -> Self:
        """Understand the flags of `run_qsci`.

        Parameters
        ----------
        simulator
            True or ``"exact"``, ``"aer"``, or the id of a QDMI device that simulates. False for `device`.
        device
            The quantum computer's id; else the environment's ``QDMIKIT_DEVICE``.
        session
            Session parameters of the QDMI device.

        Raises
        ------
        InvalidArgument
            If no device is named, or a secret is among the session parameters.
        """
        secrets = sorted(name for name in session or {} if is_secret(name))
        if secrets:
            raise InvalidArgument(
                f"the session parameter {', '.join(secrets)} would be written into the run's folder. "
                "Remedy: configure it with the device, or give auth_file"
            )
        if simulator in {True, "exact"}:
            return cls("exact")
        if simulator == "aer":
            return cls("aer")
        name = simulator if isinstance(simulator, str) else device or os.environ.get(DEVICE_VARIABLE)
        if not name:
            known = ", ".join(entry.id for entry in qdmikit.devices()) or "none"
            raise InvalidArgument(
                f"simulator=False needs a device. Remedy: give device=, or set {DEVICE_VARIABLE}; configured "
                f"are: {known}"
            )
        return cls("qdmi", name, dict(session or {}))

    def to_dict(self) -> dict[str, Any]:
        """Return this as JSON can hold it."""
        return asdict(self)

    def open(self, seed: int | None = None) -> Opened:
        """Make it ready to run circuits.

        Parameters
        ----------
        seed
            For simulators in this process, and for transpiling. A device takes none.

        Raises
        ------
        qdmikit.Error
            If the device cannot be opened.
        MissingLibrary
            If Aer is not installed.
        """
        if self.kind == "exact":
            return _Exact(seed)
        if self.kind == "aer":
            return _Aer(_aer(), seed)
        device = qdmikit.open_device(self.device, **self.session)
        return _Device(QDMIBackend(device), seed)


@dataclass(frozen=True)
class Measured:
    """What came back of one circuit.

    Parameters
    ----------
    counts
        How often each bitstring of the logical qubits was measured, the highest qubit left.
    two_qubit_gates, depth
        Of the circuit that ran, after transpiling.
    """

    counts: dict[str, int]
    two_qubit_gates: int
    depth: int


class Opened:
    """A machine that is ready; each call submits and waits."""

    exact = False
    """Whether expectation values have no noise."""

    def sample(self, circuit: QuantumCircuit, shots: int) -> Measured:
        """Measure all qubits of a circuit without parameters or measurements."""
        # Measurements come before transpiling: then they follow the qubits wherever those are put, and the
        # order of bits is that of the circuit as it was written.
        measured = circuit.measure_all(inplace=False)
        fitted = self.fit(measured)
        self.begin()
        [result] = self.sampler().run([(fitted,)], shots=shots).result()
        return Measured(
            counts={bits: int(count) for bits, count in result.data.meas.get_counts().items()},
            two_qubit_gates=int(fitted.num_nonlocal_gates()),
            depth=int(fitted.depth()),
        )

    def energies(self, circuit: QuantumCircuit, observable: SparsePauliOp, precision: float) -> Energies:
        """Get ready to estimate an observable in a parameterised circuit again and again."""
        fitted = self.fit(circuit)
        if fitted.layout is not None:
            observable = observable.apply_layout(fitted.layout)
        return Energies(self.estimator(precision), fitted, observable, self.begin)

    def begin(self) -> None:
        """Get ready for the next call."""

    def fit(self, circuit: QuantumCircuit) -> QuantumCircuit:
        """Write a circuit in the machine's own gates."""
        raise NotImplementedError

    def sampler(self) -> Any:  # noqa: ANN401 - Qiskit ships no types
        """Return a sampler of Qiskit's."""
        raise NotImplementedError

    def estimator(self, precision: float) -> Any:  # noqa: ANN401
        """Return an estimator of Qiskit's."""
        raise NotImplementedError


@dataclass(frozen=True)
class Energies:
    """Estimates one observable, for any values of the circuit's parameters.

    Parameters
    ----------
    estimator
        One of Qiskit's.
    circuit, observable
        Fit for the machine.
    begin
        Called before each estimate.
    """

    estimator: Any
    circuit: QuantumCircuit
    observable: SparsePauliOp
    begin: Callable[[], None]

    def at(self, values: np.ndarray[Any, Any]) -> tuple[float, float]:
        """Return the energy and its standard error, in hartree."""
        pub = (self.circuit, self.observable, values) if len(values) else (self.circuit, self.observable)
        self.begin()
        [result] = self.estimator.run([pub]).result()
        return float(np.real(result.data.evs)), float(result.data.stds)


class _Exact(Opened):
    exact = True

    def __init__(self, seed: int | None) -> None:
        # One generator for all calls: an integer would give the same noise in each of them.
        self._random = np.random.default_rng(seed)

    def fit(self, circuit: QuantumCircuit) -> QuantumCircuit:
        return circuit

    def sampler(self) -> StatevectorSampler:
        return StatevectorSampler(seed=self._random)

    def estimator(self, precision: float) -> StatevectorEstimator:  # noqa: ARG002 - it has no noise
        return StatevectorEstimator(default_precision=0.0)


class _Backed(Opened):
    def __init__(self, backend: Any, seed: int | None) -> None:  # noqa: ANN401 - Qiskit ships no types
        self._backend, self._seed = backend, seed

    def fit(self, circuit: QuantumCircuit) -> QuantumCircuit:
        return cast(
            "QuantumCircuit",
            transpile(circuit, self._backend, optimization_level=3, seed_transpiler=self._seed),
        )

    def sampler(self) -> BackendSamplerV2:
        return BackendSamplerV2(backend=self._backend)

    def estimator(self, precision: float) -> BackendEstimatorV2:
        return BackendEstimatorV2(backend=self._backend, options={"default_precision": precision})


class _Device(_Backed):
    def sampler(self) -> BackendSamplerV2:
        return self._backend.sampler()

    def estimator(self, precision: float) -> BackendEstimatorV2:
        return self._backend.estimator(default_precision=precision)


class _Aer(_Backed):
    def __init__(self, backend: Any, seed: int | None) -> None:  # noqa: ANN401
        super().__init__(backend, seed)
        self._random = np.random.default_rng(seed)

    def begin(self) -> None:
        # With one seed for all calls the noise would be the same in each, and an optimizer would not see it.
        self._backend.set_options(seed_simulator=int(self._random.integers(2**31)))


def _aer() -> Any:  # noqa: ANN401
    try:
        from qiskit_aer import AerSimulator
    except ModuleNotFoundError as error:
        if error.name != "qiskit_aer":
            raise
        raise MissingLibrary(
            'simulator="aer" needs Aer: pip install qiskit-aer', kind="MissingExtra"
        ) from None
    return AerSimulator()
