# SPDX-License-Identifier: Apache-2.0
"""Which serializer turns a circuit into a program."""

from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest
from qiskit import QuantumCircuit

from qdmikit import ProgramFormat
from qdmikit.qiskit import QDMIBackend, SerializerError
from qdmikit.qiskit.programs import ENTRY_POINT_GROUP, SerializerRegistry, serialize


def one(_circuit: QuantumCircuit, _backend: QDMIBackend) -> str:
    return "one"


def two(_circuit: QuantumCircuit, _backend: QDMIBackend) -> str:
    return "two"


def binary(_circuit: QuantumCircuit, _backend: QDMIBackend) -> bytes:
    return b"\x00"


class Advertised(EntryPoint):
    """An entry point whose package is this file."""

    def load(self) -> object:
        return {"one": one, "two": two, "constant": 5}[self.value]


def registry(*entries: tuple[str, str]) -> SerializerRegistry:
    return SerializerRegistry(lambda: [Advertised(name, value, ENTRY_POINT_GROUP) for name, value in entries])


def chosen(registry: SerializerRegistry, *formats: ProgramFormat) -> tuple[ProgramFormat, Any]:
    return registry.choose(formats, "mine")


def test_the_device_s_own_format_comes_first() -> None:
    serializers = registry()
    serializers.register(ProgramFormat.CUSTOM3, one)
    assert chosen(serializers, ProgramFormat.QASM3, ProgramFormat.CUSTOM3) == (ProgramFormat.CUSTOM3, one)
    assert chosen(serializers, ProgramFormat.QASM2, ProgramFormat.QASM3)[0] is ProgramFormat.QASM3


def test_a_format_without_serializer_is_passed_over() -> None:
    assert chosen(registry(), ProgramFormat.CUSTOM1, ProgramFormat.QASM2)[0] is ProgramFormat.QASM2


def test_no_common_format_lists_both_sides() -> None:
    with pytest.raises(SerializerError) as caught:
        chosen(registry(), ProgramFormat.CUSTOM1, ProgramFormat.QIRADAPTIVESTRING)
    takes = "device 'mine' takes CUSTOM1, QIRADAPTIVESTRING"
    known = "there are serializers for QASM2, QASM3, QIRBASEMODULE, QIRBASESTRING, QPY."
    assert f"{takes}; {known}" in str(caught.value)


def test_a_device_without_formats() -> None:
    with pytest.raises(SerializerError, match="takes no program format"):
        chosen(registry())


@pytest.mark.parametrize("spelling", ["QIR_ADAPTIVE_STRING", "QIRADAPTIVESTRING"])
def test_packages_advertise_serializers_by_the_format_s_name(spelling: str) -> None:
    assert chosen(registry((spelling, "one")), ProgramFormat.QIRADAPTIVESTRING) == (
        ProgramFormat.QIRADAPTIVESTRING,
        one,
    )


def test_an_explicit_registration_wins_over_a_package() -> None:
    serializers = registry(("CUSTOM1", "one"))
    serializers.register(ProgramFormat.CUSTOM1, two)
    assert chosen(serializers, ProgramFormat.CUSTOM1)[1] is two


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("MORSE", "one", "QDMI has no program format of that name"),
        ("CUSTOM2", "missing", r"it cannot be loaded \(KeyError"),
        ("CUSTOM2", "constant", "it is not callable"),
        ("QASM3", "one", "there already is a serializer for QASM3"),
    ],
)
def test_an_unusable_entry_point_only_warns(name: str, value: str, reason: str) -> None:
    serializers = registry((name, value), ("CUSTOM1", "two"))
    with pytest.warns(UserWarning, match=rf"{name} = '{value}' is ignored: {reason}"):
        assert chosen(serializers, ProgramFormat.CUSTOM1)[1] is two
    assert chosen(serializers, ProgramFormat.QASM3)[1] is not one


def test_of_two_packages_the_first_wins_and_the_other_is_named() -> None:
    serializers = registry(("CUSTOM1", "one"), ("CUSTOM1", "two"))
    with pytest.warns(UserWarning, match="CUSTOM1 = 'two' is ignored"):
        assert chosen(serializers, ProgramFormat.CUSTOM1)[1] is one


def test_packages_are_looked_for_once() -> None:
    calls = []

    def discover() -> Iterable[EntryPoint]:
        calls.append(1)
        return []

    serializers = SerializerRegistry(discover)
    serializers.register(ProgramFormat.CUSTOM1, one)
    assert not calls
    for _ in range(2):
        chosen(serializers, ProgramFormat.CUSTOM1)
    assert len(calls) == 1


