# SPDX-License-Identifier: Apache-2.0
"""Write the circuits of ``transpile.py`` as OpenQASM 3 and, read back from that, as QPY.

Runs in an environment of its own, which has mqt.bench.
"""

from __future__ import annotations

import sys
from pathlib import Path

from mqt.bench import BenchmarkLevel, get_benchmark
from qiskit import QuantumCircuit, qasm3, qpy, transpile
from qiskit.circuit.library import quantum_volume

SIZES = (4, 6, 8, 10, 12, 16)
ALGORITHMS = {
    "ghz": SIZES,
    "qft": SIZES,
    "qaoa": SIZES,
    "vqe_real_amp": SIZES,
    "vqe_su2": SIZES,
    "vqe_two_local": SIZES,
    "grover": (4, 6, 8),
}


def circuits() -> list[QuantumCircuit]:
    """Return mqt-bench's circuits, and quantum volume, which it does not have, as Qiskit makes it."""
    found = []
    for name, sizes in ALGORITHMS.items():
        for size in sizes:
            circuit = get_benchmark(name, BenchmarkLevel.INDEP, size)
            circuit.name = f"{name}_{size}"
            found.append(circuit)
    for size in SIZES:
        # OpenQASM has no matrices; this is what a synthesis makes of each of them.
        circuit = quantum_volume(size, size, seed=size)
        circuit = transpile(circuit, basis_gates=["u", "cx"], optimization_level=1)
        circuit.name = f"quantum_volume_{size}"
        found.append(circuit)
    for circuit in found:
        if "measure" not in circuit.count_ops():
            circuit.measure_all()
    return found


def main() -> None:
    """Write to the folder named on the command line."""
    folder = Path(sys.argv[1])
    for circuit in circuits():
        text = qasm3.dumps(circuit)
        (folder / f"{circuit.name}.qasm").write_text(text)
        again = qasm3.loads(text)
        again.name = circuit.name
        with (folder / f"{circuit.name}.qpy").open("wb") as file:
            qpy.dump(again, file, version=13)  # for older Qiskits, too


if __name__ == "__main__":
    main()
