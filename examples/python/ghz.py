# SPDX-License-Identifier: Apache-2.0
"""GHZ states and how well a device makes them.

The fidelity of a state with the n-qubit GHZ state (|0...0> + e^{ia} |1...1>)/sqrt(2), at the best relative
phase a, is

    F = (P0 + P1)/2 + C/2

where P0 and P1 are the populations of |0...0> and |1...1>, and C = 2 |<0...0| rho |1...1>| is their coherence
(C. A. Sackett et al., Nature 404, 256 (2000), doi:10.1038/35005011; D. Leibfried et al., Nature 438, 639
(2005), doi:10.1038/nature04251). Populations alone only bound it: C <= P0 + P1, hence F <= P0 + P1.

C is the amplitude of the n-th harmonic of the parity Pi(phi) = <(cos phi X + sin phi Y)^(x n)>. Pi holds the
harmonics -n, -n + 2, ..., n and Pi(phi + pi) = (-1)^n Pi(phi), so the n + 1 angles phi_k = k pi/(n + 1)
determine all of them:

    C = 2 |1/(n + 1) sum_k Pi(phi_k) exp(-i n phi_k)|.
"""

import cmath
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qiskit import ClassicalRegister, QuantumCircuit, transpile
from qiskit.providers import BackendV2


@dataclass(frozen=True)
class Estimate:
    """A measured value and its standard deviation from counting statistics."""

    value: float
    deviation: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ± {self.deviation:.3f}"


@dataclass(frozen=True)
class GHZFidelity:
    """What was measured of a GHZ state; readout errors are in all three, none is corrected.

    Attributes
    ----------
    populations
        P0 + P1, an upper bound of the fidelity.
    coherence
        C, the amplitude of the parity oscillation.
    fidelity
        F = (P0 + P1)/2 + C/2.
    """

    populations: Estimate
    coherence: Estimate
    fidelity: Estimate


def ghz_experiment(qubits: int, backend: BackendV2) -> list[QuantumCircuit]:
    """Return native circuits for one GHZ preparation: its populations, then its parity at n + 1 angles.

    All share the same preparation on the same qubits of the device.
    """
    ghz = QuantumCircuit(qubits, name=f"ghz_{qubits}")
    ghz.h(0)
    for qubit in range(1, qubits):
        ghz.cx(qubit - 1, qubit)
    prepared = transpile(ghz, backend, optimization_level=3, seed_transpiler=1)
    prepared.add_register(ClassicalRegister(qubits, "c"))
    places = prepared.layout.final_index_layout() if prepared.layout else list(range(qubits))
    circuits = [prepared.copy(f"{ghz.name}_populations")]
    for angle in _angles(qubits):
        circuit = prepared.copy(f"{ghz.name}_parity_{angle:.3f}")
        # A quarter turn about the axis at phi - pi/2 takes cos(phi) X + sin(phi) Y to Z.
        circuit.r(math.pi / 2, angle - math.pi / 2, places)
        circuits.append(circuit)
    for circuit in circuits:
        circuit.measure(places, range(qubits))
    return circuits


def ghz_fidelity(counts: Sequence[Mapping[str, int]]) -> GHZFidelity:
    """Return the fidelity from the counts of the circuits of `ghz_experiment`, in their order."""
    populations = counts[0]
    qubits = len(next(iter(populations)))
    angles = _angles(qubits)
    shots = sum(populations.values())
    hits = sum(populations.get(outcome * qubits, 0) for outcome in "01") / shots
    total = Estimate(hits, math.sqrt(hits * (1 - hits) / shots))

    parities = [_parity(entry) for entry in counts[1:]]
    harmonic = sum(
        parity.value * cmath.exp(-1j * qubits * angle) for parity, angle in zip(parities, angles, strict=True)
    ) / len(angles)
    phase = cmath.phase(harmonic)
    weights = [2 / len(angles) * math.cos(qubits * angle + phase) for angle in angles]
    spread = math.hypot(
        *(weight * parity.deviation for weight, parity in zip(weights, parities, strict=True))
    )
    coherence = Estimate(2 * abs(harmonic), spread)

    fidelity = Estimate(
        (total.value + coherence.value) / 2, math.hypot(total.deviation, coherence.deviation) / 2
    )
    return GHZFidelity(total, coherence, fidelity)


def _angles(qubits: int) -> list[float]:
    return [k * math.pi / (qubits + 1) for k in range(qubits + 1)]


def _parity(counts: Mapping[str, int]) -> Estimate:
    shots = sum(counts.values())
    value = sum(count * (-1) ** outcome.count("1") for outcome, count in counts.items()) / shots
    return Estimate(value, math.sqrt((1 - value**2) / shots))
