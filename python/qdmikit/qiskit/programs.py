# SPDX-License-Identifier: Apache-2.0
"""Which serializer turns a circuit into a program that a device understands.

A serializer is a function `f(circuit, backend) -> str | bytes`: text formats take `str`, binary ones `bytes`.
It reads what it needs about the device from `backend.device` and `backend.target`. Packages advertise theirs
in the entry point group `qdmikit.program_serializers`, under the name of QDMI's program format:

    [project.entry-points."qdmikit.program_serializers"]
    QIR_ADAPTIVE_STRING = "my_package:circuit_to_qir"
"""

import threading
import warnings
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import TYPE_CHECKING, TypeAlias

from qdmikit import ProgramFormat
from qdmikit._core import ProgramEncoding, encoding
from qdmikit.qiskit.errors import SerializerError
from qdmikit.qiskit.openqasm import circuit_to_qasm2, circuit_to_qasm3, circuit_to_qpy
from qdmikit.qiskit.qir import circuit_to_qir_module, circuit_to_qir_string

if TYPE_CHECKING:
    from qiskit.circuit import QuantumCircuit

    from qdmikit.qiskit.backend import QDMIBackend

Serializer: TypeAlias = "Callable[[QuantumCircuit, QDMIBackend], str | bytes]"

ENTRY_POINT_GROUP = "qdmikit.program_serializers"

# A device's own format says most about what it can do, then formats with classical control flow, then the
# others.
PREFERENCE: tuple[ProgramFormat, ...] = (
    ProgramFormat.IQMJSON,
    ProgramFormat.CUSTOM1,
    ProgramFormat.CUSTOM2,
    ProgramFormat.CUSTOM3,
    ProgramFormat.CUSTOM4,
    ProgramFormat.CUSTOM5,
    ProgramFormat.QPY,
    ProgramFormat.QASM3,
    ProgramFormat.QIRADAPTIVEMODULE,
    ProgramFormat.QIRADAPTIVESTRING,
    ProgramFormat.QASM2,
    ProgramFormat.QIRBASEMODULE,
    ProgramFormat.QIRBASESTRING,
)

_PAYLOAD: dict[ProgramEncoding, tuple[type, ...]] = {
    ProgramEncoding.TEXT: (str,),
    ProgramEncoding.BINARY: (bytes,),
    ProgramEncoding.DEVICE_DEFINED: (str, bytes),
}

_BUILT_IN: dict[ProgramFormat, Serializer] = {
    ProgramFormat.QASM2: circuit_to_qasm2,
    ProgramFormat.QASM3: circuit_to_qasm3,
    ProgramFormat.QPY: circuit_to_qpy,
    ProgramFormat.QIRBASEMODULE: circuit_to_qir_module,
    ProgramFormat.QIRBASESTRING: circuit_to_qir_string,
}


class SerializerRegistry:
    """The serializers of one process: built-in, explicitly registered, and advertised by packages.

    Entry points are read once, at the first look-up, because loading one imports its package. An explicit
    registration wins over an entry point. A built-in serializer is replaced explicitly or not at all: an
    installed package must not change how circuits reach the devices of others.

    Parameters
    ----------
    discover
        Returns the advertised entry points.
    """

    def __init__(self, discover: Callable[[], Iterable[EntryPoint]]) -> None:
        self._discover = discover
        self._discovered = False
        self._serializers: dict[ProgramFormat, Serializer] = dict(_BUILT_IN)
        self._lock = threading.RLock()  # re-entrant: loading an entry point may register a serializer

    def register(
        self, program_format: ProgramFormat, serializer: Serializer, *, replace: bool = False
    ) -> None:
        """Add a serializer; see `register_program_serializer`."""
        with self._lock:
            if program_format in self._serializers and not replace:
                raise SerializerError(
                    f"there already is a serializer for {program_format.name}; "
                    "pass replace=True to take its place"
                )
            self._serializers[program_format] = serializer

    def unregister(self, program_format: ProgramFormat) -> None:
        """Remove a serializer; a built-in one that was replaced comes back."""
        with self._lock:
            self._discover_once()
            self._serializers.pop(program_format, None)
            if program_format in _BUILT_IN:
                self._serializers[program_format] = _BUILT_IN[program_format]

    def choose(self, formats: Iterable[ProgramFormat], device_name: str) -> tuple[ProgramFormat, Serializer]:
        """Return the most preferred of a device's formats that has a serializer, and that serializer.

        Raises
        ------
        SerializerError
            If none has; the text lists the device's formats and those with a serializer.
        """
        offered = list(formats)
        with self._lock:
            self._discover_once()
            for candidate in PREFERENCE:
                if candidate in offered and candidate in self._serializers:
                    return candidate, self._serializers[candidate]
            known = ", ".join(sorted(entry.name for entry in self._serializers))
        wanted = ", ".join(entry.name for entry in offered) or "no program format"
        raise SerializerError(
            f"device {device_name!r} takes {wanted}; there are serializers for {known}. Install the package "
            "that brings one for the device, or call qdmikit.qiskit.register_program_serializer()"
        )

    def _discover_once(self) -> None:
        if self._discovered:
            return
        self._discovered = True  # now, because a package that is being loaded may come here again
        try:
            self._discover_all()
        except BaseException:
            self._discovered = False
            raise

    def _discover_all(self) -> None:
        advertised: set[ProgramFormat] = set()
        for entry_point in self._discover():
            loaded = _load(entry_point)
            if loaded is None:
                continue
            program_format, serializer = loaded
            present = self._serializers.setdefault(program_format, serializer)
            if program_format in advertised or present is _BUILT_IN.get(program_format):
                _warn(entry_point, f"there already is a serializer for {program_format.name}")
            advertised.add(program_format)


