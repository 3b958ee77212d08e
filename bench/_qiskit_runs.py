# SPDX-License-Identifier: Apache-2.0
"""The same circuits sent in three ways: this project's Qiskit backend, MQT Core's, and no Qiskit at all."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mqt.core import qdmi
from mqt.core.plugins.qiskit import QDMIBackend as MqtBackend
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile

import qdmikit
from qdmikit.qiskit import QDMIBackend
from qdmikit.qiskit.programs import serialize

if TYPE_CHECKING:
    from collections.abc import Callable

    from qiskit.providers import BackendV2

SHOTS = 1000
QUBITS = 5
DEVICE = "qdmikit.iqm"


@dataclass(frozen=True)
class Way:
    """One way to send circuits.

    Parameters
    ----------
    name
        In tables.
    run
        Sends them and waits for their counts, which it returns in a form of its own.
    shots
        Tells of such counts how many shots each circuit has.
    """

    name: str
    run: Callable[[], object]
    shots: Callable[[object], list[int]]


def circuits(number: int) -> list[QuantumCircuit]:
    """Return circuits that differ, each with a few gates and all of its qubits measured."""
    batch = []
    for index in range(number):
        # The server's prebuilt results are those of a register of this name.
        circuit = QuantumCircuit(
            QuantumRegister(QUBITS, "q"), ClassicalRegister(QUBITS, "c"), name=f"circuit {index}"
        )
        circuit.h(0)
        for qubit in range(QUBITS - 1):
            circuit.cx(qubit, qubit + 1)
        circuit.rx(math.pi * index / number, QUBITS - 1)
        circuit.measure(range(QUBITS), range(QUBITS))
        batch.append(circuit)
    return batch


def program(qubits: int) -> str:
    """Return the program that ``native/support.cpp`` sends, so that both languages send the same."""
    names = [f"QB{qubit + 1}" for qubit in range(qubits)]
    flips = [{"name": "prx", "locus": [name], "args": {"angle": math.pi, "phase": 0.0}} for name in names]
    measures = [
        {"name": "measure", "locus": [name], "args": {"key": f"c_{qubits}_0_{bit}"}}
        for bit, name in enumerate(names)
    ]
    return json.dumps(
        {"name": "bench", "metadata": {}, "instructions": [*flips, *measures]}, separators=(",", ":")
    )


def by_backend(name: str, backend: BackendV2, number: int) -> Way:
    """Send circuits through a Qiskit backend."""
    batch = transpile(circuits(number), backend, seed_transpiler=1, optimization_level=1)

    def shots(result: object) -> list[int]:
        counts = result.get_counts()  # type: ignore[attr-defined] # Qiskit's Result
        return [sum(entry.values()) for entry in ([counts] if number == 1 else counts)]

    return Way(name, lambda: backend.run(batch, shots=SHOTS).result(), shots)


def by_device(device: qdmikit.Device, programs: list[str | bytes]) -> Way:
    """Send programs that are written already, without Qiskit."""

    def run() -> list[dict[str, int]]:
        job = device.submit(programs, qdmikit.ProgramFormat.IQMJSON, SHOTS)
        job.wait()
        return [job.counts(index) for index in range(len(programs))]

    def shots(counts: object) -> list[int]:
        return [sum(entry.values()) for entry in counts]  # type: ignore[attr-defined] # a list of dictionaries

    return Way("qdmikit, no Qiskit", run, shots)


@dataclass(frozen=True)
class Ways:
    """Sessions of both projects on one server and one device library.

    Parameters
    ----------
    device
        Of this project.
    ours, theirs
        Qiskit backends.
    """

    device: qdmikit.Device
    ours: QDMIBackend
    theirs: MqtBackend

    @classmethod
    def to(cls, url: str) -> Ways:
        """Open the sessions."""
        device = qdmikit.open_device(DEVICE, base_url=url)
        os.environ["IQM_SERVER_URL"] = url  # MQT Core's driver has no argument for it
        return cls(device, QDMIBackend(device), MqtBackend(qdmi.open_device(DEVICE), device_id=DEVICE))

    def of(self, number: int) -> tuple[Way, Way, Way]:
        """Return what sends so many circuits: ours, MQT Core's, and ours without Qiskit."""
        batch = transpile(circuits(number), self.ours, seed_transpiler=1, optimization_level=1)
        _, programs = serialize(batch, self.ours)
        return (
            by_backend("qdmikit", self.ours, number),
            by_backend("MQT Core", self.theirs, number),
            by_device(self.device, programs),
        )
