# SPDX-License-Identifier: Apache-2.0
"""How often each qubit is read wrongly, measured on the device, and counts corrected for it.

The correction is M3 of the package `mthree`: P. D. Nation, H. Kang, N. Sundaresan, J. M. Gambetta, *Scalable
mitigation of measurement errors on quantum computers*, PRX Quantum 2, 040326 (2021).
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt
from qiskit import QuantumCircuit, transpile

from qdmikit.qiskit.errors import MitigationNotInstalledError

if TYPE_CHECKING:
    from qdmikit.qiskit.backend import QDMIBackend

Confusion: TypeAlias = "npt.NDArray[np.float64]"

DEFAULT_CALIBRATION_SHOTS = 10_000


def require_mthree() -> None:
    """Check that the package which corrects counts is there.

    Raises
    ------
    MitigationNotInstalledError
        If it is not; the text says how to install it.
    """
    try:
        import mthree  # noqa: F401
    except ModuleNotFoundError as error:
        raise MitigationNotInstalledError(
            f"readout errors cannot be mitigated: the package {error.name} is not installed; "
            'pip install "qdmikit[mitigation]"'
        ) from error


class Readout:
    """The readout errors of some qubits, each independent of the others.

    Parameters
    ----------
    confusion
        For each qubit the probabilities of reading the row's value where the column's was prepared, shape
        (2, 2).
    """

    def __init__(self, confusion: Mapping[int, Confusion]) -> None:
        self.confusion = dict(confusion)

    def corrected(self, counts: Mapping[str, int], qubits: Sequence[int | None]) -> Any:  # noqa: ANN401
        """Return the quasi-probabilities of what would have been read without errors.

        Parameters
        ----------
        counts
            How often each bit string was read, highest bit leftmost.
        qubits
            Which qubit each bit was read from, from the rightmost on; None for a bit that is always right.

        Returns
        -------
        mthree.classes.QuasiDistribution
            A dict of bit strings; values may be negative, their sum is 1.
            `nearest_probability_distribution()` gives probabilities, `expval_and_stddev()` the mean of Z on
            all bits with a bound of its error.
        """
        import mthree

        correction = mthree.M3Mitigation()
        correction.cals_from_matrices(
            [np.eye(2) if qubit is None else self.confusion[qubit] for qubit in qubits]
        )
        return correction.apply_correction(
            dict(counts), list(range(len(qubits))), distance=-1, return_mitigation_overhead=True
        )


class ReadoutCalibration:
    """Measures readout errors on a backend, each once for the figures that its device has just then.

    Parameters
    ----------
    backend
        The backend.
    """

    def __init__(self, backend: "QDMIBackend") -> None:
        self._backend = backend
        self._known: dict[tuple[object, ...], Confusion] = {}
        self._one_at_a_time = threading.Lock()  # so that two callers do not both measure the same qubits

    def readout(self, qubits: Iterable[int], shots: int, options: Mapping[str, Any]) -> Readout:
        """Return the readout errors of some qubits.

        Those that are not known are measured in one run of two circuits, in which all of them are prepared in
        0 and in 1. A calibration of the device makes all unknown.

        Parameters
        ----------
        qubits
            The backend's qubits.
        shots
            Repetitions of each of the two circuits.
        options
            Run options; they may change how the device reads.

        Raises
        ------
        qdmikit.Error, QDMIJobError
            If the device does not run the circuits.
        """
        with self._one_at_a_time:
            keys = {qubit: self._key(qubit, shots, options) for qubit in sorted(set(qubits))}
            unknown = [qubit for qubit, key in keys.items() if key not in self._known]
            if unknown:
                for qubit, confusion in self._measured(unknown, shots, options).items():
                    self._known[keys[qubit]] = confusion
            return Readout({qubit: self._known[key] for qubit, key in keys.items()})

    def _key(self, qubit: int, shots: int, options: Mapping[str, Any]) -> tuple[object, ...]:
        """Tell the device's figures for a qubit; they are its answer now, not when the target was read."""
        return (qubit, shots, tuple(sorted(options.items())), *self._backend.readout_figures(qubit))

    def _measured(
        self, qubits: Sequence[int], shots: int, options: Mapping[str, Any]
    ) -> dict[int, Confusion]:
        circuits = [self._prepared(qubits, value) for value in (0, 1)]
        counts = self._backend.run(circuits, shots=shots, **options).result().get_counts()
        confusion = {}
        for bit, qubit in enumerate(qubits):
            columns = []
            for entry in counts:
                ones = sum(count for bits, count in entry.items() if bits[-1 - bit] == "1")
                columns.append([1 - ones / sum(entry.values()), ones / sum(entry.values())])
            confusion[qubit] = np.array(columns).T
        return confusion

    def _prepared(self, qubits: Sequence[int], value: int) -> QuantumCircuit:
        circuit = QuantumCircuit(max(qubits) + 1, len(qubits), name=f"readout of {value}")
        if value:
            circuit.x(qubits)
        circuit.measure(qubits, range(len(qubits)))
        layout = None if self._backend.coupling_map is None else list(range(circuit.num_qubits))
        return transpile(circuit, self._backend, initial_layout=layout, optimization_level=1)