def _load(entry_point: EntryPoint) -> tuple[ProgramFormat, Serializer] | None:
    spelled = entry_point.name.replace("_", "").upper()  # QDMI's own spelling has no underscores
    program_format = next((entry for entry in ProgramFormat if entry.name.replace("_", "") == spelled), None)
    if program_format is None:
        _warn(entry_point, "QDMI has no program format of that name")
        return None
    try:
        serializer = entry_point.load()
    except Exception as error:  # noqa: BLE001 (a broken package must not take the others down)
        _warn(entry_point, f"it cannot be loaded ({type(error).__name__}: {error})")
        return None
    if not callable(serializer):
        _warn(entry_point, "it is not callable")
        return None
    return program_format, serializer


def _warn(entry_point: EntryPoint, reason: str) -> None:
    warnings.warn(
        f"the program serializer {entry_point.name} = {entry_point.value!r} is ignored: {reason}",
        stacklevel=5,
    )


REGISTRY = SerializerRegistry(lambda: entry_points(group=ENTRY_POINT_GROUP))


def register_program_serializer(
    program_format: ProgramFormat, serializer: Serializer, *, replace: bool = False
) -> None:
    """Add a serializer for one program format.

    Parameters
    ----------
    program_format
        The format that the serializer writes.
    serializer
        `f(circuit, backend)`, returning `str` for a text format and `bytes` for a binary one.
    replace
        Take the place of a serializer that is already there.

    Raises
    ------
    SerializerError
        If there is one already and `replace` is false.
    """
    REGISTRY.register(program_format, serializer, replace=replace)


def unregister_program_serializer(program_format: ProgramFormat) -> None:
    """Remove the serializer for one program format; a built-in one that was replaced comes back."""
    REGISTRY.unregister(program_format)


def serialize(
    circuits: "Iterable[QuantumCircuit]", backend: "QDMIBackend", registry: SerializerRegistry = REGISTRY
) -> tuple[ProgramFormat, list[str | bytes]]:
    """Turn circuits into programs of the backend's preferred format.

    Raises
    ------
    SerializerError
        If no serializer fits the device, or one returns the wrong type.
    """
    device = backend.device
    chosen, serializer = registry.choose(device.supported_program_formats or (), device.name)
    programs = []
    for circuit in circuits:
        program = serializer(circuit, backend)
        _check_payload(program, chosen, circuit.name)
        programs.append(program)
    return chosen, programs


def _check_payload(program: object, program_format: ProgramFormat, circuit_name: str) -> None:
    allowed = _PAYLOAD[encoding(program_format)]
    if not isinstance(program, allowed):
        raise SerializerError(
            f"the serializer for {program_format.name} returned {type(program).__name__} for circuit "
            f"{circuit_name!r}; the format takes {' or '.join(kind.__name__ for kind in allowed)}"
        )
