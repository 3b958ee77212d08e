# SPDX-License-Identifier: Apache-2.0
"""Circuits as QIR programs of the base profile, as text and as LLVM bitcode.

Qubit `i` of a program is the i-th qubit of the circuit, result `i` its i-th classical bit. The base profile
knows gates and, after them, measurements. It is specified at
https://github.com/qir-alliance/qir-spec/blob/main/specification/under_development/profiles/Base_Profile.md
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from qiskit import transpile
from qiskit.circuit import QuantumCircuit

from qdmikit.qiskit.errors import SerializerError
from qdmikit.qiskit.gates import DIRECTIVES

if TYPE_CHECKING:
    from types import ModuleType

    import pyqir

    from qdmikit.qiskit.backend import QDMIBackend

# Qiskit's name -> pyqir's name of the same gate in QIR's own instruction set.
_STANDARD = {
    "h": "h",
    "x": "x",
    "y": "y",
    "z": "z",
    "s": "s",
    "sdg": "s_adj",
    "t": "t",
    "tdg": "t_adj",
    "rx": "rx",
    "ry": "ry",
    "rz": "rz",
    "cx": "cx",
    "cz": "cz",
}
# What every gate can be made of.
_COMPLETE = frozenset({"rx", "rz", "cx"})


def circuit_to_qir_string(circuit: QuantumCircuit, backend: "QDMIBackend") -> str:
    """Write a circuit as a QIR program in LLVM's text form."""
    return str(_module(circuit, backend))


def circuit_to_qir_module(circuit: QuantumCircuit, backend: "QDMIBackend") -> bytes:
    """Write a circuit as a QIR program in LLVM's binary form."""
    return bytes(_module(circuit, backend).bitcode)


def _module(circuit: QuantumCircuit, backend: "QDMIBackend") -> "pyqir.Module":
    try:
        import pyqir
    except ModuleNotFoundError:
        raise SerializerError('writing QIR needs the package pyqir: pip install "qdmikit[qir]"') from None
    measurements = _final_measurements(circuit)
    writer = _Writer(pyqir, circuit, backend.native_names)
    gates = _gates(circuit)
    if set(backend.target.operation_names) >= _COMPLETE:
        gates = transpile(gates, basis_gates=list(_STANDARD), optimization_level=0)
    for instruction in gates.data:
        qubits = [gates.find_bit(qubit).index for qubit in instruction.qubits]
        writer.gate(instruction.name, [float(value) for value in instruction.params], qubits)
    return writer.finished(measurements)


class _Writer:
    """A module with one entry point, written from its beginning to its end."""

    def __init__(self, qir: "ModuleType", circuit: QuantumCircuit, native_names: Mapping[str, str]) -> None:
        self._qir = qir
        self._native_names = native_names
        self._bits = circuit.num_clbits
        self._context = qir.Context()
        self._module: pyqir.Module = qir.qir_module(self._context, circuit.name)
        self._integer = qir.IntType(self._context, 64)
        entry = self._declared("main", self._integer, [])
        qir.add_string_attribute(entry, "entry_point")
        for key, value in (
            ("qir_profiles", "base_profile"),
            ("output_labeling_schema", "labeled"),
            ("required_num_qubits", str(circuit.num_qubits)),
            ("required_num_results", str(circuit.num_clbits)),
        ):
            qir.add_string_attribute(entry, key, value)
        self._builder = qir.Builder(self._context)
        self._builder.insert_at_end(qir.BasicBlock(self._context, "entry", entry))
        self._gates = qir.BasicQisBuilder(self._builder)
        self._functions: dict[str, Any] = {}

    def gate(self, name: str, parameters: Sequence[float], qubits: Sequence[int]) -> None:
        """Add a gate: QIR's own of that name, else the device's."""
        places = [self._qir.qubit(self._context, qubit) for qubit in qubits]
        if name in _STANDARD:
            getattr(self._gates, _STANDARD[name])(*parameters, *places)
            return
        real = self._qir.Type.double(self._context)
        values = [self._qir.const(real, value) for value in parameters]
        function = f"__quantum__qis__{self._native_names.get(name, name)}__body"
        self._call(function, [real] * len(values) + [place.type for place in places], [*values, *places])

    def finished(self, measurements: Iterable[tuple[int, int]]) -> "pyqir.Module":
        """Add the measurements and the order of the output, and return the module."""
        for qubit, bit in measurements:
            self._gates.mz(self._qir.qubit(self._context, qubit), self._qir.result(self._context, bit))
        for bit in range(self._bits):
            result = self._qir.result(self._context, bit)
            no_label = self._qir.Constant.null(result.type)
            self._call("__quantum__rt__result_record_output", [result.type] * 2, [result, no_label])
        self._builder.ret(self._qir.const(self._integer, 0))
        fault = self._module.verify()
        if fault is not None:
            raise SerializerError(f"the QIR program is not valid: {fault}")
        return self._module

    def _call(self, name: str, types: "list[pyqir.Type]", arguments: "list[pyqir.Value]") -> None:
        if name not in self._functions:
            self._functions[name] = self._declared(name, self._qir.Type.void(self._context), types)
        self._builder.call(self._functions[name], arguments)

    def _declared(self, name: str, returned: "pyqir.Type", types: "list[pyqir.Type]") -> "pyqir.Function":
        kind = self._qir.FunctionType(returned, types)
        declared: pyqir.Function = self._qir.Function(kind, self._qir.Linkage.EXTERNAL, name, self._module)
        return declared


def _gates(circuit: QuantumCircuit) -> QuantumCircuit:
    """Return the circuit without its measurements and barriers."""
    gates = circuit.copy_empty_like()
    for instruction in circuit.data:
        if instruction.name != "measure" and instruction.name not in DIRECTIVES:
            gates.append(instruction)
    return gates


def _final_measurements(circuit: QuantumCircuit) -> list[tuple[int, int]]:
    """Return the qubit and the classical bit of each measurement.

    Raises
    ------
    SerializerError
        If the circuit does what the base profile has no words for.
    """
    measured: dict[int, int] = {}
    for position, instruction in enumerate(circuit.data):
        name = instruction.name
        if name in DIRECTIVES:
            continue
        where = f"circuit {circuit.name!r}, instruction {position} {name!r}"
        qubits = [circuit.find_bit(qubit).index for qubit in instruction.qubits]
        again = [qubit for qubit in qubits if qubit in measured]
        if again:
            raise SerializerError(
                f"{where} acts on qubit {again[0]}, which has been measured; QIR's base profile has "
                "measurements at the end only"
            )
        if name == "measure":
            measured[qubits[0]] = circuit.find_bit(instruction.clbits[0]).index
        elif instruction.clbits or name in {"reset", "delay"}:
            raise SerializerError(f"{where}: QIR's base profile has no such instruction")
    return list(measured.items())
