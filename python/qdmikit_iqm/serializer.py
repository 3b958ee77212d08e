# SPDX-License-Identifier: Apache-2.0
"""Qiskit circuits as IQM JSON, the program format of IQM's QDMI device.

A program is one circuit object of the IQM Server API v1: `{"name", "instructions", "metadata"}`, where an
instruction is `{"name", "locus", "args"}` and a locus names physical components.
"""

import functools
import json
import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from qiskit.circuit import CircuitInstruction, Clbit, QuantumCircuit, Qubit

__all__ = ["IqmSerializationError", "circuit_to_iqm_json"]

# Gates that are prx(angle, phase) = exp(-i angle/2 (cos(phase) X + sin(phase) Y)) up to a global phase, by
# Qiskit's name, with the number of their parameters.
_PRX: dict[str, tuple[int, Callable[..., tuple[float, float]]]] = {
    "prx": (2, lambda angle, phase: (angle, phase)),
    "r": (2, lambda angle, phase: (angle, phase)),
    "rx": (1, lambda angle: (angle, 0.0)),
    "ry": (1, lambda angle: (angle, math.pi / 2)),
    "x": (0, lambda: (math.pi, 0.0)),
    "y": (0, lambda: (math.pi, math.pi / 2)),
    "sx": (0, lambda: (math.pi / 2, 0.0)),
    "sxdg": (0, lambda: (-math.pi / 2, 0.0)),
}
_PLAIN = frozenset({"cz", "move", "barrier", "reset"})
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9, "ps": 1e-12}
_REGISTERS_KEY = "qdmikit_registers"


class IqmSerializationError(ValueError):
    """A circuit that IQM JSON cannot express; the text names the instruction and what to do about it."""


def circuit_to_iqm_json(circuit: "QuantumCircuit", backend: Any) -> str:  # noqa: ANN401 (any backend over QDMI)
    """Write a circuit as one IQM JSON program.

    Native gates (`r`, `cz`, `move`) are written as they are, and so are one-qubit gates that a single `prx`
    equals up to a global phase. Everything else is refused: transpile the circuit to the backend first.

    Measurement keys are `{register}_{length}_{register index}_{bit}`, and the registers are listed in the
    metadata, so that the device can rebuild the classical bits, measured or not. When the circuit's
    registers, one after the other, are not exactly its classical bits (loose bits, or bits in two registers),
    one register `c` stands for all of them, in which bit `i` is `circuit.clbits[i]`. Of the circuit's own
    metadata, entries that JSON can hold are kept.

    Parameters
    ----------
    circuit
        The circuit, without unbound parameters. Qubit `i` is the `i`-th site of the device.
    backend
        What has a `device` with sites that have names; both qdmikit's and MQT Core's backends do.

    Returns
    -------
    The JSON text of one circuit.

    Raises
    ------
    IqmSerializationError
        If the circuit cannot be expressed.
    """
    return _Writer(circuit, _site_names(backend.device)).write()


def _site_names(device: Any) -> list[str | None]:  # noqa: ANN401
    # qdmikit has properties where MQT Core has methods.
    def value(attribute: Any) -> Any:  # noqa: ANN401
        return attribute() if callable(attribute) else attribute

    return [value(site.name) for site in value(device.sites)]


class _Where:
    """The instruction that is being written, spelled out when an error needs it."""

    __slots__ = ("_circuit", "instruction", "position")

    def __init__(self, circuit: "QuantumCircuit") -> None:
        self._circuit = circuit
        self.instruction: CircuitInstruction
        self.position: int

    def __str__(self) -> str:
        qubits = [self._circuit.find_bit(qubit).index for qubit in self.instruction.qubits]
        return (
            f"circuit {self._circuit.name!r}, instruction {self.position} {self.instruction.name!r} "
            f"on {_spell_qubits(qubits)}"
        )


class _Measurement(NamedTuple):
    place: int
    locus: list[str]
    key: str


