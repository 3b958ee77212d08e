# SPDX-License-Identifier: Apache-2.0
"""The files between stages: JSON, npz and QPY, which any process reads without running code from them."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from qiskit import QuantumCircuit, qpy
from qiskit.quantum_info import SparsePauliOp

from qdmikit.qsci.ansatz import Ansatz
from qdmikit.qsci.errors import RunMismatch
from qdmikit.qsci.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ARRAYS = ("h1", "h2", "t1", "t2")


def write_json(file: Path, document: Mapping[str, Any]) -> None:
    """Write a document so that it is there whole or not at all."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    unfinished.write_text(json.dumps(document, indent=2) + "\n")
    unfinished.replace(file)


def read_json(file: Path) -> dict[str, Any]:
    """Read a document.

    Raises
    ------
    RunMismatch
        If it is not there or broken.
    """
    try:
        document: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise RunMismatch(
            f"the file {file} of a QSCI run cannot be read: {error}. "
            f"Remedy: remove the folder {file.parent}, and the stage is run again"
        ) from error
    return document


def write_problem(folder: Path, problem: Problem) -> None:
    """Write integrals and amplitudes as npz, the rest as JSON."""
    fields = {name: value for name, value in vars(problem).items() if name not in _ARRAYS}
    np.savez_compressed(folder / "integrals.npz", **{name: getattr(problem, name) for name in _ARRAYS})
    write_json(folder / "problem.json", fields)


def read_problem(folder: Path) -> Problem:
    """Read what `write_problem` wrote."""
    fields = read_json(folder / "problem.json")
    up, down = fields.pop("num_electrons")
    with np.load(folder / "integrals.npz", allow_pickle=False) as arrays:
        return Problem(**fields, num_electrons=(up, down), **{name: arrays[name] for name in _ARRAYS})


def write_ansatz(folder: Path, ansatz: Ansatz) -> None:
    """Write the circuit as QPY, the rest as JSON."""
    write_circuit(folder / "circuit.qpy", ansatz.circuit)
    document = {
        "kind": ansatz.kind,
        "mapper": ansatz.mapper,
        "parameters": [parameter.name for parameter in ansatz.circuit.parameters],
        "initial_point": ansatz.initial_point.tolist(),
        "observable": [[label, float(value.real)] for label, value in ansatz.observable.to_list()],
    }
    write_json(folder / "ansatz.json", document)


def read_ansatz(folder: Path) -> Ansatz:
    """Read what `write_ansatz` wrote."""
    document = read_json(folder / "ansatz.json")
    circuit = read_circuit(folder / "circuit.qpy")
    names = [parameter.name for parameter in circuit.parameters]
    if names != document["parameters"]:
        raise RunMismatch(
            f"{folder}: circuit and parameters do not belong together. Remedy: remove the folder"
        )
    return Ansatz(
        document["kind"],
        document["mapper"],
        circuit,
        np.array(document["initial_point"], dtype=np.float64),
        SparsePauliOp.from_list([(label, value) for label, value in document["observable"]]),
    )


def write_circuit(file: Path, circuit: QuantumCircuit) -> None:
    """Write a circuit as QPY."""
    with file.open("wb") as stream:
        qpy.dump(circuit, stream)


def read_circuit(file: Path) -> QuantumCircuit:
    """Read a circuit from QPY."""
    with file.open("rb") as stream:
        [circuit] = qpy.load(stream)
    return circuit


def write_measured(folder: Path, measured: Any) -> None:  # noqa: ANN401 - a record
    """Write counts and the figures of the circuit that was run."""
    write_json(folder / "counts.json", asdict(measured))
