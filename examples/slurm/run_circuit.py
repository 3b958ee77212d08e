#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A GHZ state on a quantum device: one program for a laptop, a batch script, and a site with the plugin.

It names no server and no credentials: the device finds them in its environment. `--executor` says where the
circuit is run from: in this process, in another one, or in a Slurm job that this program submits.
"""

from __future__ import annotations

import argparse
import json

from qiskit import QuantumCircuit, transpile

import qdmikit
from qdmikit import slurm
from qdmikit.qiskit import QDMIBackend

SEED = 7  # of the transpiler


def ghz(qubits: int) -> QuantumCircuit:
    """Return a circuit that makes a GHZ state and measures it."""
    circuit = QuantumCircuit(qubits)
    circuit.h(0)
    for qubit in range(qubits - 1):
        circuit.cx(qubit, qubit + 1)
    circuit.measure_all()
    return circuit


def counts(arguments: argparse.Namespace) -> dict[str, int]:
    """Run the circuit where the arguments say."""
    circuit = ghz(arguments.qubits)
    if arguments.executor == "here":
        backend = QDMIBackend(qdmikit.open_device(arguments.device))
        native = transpile(circuit, backend, seed_transpiler=SEED)
        return dict(backend.run(native, shots=arguments.shots).result().get_counts())
    if arguments.executor == "local":
        executor: slurm.Executor = slurm.LocalExecutor(arguments.folder)
    else:
        executor = slurm.SlurmExecutor(
            arguments.folder,
            partition=arguments.partition,
            qdmi_device=arguments.qdmi_device,
            licenses=arguments.licenses,
        )
    job = slurm.run(circuit, arguments.device, executor=executor, shots=arguments.shots, seed_transpiler=SEED)
    return job.result()[0]


def main() -> None:
    """Print the counts, sorted, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--device", default="qdmikit.iqm", help="its id, as `qdmikit devices` lists it")
    parser.add_argument("--qubits", type=int, default=3)
    parser.add_argument("--shots", type=int, default=1000)
    parser.add_argument("--executor", choices=("here", "local", "slurm"), default="here")
    parser.add_argument("--folder", default="jobs", help="where jobs keep their files")
    parser.add_argument("--partition", help="of the Slurm job")
    parser.add_argument("--qdmi-device", help="the site's name of the device, where the plugin is installed")
    parser.add_argument("--licenses", help="of the Slurm job")
    arguments = parser.parse_args()
    print(json.dumps(dict(sorted(counts(arguments).items()))))


if __name__ == "__main__":
    main()