class _Writer:
    def __init__(self, circuit: "QuantumCircuit", site_names: Sequence[str | None]) -> None:
        self._circuit = circuit
        self._label = f"circuit {circuit.name!r}"
        if circuit.num_qubits > len(site_names):
            raise IqmSerializationError(
                f"{self._label} has {circuit.num_qubits} qubits, the device has {len(site_names)} sites; "
                "remove idle qubits or choose a larger device"
            )
        self._name_of: dict[Qubit, Any] = dict(zip(circuit.qubits, site_names, strict=False))
        self._registers = _registers(circuit)
        self._key_of = {
            bit: f"{name}_{len(bits)}_{index}_{position}"
            for index, (name, bits) in enumerate(self._registers)
            for position, bit in enumerate(bits)
        }
        self._instructions: list[str] = []  # of a tree, a batch of circuits would take twice the time
        self._measure_of: dict[Clbit, _Measurement] = {}

    def write(self) -> str:
        where = _Where(self._circuit)
        for where.position, where.instruction in enumerate(self._circuit.data):
            self._add(where.instruction, where)
        metadata = _json_entries(self._circuit.metadata) | {
            _REGISTERS_KEY: [[name, len(bits)] for name, bits in self._registers]
        }
        return (
            f'{{"name":{_json(self._circuit.name)},"instructions":[{",".join(self._instructions)}],'
            f'"metadata":{_json(metadata)}}}'
        )

    def _add(self, instruction: "CircuitInstruction", where: _Where) -> None:
        name = instruction.name
        locus = [self._name_of[qubit] for qubit in instruction.qubits]
        if None in locus:
            site = self._circuit.find_bit(instruction.qubits[locus.index(None)]).index
            raise IqmSerializationError(
                f"{where}: the device gives site {site} no name, and IQM JSON addresses components by name"
            )
        if name in _PRX:
            self._emit("prx", locus, _prx_arguments(instruction, where))
        elif name == "measure":
            self._add_measure(instruction, locus, where)
        elif name in _PLAIN:
            if locus:
                self._emit(name, locus)
        elif name == "delay":
            self._emit("delay", locus, f'"duration":{_delay_seconds(instruction, where)!r}')
        elif name == "if_else":
            self._add_conditional(instruction, locus, where)
        else:
            raise IqmSerializationError(
                f"{where}: IQM JSON has no such instruction; transpile the circuit to the backend first"
            )

    def _emit(self, name: str, locus: list[str], args: str = "") -> None:
        self._instructions.append(_instruction(name, locus, args))

    def _add_measure(self, instruction: "CircuitInstruction", locus: list[str], where: _Where) -> None:
        (bit,) = instruction.clbits
        if bit in self._measure_of:
            raise IqmSerializationError(
                f"{where}: an earlier measurement writes the same classical bit, number "
                f"{self._circuit.find_bit(bit).index}, and the device keeps both; measure into another bit"
            )
        self._measure_of[bit] = _Measurement(len(self._instructions), locus, self._key_of[bit])
        self._emit("measure", locus, f'"key":{_quoted(self._key_of[bit])}')

    def _add_conditional(self, instruction: "CircuitInstruction", locus: list[str], where: _Where) -> None:
        operation: Any = instruction.operation
        measured = self._measure_of[self._condition_bit(operation, where)]
        true_body, *else_body = operation.blocks
        if any(block.data for block in else_body):
            raise IqmSerializationError(
                f"{where}: there is no else branch in hardware; write a second measurement"
            )
        key, qubit = _quoted(measured.key), _quoted(measured.locus[0])
        for entry in true_body.data:
            if entry.name not in _PRX:
                raise IqmSerializationError(
                    f"{where}: {entry.name!r} cannot depend on a measurement, only r can; "
                    "move it out of the condition"
                )
            (target,) = (locus[true_body.find_bit(qubit).index] for qubit in entry.qubits)
            self._instructions[measured.place] = _instruction(
                "measure", measured.locus, f'"key":{key},"feedback_key":{key}'
            )
            arguments = _prx_arguments(entry, where)
            self._emit("cc_prx", [target], f'{arguments},"feedback_key":{key},"feedback_qubit":{qubit}')

    def _condition_bit(self, operation: Any, where: _Where) -> "Clbit":  # noqa: ANN401 (Qiskit's IfElseOp)
        remedy = "compare one measured classical bit with 1"
        if not isinstance(operation.condition, tuple):
            raise IqmSerializationError(f"{where}: the condition is an expression; {remedy}")
        left, value = operation.condition
        bits = [left] if left in self._key_of else list(left)
        if len(bits) != 1 or int(value) != 1:
            raise IqmSerializationError(f"{where}: the condition is not that one bit reads 1; {remedy}")
        if bits[0] not in self._measure_of:
            raise IqmSerializationError(f"{where}: the condition's bit has not been measured yet; {remedy}")
        return bits[0]


def _registers(circuit: "QuantumCircuit") -> "list[tuple[str, list[Clbit]]]":
    registers = [(register.name, list(register)) for register in circuit.cregs]
    if [bit for _, bits in registers for bit in bits] == circuit.clbits:
        return registers
    return [("c", list(circuit.clbits))]


def _instruction(name: str, locus: Sequence[str], args: str) -> str:
    return f'{{"name":"{name}","locus":[{",".join([_quoted(site) for site in locus])}],"args":{{{args}}}}}'


def _prx_arguments(instruction: "CircuitInstruction", where: _Where) -> str:
    count, convert = _PRX[instruction.name]
    parameters = instruction.params
    if len(parameters) != count:
        raise IqmSerializationError(f"{where}: {count} parameter(s) expected, {len(parameters)} given")
    angle, phase = convert(*[_number(parameter, where) for parameter in parameters])
    return f'"angle":{angle!r},"phase":{phase!r}'  # what repr() writes of a finite number is JSON


def _number(parameter: Any, where: _Where) -> float:  # noqa: ANN401 (a float or one of Qiskit's expressions)
    try:
        value = float(parameter)
    except TypeError:
        raise IqmSerializationError(
            f"{where}: the parameter {parameter} is not bound; call assign_parameters() first"
        ) from None
    if not math.isfinite(value):
        raise IqmSerializationError(f"{where}: the parameter {value} is not a finite number")
    return value


def _delay_seconds(instruction: "CircuitInstruction", where: _Where) -> float:
    operation: Any = instruction.operation
    if operation.unit not in _SECONDS:
        raise IqmSerializationError(
            f"{where}: a delay in {operation.unit!r} has no meaning for this device; "
            f"give it in {', '.join(_SECONDS)}"
        )
    return _number(operation.duration, where) * _SECONDS[operation.unit]


_json = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


@functools.lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    """Return a name as JSON; circuits have the same few again and again."""
    return _json(text)


def _json_entries(metadata: dict[Any, Any] | None) -> dict[str, Any]:
    return {
        key: value for key, value in (metadata or {}).items() if isinstance(key, str) and _fits_json(value)
    }


def _fits_json(value: Any) -> bool:  # noqa: ANN401 (whatever the user put there)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def _spell_qubits(qubits: Sequence[int]) -> str:
    return f"{'qubit' if len(qubits) == 1 else 'qubits'} {', '.join(map(str, qubits)) or 'none'}"
