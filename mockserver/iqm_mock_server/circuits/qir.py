# SPDX-License-Identifier: Apache-2.0
"""QIR programs in the base profile: LLVM text that calls quantum instructions, one after another."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import pyqir

from iqm_mock_server.circuits.program import Circuit, Cz, Measure, Operation, Prx
from iqm_mock_server.errors import InvalidPayload

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROTATIONS = {"r", "prx", "phased_rx"}
_MEASUREMENTS = {"mz", "measure", "measurement"}
_PREFIX, _SUFFIX = "__quantum__qis__", "__body"
# What the base profile has beside the quantum instructions: the server has its own start and returns all
# results anyway.
_RUNTIME = {
    f"__quantum__rt__{name}"
    for name in ("initialize", "array_record_output", "result_record_output", "tuple_record_output")
}

_ADDRESS = re.compile(r"ptr (?:null|inttoptr \(i64 ([0-9]+) to ptr\))")
_STRING_OR_COMMENT = re.compile(r'"[^"]*"|;[^\n]*')
_BRACKET = re.compile(r"[(\[{<]|[)\]}>]")
_DEEPEST = 100
_MOST_DEFINITIONS = 2000
"""LLVM reads nested expressions and chains of definitions by recursion, and the process dies when its stack
is full. Programs of the base profile stay far below these."""


def read_qir(index: int, text: str, mapping: Mapping[str, str] | None) -> Circuit:
    """Read one QIR program.

    Qubit ``i`` is the logical qubit ``i``, or without a mapping the physical qubit ``QB{i+1}``; the
    measurement of result ``r`` has the key ``m_1_{r}_0``.

    Parameters
    ----------
    index
        Of the program in its job, for the message.
    mapping
        From logical to physical names.

    Raises
    ------
    InvalidPayload
        When the text is no such program, or calls what the server does not know.
    """
    where = f"Circuit {index} (QIR)"
    _check_safe(where, text)
    try:
        module = pyqir.Module.from_ir(pyqir.Context(), text)
        problem = module.verify()
    except ValueError as error:
        raise InvalidPayload(f"{where}: not LLVM assembly: {error}") from error
    if problem is not None:
        raise InvalidPayload(f"{where}: not a valid LLVM module: {problem}")
    entries = [function for function in module.functions if pyqir.is_entry_point(function)]
    if len(entries) != 1:
        raise InvalidPayload(f"{where}: {len(entries)} functions are entry points, one must be.")
    entry = entries[0]
    reader = _Reader(
        where,
        mapping,
        _required(where, "qubits", pyqir.required_num_qubits(entry)),
        _required(where, "results", pyqir.required_num_results(entry)),
    )
    blocks = entry.basic_blocks
    if len(blocks) != 1:
        raise InvalidPayload(
            f"{where}: the base profile has one basic block, this program has {len(blocks)}."
        )
    operations = [
        operation
        for instruction in blocks[0].instructions
        if (operation := reader.operation(instruction)) is not None
    ]
    return Circuit(entry.name, tuple(operations))


def _check_safe(where: str, text: str) -> None:
    """Refuse text that LLVM, or its binding, would not survive."""
    if "\0" in text:
        raise InvalidPayload(f"{where}: not LLVM assembly: it contains a NUL character.")
    code = _STRING_OR_COMMENT.sub("", text)
    depth = 0
    for bracket in _BRACKET.finditer(code):
        depth = depth + 1 if bracket[0] in "([{<" else max(depth - 1, 0)
        if depth > _DEEPEST:
            raise InvalidPayload(f"{where}: brackets are nested more than {_DEEPEST} deep.")
    if code.count("=") > _MOST_DEFINITIONS:
        raise InvalidPayload(f"{where}: more than {_MOST_DEFINITIONS} definitions.")


def _required(where: str, what: str, number: int | None) -> int:
    if number is None:
        raise InvalidPayload(f"{where}: the entry point has no attribute 'required_num_{what}'.")
    return number


class _Reader:
    """Reads the instructions of one program, which has so many qubits and results."""

    def __init__(
        self, where: str, mapping: Mapping[str, str] | None, qubits_num: int, results_num: int
    ) -> None:
        self._where = where
        self._mapping = mapping
        self._qubits_num = qubits_num
        self._results_num = results_num
        self._measured: set[int] = set()

    def operation(self, instruction: pyqir.Instruction) -> Operation | None:
        """Return what an instruction does to qubits; None when it is there for the runtime only.

        Raises
        ------
        InvalidPayload
            When it is none of the base profile, or none that the server knows.
        """
        if instruction.opcode is pyqir.Opcode.RET:
            return None
        if not isinstance(instruction, pyqir.Call):
            raise InvalidPayload(f"{self._where}: Unsupported instruction: {str(instruction).strip()}")
        callee = instruction.callee.name
        if callee in _RUNTIME:
            return None
        name = callee.removeprefix(_PREFIX).removesuffix(_SUFFIX)
        arguments = list(instruction.args)
        if callee == f"{_PREFIX}{name}{_SUFFIX}":
            if name in _ROTATIONS and len(arguments) == 3:
                angle, phase = (self._number(name, argument) for argument in arguments[:2])
                return Prx((self._qubit(name, arguments[2]),), None, angle, phase)
            if name == "cz" and len(arguments) == 2:
                return self._cz(*(self._qubit(name, argument) for argument in arguments))
            if name in _MEASUREMENTS and len(arguments) == 2:
                return self._measurement(name, *arguments)
        raise InvalidPayload(f"{self._where}: Unsupported operation: {name}")

    def _cz(self, first: str, second: str) -> Cz:
        if first == second:
            raise InvalidPayload(f"{self._where}: 'cz' acts on {first} twice.")
        return Cz((first, second), None)

    def _measurement(self, name: str, qubit: pyqir.Value, result: pyqir.Value) -> Measure:
        number = self._address(name, "result", result, self._results_num)
        key = f"m_1_{number}_0"
        if number in self._measured:
            raise InvalidPayload(f"{self._where}: Measurement key {key!r} is not unique.")
        self._measured.add(number)
        return Measure((self._qubit(name, qubit),), None, key, None)

    def _number(self, name: str, argument: pyqir.Value) -> float:
        if not isinstance(argument, pyqir.FloatConstant) or not math.isfinite(argument.value):
            raise InvalidPayload(f"{self._where}: an angle of {name!r} is not a finite constant.")
        return argument.value

    def _address(self, name: str, what: str, argument: pyqir.Value, number: int) -> int:
        # Not by `pyqir.ptr_id`, which reads stray memory when the argument is `undef`.
        found = _ADDRESS.fullmatch(str(argument))
        if found is None:
            raise InvalidPayload(f"{self._where}: a {what} of {name!r} is not a constant address.")
        address = int(found[1] or 0)
        if address >= number:
            raise InvalidPayload(
                f"{self._where}: {name!r} names {what} {address}, the entry point asks for {number}."
            )
        return address

    def _qubit(self, name: str, argument: pyqir.Value) -> str:
        address = self._address(name, "qubit", argument, self._qubits_num)
        if self._mapping is None:
            return f"QB{address + 1}"
        try:
            return self._mapping[str(address)]
        except KeyError:
            raise InvalidPayload(f"{self._where}: qubit_mapping does not map '{address}'.") from None