def test_an_interrupted_search_is_repeated() -> None:
    answers: list[Callable[[], list[EntryPoint]]] = [interrupt, list]
    serializers = SerializerRegistry(lambda: answers.pop(0)())
    with pytest.raises(KeyboardInterrupt):
        chosen(serializers, ProgramFormat.QASM3)
    assert chosen(serializers, ProgramFormat.QASM3)[0] is ProgramFormat.QASM3
    assert not answers


def interrupt() -> list[EntryPoint]:
    raise KeyboardInterrupt


def test_a_second_registration_has_to_say_so() -> None:
    serializers = registry()
    serializers.register(ProgramFormat.CUSTOM1, one)
    with pytest.raises(SerializerError, match="there already is a serializer for CUSTOM1"):
        serializers.register(ProgramFormat.CUSTOM1, two)
    serializers.register(ProgramFormat.CUSTOM1, two, replace=True)
    assert chosen(serializers, ProgramFormat.CUSTOM1)[1] is two


def test_a_replaced_built_in_comes_back() -> None:
    serializers = registry()
    original = chosen(serializers, ProgramFormat.QASM3)[1]
    serializers.register(ProgramFormat.QASM3, one, replace=True)
    assert chosen(serializers, ProgramFormat.QASM3)[1] is one
    serializers.unregister(ProgramFormat.QASM3)
    assert chosen(serializers, ProgramFormat.QASM3)[1] is original


def test_an_unregistered_format_is_gone() -> None:
    serializers = registry(("CUSTOM1", "one"))
    serializers.unregister(ProgramFormat.CUSTOM1)
    with pytest.raises(SerializerError):
        chosen(serializers, ProgramFormat.CUSTOM1)


def test_the_payload_s_type_is_checked(simulator: QDMIBackend) -> None:
    serializers = registry()
    serializers.register(ProgramFormat.QASM3, binary, replace=True)
    circuit = QuantumCircuit(1, name="mine")
    with pytest.raises(
        SerializerError, match="QASM3 returned bytes for circuit 'mine'; the format takes str"
    ):
        serialize([circuit], simulator, serializers)


def test_a_package_that_gets_installed_brings_its_serializer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    metadata = tmp_path / "morse_serializer-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: morse-serializer\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        f"[{ENTRY_POINT_GROUP}]\nCUSTOM4 = morse_serializer:to_morse\n"
    )
    (tmp_path / "morse_serializer.py").write_text(
        "def to_morse(circuit, backend):\n    return '... --- ...'\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    serializers = SerializerRegistry(lambda: entry_points(group=ENTRY_POINT_GROUP))
    program_format, serializer = chosen(serializers, ProgramFormat.CUSTOM4, ProgramFormat.QASM3)
    assert program_format is ProgramFormat.CUSTOM4
    assert serializer(QuantumCircuit(1), None) == "... --- ..."
    assert chosen(serializers, ProgramFormat.IQMJSON)[0] is ProgramFormat.IQMJSON


@pytest.mark.parametrize(
    ("program_format", "begins"),
    [
        (ProgramFormat.QASM2, "OPENQASM 2.0;"),
        (ProgramFormat.QASM3, "OPENQASM 3.0;"),
        (ProgramFormat.QPY, b"QISKIT"),
    ],
)
def test_the_device_s_formats_decide_what_is_written(
    simulator: QDMIBackend, program_format: ProgramFormat, begins: str | bytes
) -> None:
    class OnlyOne:
        """The simulator, of whose formats one is left."""

        supported_program_formats = (program_format,)

        def __getattr__(self, name: str) -> object:
            return getattr(simulator.device, name)

    circuit = QuantumCircuit(1, 1)
    circuit.measure(0, 0)
    backend = QDMIBackend(OnlyOne())  # type: ignore[arg-type]
    written, [program] = serialize([circuit], backend)
    assert written is program_format
    assert program[: len(begins)] == begins


def test_installed_packages_are_found() -> None:
    serializers = SerializerRegistry(lambda: entry_points(group=ENTRY_POINT_GROUP))
    program_format, serializer = chosen(serializers, ProgramFormat.IQMJSON, ProgramFormat.QASM3)
    assert program_format is ProgramFormat.IQMJSON
    assert serializer.__name__ == "circuit_to_iqm_json"
