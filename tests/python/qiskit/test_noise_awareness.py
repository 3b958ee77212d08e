# SPDX-License-Identifier: Apache-2.0
"""What the device says about its noise pays off: measured fidelities of GHZ states on the noisy mock machine.

The fidelity of a GHZ state of n qubits is `(P + C) / 2`. `P` is the probability of all zeros or all ones, `C`
the coherence between them: the alternating mean over k of the parity along the axis
`cos(pi k / n) X + sin(pi k / n) Y` (O. Guehne et al., Phys. Rev. A 76, 030305 (2007)).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, transpile
from qiskit.circuit.library import RGate
from qiskit.transpiler import CouplingMap

import qdmikit
from iqm_mock_server.calibration.script import Script
from qdmikit import JobResult, ProgramFormat
from qdmikit.qiskit import CircuitValidationError, QDMIBackend

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

SHOTS = 2000
SEEDS = (1, 2)

pytestmark = pytest.mark.iqm_mock_server(seed=20, instant=True, calibration_duration=0.1)


@dataclass(frozen=True)
class Measured:
    """A mean and its standard error, which shots alone make."""

    value: float
    error: float

    def __sub__(self, other: Measured) -> Measured:
        return Measured(self.value - other.value, math.hypot(self.error, other.error))

    def __str__(self) -> str:
        return f"{self.value:.3f} +- {self.error:.3f}"


def ghz(qubits: int) -> QuantumCircuit:
    circuit = QuantumCircuit(qubits, name=f"GHZ-{qubits}")
    circuit.h(0)
    for qubit in range(1, qubits):
        circuit.cx(qubit - 1, qubit)
    return circuit


def placed(qubits: int, seed: int, **options: object) -> QuantumCircuit:
    """Return a GHZ state in native gates, every phase of it as it should be, and then measured."""
    native = transpile(ghz(qubits), optimization_level=3, seed_transpiler=seed, **options)
    native.barrier()
    native.add_register(ClassicalRegister(qubits, "meas"))
    native.measure(native.layout.final_index_layout(), range(qubits))
    return native


def analysed(native: QuantumCircuit, qubits: int) -> list[QuantumCircuit]:
    """Return native circuits that prepare the state on the same couplers and measure it along each axis."""
    batch = [native]
    for k in range(qubits):
        phase = math.pi * k / qubits
        circuit = native.copy_empty_like()
        for instruction in native.data:
            if instruction.name == "measure":
                circuit.append(RGate(math.pi / 2, phase - math.pi / 2), instruction.qubits)
            circuit.append(instruction)
        batch.append(circuit)
    return batch


def fidelity(backend: QDMIBackend, native: QuantumCircuit, qubits: int) -> Measured:
    counts = backend.run(analysed(native, qubits), shots=SHOTS).result().get_counts()
    population = (counts[0].get("0" * qubits, 0) + counts[0].get("1" * qubits, 0)) / SHOTS
    parities = [
        sum((-1) ** bits.count("1") * count for bits, count in entry.items()) / SHOTS for entry in counts[1:]
    ]
    coherence = sum((-1) ** k * parity for k, parity in enumerate(parities)) / qubits
    variance = population * (1 - population) / SHOTS
    variance += sum(1 - parity**2 for parity in parities) / SHOTS / qubits**2
    return Measured((population + coherence) / 2, math.sqrt(variance) / 2)


def mean(values: list[Measured]) -> Measured:
    number = len(values)
    return Measured(
        sum(one.value for one in values) / number, math.hypot(*(one.error for one in values)) / number
    )


def assert_clearly_better(one: Measured, other: Measured) -> None:
    gain = one - other
    assert gain.value > 5 * gain.error, f"{one} is not clearly better than {other}"


def couplers(native: QuantumCircuit) -> list[tuple[int, ...]]:
    return [
        tuple(sorted(native.find_bit(qubit).index for qubit in instruction.qubits))
        for instruction in native.data
        if instruction.name == "cz"
    ]


def calibrate(backend: QDMIBackend, server: MockServer, script: dict[str, object]) -> None:
    """Run a calibration that finds what the script says, and let the session take it over."""
    computer = server.app.extensions["iqm_mock_server"].find("garnet")
    computer.calibration_runs.script_next(Script.model_validate(script))
    job = backend.device.submit_calibration("{}", ProgramFormat.IQMJSON)
    job.wait(60)
    job.raw_result(JobResult.CUSTOM1)


def names(backend: QDMIBackend, coupler: tuple[int, ...]) -> list[str]:
    return [backend.device.sites[qubit].name or "" for qubit in coupler]


def test_the_layout_by_the_calibration_measures_a_better_ghz_8(garnet: QDMIBackend) -> None:
    qubits = 8
    topology = CouplingMap(list(garnet.coupling_map.get_edges()))
    found: dict[str, Measured] = {}
    layouts: dict[str, dict[str, object]] = {
        "by the calibration": {"backend": garnet},
        "by the topology alone": {"basis_gates": ["r", "cz"], "coupling_map": topology},
        "the first qubits": {"backend": garnet, "initial_layout": list(range(qubits))},
    }
    for name, options in layouts.items():
        circuits = [
            placed(qubits, seed, **options) for seed in (SEEDS[:1] if "initial_layout" in options else SEEDS)
        ]
        found[name] = mean([fidelity(garnet, native, qubits) for native in circuits])
        print(f"GHZ-{qubits}, {name}: {found[name]}")
    assert_clearly_better(found["by the calibration"], found["by the topology alone"])
    assert_clearly_better(found["by the calibration"], found["the first qubits"])


def test_a_ghz_5_recovers_from_a_calibration_that_ruins_a_coupler_in_use(
    garnet: QDMIBackend, iqm_mock_server: MockServer
) -> None:
    qubits = 5
    old = placed(qubits, 1, backend=garnet)
    ruined = couplers(old)[1]
    before = fidelity(garnet, old, qubits)

    calibrate(
        garnet,
        iqm_mock_server,
        {"drift": False, "gates": [{"gate": "cz", "locus": names(garnet, ruined), "fidelity": 0.6}]},
    )
    damaged = fidelity(garnet, old, qubits)
    assert garnet.target["cz"][ruined].error < 0.1, "the target changes when it is told to"

    garnet.refresh()
    assert garnet.target["cz"][ruined].error == pytest.approx(0.4)
    new = placed(qubits, 1, backend=garnet)
    assert ruined not in couplers(new)
    after = fidelity(garnet, new, qubits)
    print(f"GHZ-{qubits}, before: {before}; coupler {ruined} ruined: {damaged}; transpiled anew: {after}")
    assert_clearly_better(before, damaged)
    assert_clearly_better(after, damaged)
    assert after.value > before.value - 0.05


def test_a_coupler_that_is_gone_is_named_and_then_avoided(
    garnet: QDMIBackend, iqm_mock_server: MockServer
) -> None:
    old = placed(5, 1, backend=garnet)
    gone = couplers(old)[0]
    calibrate(
        garnet,
        iqm_mock_server,
        {"drift": False, "gates": [{"gate": "cz", "locus": names(garnet, gone), "missing": True}]},
    )
    with pytest.raises(qdmikit.Error):
        garnet.run(old, shots=10).result()
    garnet.refresh()
    with pytest.raises(
        CircuitValidationError, match=r"instruction \d+ 'cz' on qubits (\d+), (\d+).*not offer"
    ):
        garnet.run(old, shots=10)
    new = placed(5, 1, backend=garnet)
    assert gone not in couplers(new)
    assert sum(garnet.run(new, shots=10).result().get_counts().values()) == 10
