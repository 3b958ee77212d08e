# SPDX-License-Identifier: Apache-2.0
"""What jobs do with circuits, from files into files; `qdmikit.slurm.circuits` submits them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit import QuantumCircuit, qpy, transpile
from qiskit.quantum_info import SparsePauliOp

import qdmikit
from qdmikit.qiskit import QDMIBackend
from qdmikit.slurm import files

if TYPE_CHECKING:
    from pathlib import Path


def _opened(source: Path) -> tuple[dict[str, Any], QDMIBackend, list[QuantumCircuit]]:
    settings = files.read_json(source / "settings.json")
    with (source / "circuits.qpy").open("rb") as file:
        circuits = qpy.load(file)
    backend = QDMIBackend(qdmikit.open_device(settings["device"], **settings["session"]))
    native = transpile(
        circuits,
        backend,
        optimization_level=settings["optimization_level"],
        seed_transpiler=settings["seed_transpiler"],
    )
    return settings, backend, native


def run(source: Path, destination: Path) -> None:
    """Run circuits; write ``counts.json``, a list of counts."""
    settings, backend, circuits = _opened(source)
    counts = backend.run(circuits, shots=settings["shots"]).result().get_counts()
    # Sorted, so that the same counts are the same bytes.
    listed = [counts] if isinstance(counts, dict) else counts
    files.write_json(destination / "counts.json", [dict(sorted(one.items())) for one in listed])


def sample(source: Path, destination: Path) -> None:
    """Sample circuits; write ``registers.json``, the widths of each one's registers, and ``bits.npz``."""
    settings, backend, circuits = _opened(source)
    results = backend.sampler().run(circuits, shots=settings["shots"]).result()
    registers, arrays = [], {}
    for number, result in enumerate(results):
        registers.append({name: bits.num_bits for name, bits in result.data.items()})
        for name, bits in result.data.items():
            arrays[f"{number}.{name}"] = bits.array
    files.write_json(destination / "registers.json", registers)
    np.savez(destination / "bits.npz", **arrays)


def estimate(source: Path, destination: Path) -> None:
    """Estimate observables; write ``estimates.npz`` with ``evs`` and ``stds``, circuits by observables."""
    settings, backend, circuits = _opened(source)
    observables = [
        SparsePauliOp.from_list([(label, complex(*value)) for label, value in terms])
        for terms in settings["observables"]
    ]
    pubs = [
        (circuit, [observable.apply_layout(circuit.layout) for observable in observables])
        for circuit in circuits
    ]
    results = backend.estimator().run(pubs, precision=settings["precision"]).result()
    np.savez(
        destination / "estimates.npz",
        evs=np.array([result.data.evs for result in results]),
        stds=np.array([result.data.stds for result in results]),
    )
