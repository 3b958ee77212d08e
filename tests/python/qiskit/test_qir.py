# SPDX-License-Identifier: Apache-2.0
"""Circuits as QIR programs, run by a simulator and by the mock server."""

import math

import pytest
from qiskit import ClassicalRegister, QuantumCircuit, QuantumRegister, transpile
from qiskit.circuit.library import RGate, SwapGate

import qdmikit
from qdmikit import ProgramFormat
from qdmikit.qiskit import QDMIBackend, SerializerError
from qdmikit.qiskit.qir import circuit_to_qir_module, circuit_to_qir_string

SHOTS = 50


def lopsided() -> QuantumCircuit:
    """Return a circuit whose outcome is 10 01 and tells bits, registers and gates apart."""
    low, high = ClassicalRegister(2, "low"), ClassicalRegister(2, "high")
    circuit = QuantumCircuit(QuantumRegister(4, "q"), low, high)
    circuit.append(RGate(math.pi, 0.3), [0])
    circuit.x(2)
    circuit.append(SwapGate(), [2, 3])
    circuit.h(1)
    circuit.s(1)
    circuit.sdg(1)
    circuit.rz(0.4, 1)
    circuit.rz(-0.4, 1)
    circuit.h(1)
    circuit.barrier()
    circuit.measure([3, 0, 1, 2], [3, 0, 1, 2])
    return circuit


def counts(device: qdmikit.Device, program: str | bytes, program_format: ProgramFormat) -> dict[str, int]:
    return device.submit(program, program_format, SHOTS).result(60).counts()


def test_a_simulator_runs_the_text_and_the_bitcode(simulator: QDMIBackend) -> None:
    text = circuit_to_qir_string(lopsided(), simulator)
    bitcode = circuit_to_qir_module(lopsided(), simulator)
    expected = {"1001": SHOTS}
    assert counts(simulator.device, text, ProgramFormat.QIRBASESTRING) == expected
    assert counts(simulator.device, bitcode, ProgramFormat.QIRBASEMODULE) == expected


@pytest.mark.iqm_mock_server(ideal=True, instant=True)
def test_a_machine_runs_its_own_gates(garnet: QDMIBackend) -> None:
    fitted = transpile(lopsided(), garnet, seed_transpiler=1, optimization_level=1)
    text = circuit_to_qir_string(fitted, garnet)
    assert "__quantum__qis__prx__body(double" in text
    assert counts(garnet.device, text, ProgramFormat.QIRBASESTRING) == {"1001": SHOTS}


def test_bits_that_nothing_is_measured_into_read_zero(simulator: QDMIBackend) -> None:
    circuit = QuantumCircuit(2, 3)
    circuit.x(1)
    circuit.measure(1, 1)
    text = circuit_to_qir_string(circuit, simulator)
    assert counts(simulator.device, text, ProgramFormat.QIRBASESTRING) == {"010": SHOTS}


def test_what_the_base_profile_cannot_say_is_refused_by_name(simulator: QDMIBackend) -> None:
    again = QuantumCircuit(1, 1, name="again")
    again.measure(0, 0)
    again.x(0)
    with pytest.raises(SerializerError, match=r"'again.*', instruction 1 'x' acts on qubit 0"):
        circuit_to_qir_string(again, simulator)
    emptied = QuantumCircuit(1, 1, name="emptied")
    emptied.reset(0)
    with pytest.raises(SerializerError, match=r"instruction 0 'reset': QIR's base profile has no such"):
        circuit_to_qir_string(emptied, simulator)
