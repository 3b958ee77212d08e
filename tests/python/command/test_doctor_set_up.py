# SPDX-License-Identifier: Apache-2.0
"""`qdmikit doctor` on installations that are broken: manifests and libraries."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

import qdmikit_iqm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.python.command.conftest import Machine

CRASHES = """
#include <signal.h>
__attribute__((constructor)) static void crash(void) { raise(SIGSEGV); }
"""
NEEDS_ANOTHER = """
int absent_function(void);
int SCRIPTED_QDMI_device_initialize(void) { return absent_function(); }
int SCRIPTED_QDMI_device_job_set_programs(void) { return 0; }
"""


def examined(machine: Machine, device: str = "my.device", code: int = 3) -> list[dict[str, Any]]:
    """Return the problems that are found; text and JSON say the same."""
    done = machine.run("doctor", device, "--json")
    assert done.code == code == done.json["exit_code"]
    found: list[dict[str, Any]] = [each for each in done.json["findings"] if each["level"] == "problem"]
    text = machine.run("doctor", device)
    assert text.code == code
    for finding in found:
        assert finding["remedy"]
        assert f"PROBLEM {finding['subject']}: {finding['tried']}: {finding['answer']}" in text.out
        assert f"remedy: {finding['remedy']}" in text.out
    assert f"{len(found)} problems" in text.out
    return found


def describe(machine: Machine, library: Path | str, prefix: str = "SCRIPTED") -> Path:
    return machine.describe({"id": "my.device", "library": str(library), "prefix": prefix})


def test_a_library_that_is_not_there(machine: Machine) -> None:
    source = describe(machine, "/opt/absent.so")
    (problem,) = examined(machine)
    assert problem["check"] == "library"
    assert problem["answer"] == "there is no /opt/absent.so"
    assert problem["remedy"] == f"install the library, or correct 'library' in {source}"


def test_a_library_that_is_none(machine: Machine) -> None:
    library = machine.write("libtext.so", "this is a text")
    describe(machine, library)
    (problem,) = examined(machine)
    assert "does not begin as an ELF file does" in problem["answer"]


def test_a_library_for_another_machine(machine: Machine) -> None:
    content = bytearray(qdmikit_iqm.library_path().read_bytes())
    content[18:20] = (22).to_bytes(2, "little")  # s390x
    describe(machine, machine.write("libother.so", bytes(content)), "IQM")
    (problem,) = examined(machine)
    assert "is for s390x, but this Python is for " in problem["answer"]
    assert problem["remedy"].startswith("install the library's build for ")


def test_a_library_that_is_cut_off(machine: Machine) -> None:
    content = qdmikit_iqm.library_path().read_bytes()
    describe(machine, machine.write("libcut.so", content[:5000]), "IQM")
    (problem,) = examined(machine)
    assert "cannot be read as an ELF file" in problem["answer"]
    assert "install it again" in problem["remedy"]


def build(folder: Path, name: str, source: str, *options: str | Path) -> Path:
    library = folder / f"lib{name}.so"
    (folder / f"{name}.c").write_text(source)
    command: list[str | Path] = ["cc", "-shared", "-fPIC", "-o", library, folder / f"{name}.c", *options]
    subprocess.run(command, check=True, capture_output=True)
    return library


def test_a_library_that_needs_another_which_is_not_there(machine: Machine) -> None:
    build(machine.home, "absent", "int absent_function(void) { return 0; }")
    library = build(machine.home, "needy", NEEDS_ANOTHER, f"-L{machine.home}", "-labsent")
    (machine.home / "libabsent.so").unlink()
    describe(machine, library)
    (problem,) = examined(machine)
    assert problem["check"] == "session"
    assert "libabsent.so: cannot open shared object file" in problem["answer"]
    assert "ldd" in problem["remedy"]
    assert problem["details"]["type"] == "LoadError"


def test_a_library_that_crashes(machine: Machine) -> None:
    """A crash is told, and does not end the examination."""
    crashing = build(machine.home, "crashing", CRASHES)
    library = build(
        machine.home, "needy", NEEDS_ANOTHER.replace("absent_function()", "0"), "-Wl,--no-as-needed", crashing
    )
    describe(machine, library)
    (problem,) = examined(machine, code=1)
    assert "crashed with SIGSEGV" in problem["answer"]
    assert "tell its vendor" in problem["remedy"]


def test_a_wrong_prefix(machine: Machine) -> None:
    source = describe(machine, qdmikit_iqm.library_path(), "WRONG")
    (problem,) = examined(machine)
    assert "has no functions with the prefix WRONG; it has some with IQM" in problem["answer"]
    assert problem["remedy"] == f'write "prefix": "IQM" in {source}'


def test_a_library_without_functions_of_qdmi(machine: Machine, library_named: Callable[[str], Path]) -> None:
    describe(machine, library_named("no-device"))
    (problem,) = examined(machine)
    assert "has no QDMI functions at all" in problem["answer"]


def test_a_library_without_one_function(machine: Machine, library_named: Callable[[str], Path]) -> None:
    describe(machine, library_named("lacks-symbol"), "FAULTY")
    (problem,) = examined(machine)
    assert "FAULTY_QDMI_device_job_submit, FAULTY_QDMI_device_job_free" in problem["answer"]


@pytest.mark.parametrize("real", [True, False])
def test_a_library_for_qdmi_1_3(
    machine: Machine, library_named: Callable[[str], Path], *, real: bool
) -> None:
    library = qdmikit_iqm.library_path_for_qdmi_1_3() if real else library_named("qdmi-1-3")
    describe(machine, library, "IQM" if real else "FAULTY")
    (problem,) = examined(machine)
    assert f"{library} is a device library for QDMI 1.3; this program speaks QDMI 1.4" in problem["answer"]
    assert "QDMI 1.4" in problem["remedy"]


def test_a_library_that_may_not_be_read(machine: Machine) -> None:
    library = machine.home / "libmy.so"
    library.mkdir()  # root may read any file, but nobody a folder as one
    describe(machine, library)
    (problem,) = examined(machine)
    assert f"{library} cannot be read: Is a directory" in problem["answer"]


def test_a_manifest_that_is_no_json(machine: Machine) -> None:
    source = machine.describe(text='{"schema-version": 1,\n "qdmi": }')
    problems = examined(machine, "qdmikit.iqm")
    assert all(problem["check"] == "configuration" for problem in problems)
    assert str(source) in problems[0]["answer"]
    assert "line 2" in problems[0]["answer"]


def test_a_manifest_with_a_mistake(machine: Machine) -> None:
    source = machine.describe({"id": "my.device", "library": "libmy.so", "prefix": "MY", "extra": 1})
    (line,) = [number for number, text in enumerate(source.read_text().splitlines(), 1) if '"extra"' in text]
    problems = examined(machine)
    assert f"device manifest {source}, line {line}: $.qdmi.devices[0].extra" in problems[0]["answer"]


def test_a_manifest_that_others_can_write(machine: Machine) -> None:
    source = machine.describe({"id": "my.device", "library": "libmy.so", "prefix": "MY"}, mode=0o666)
    problems = examined(machine)
    assert problems[-1]["remedy"].endswith(f"chmod go-w {source}")


def test_two_manifests_of_the_same_strength(machine: Machine) -> None:
    device = {"id": "my.device", "library": "libmy.so", "prefix": "MY"}
    one, two = machine.describe(device), machine.describe(device, name="other")
    problems = examined(machine)
    assert f"'my.device' is in several manifests: {one} and {two}" in problems[0]["answer"]
    assert problems[-1]["remedy"] == "remove all but one of them, or describe the device in a stronger source"


def test_a_description_that_a_stronger_one_shadows(machine: Machine, ddsim_library: Path) -> None:
    mine = machine.describe({"id": "qdmikit.iqm", "library": str(ddsim_library), "prefix": "MQT_DDSIM"})
    document = machine.run("doctor", "qdmikit.iqm", "--json").json
    (warning,) = [each for each in document["findings"] if each["level"] == "warning"]
    packaged = qdmikit_iqm.manifest_path().resolve()
    assert warning["answer"].startswith(f"{packaged} (package) does not count: {mine} (user) describes")
    assert "take 'library' and 'prefix' out of the stronger one" in warning["remedy"]
    assert (document["problems"], document["warnings"], document["exit_code"]) == (0, 1, 0)


def test_a_device_that_is_switched_off(machine: Machine) -> None:
    source = machine.describe({"id": "qdmikit.iqm", "enabled": False})
    (problem,) = examined(machine, "qdmikit.iqm")
    assert f"switched off by {source}" in problem["answer"]
    assert '"enabled": true' in problem["remedy"]


def test_a_device_that_nobody_has_described(machine: Machine) -> None:
    (problem,) = examined(machine, "nobody")
    assert "Known ids: " in problem["answer"]


def test_a_change_of_a_device_is_told(machine: Machine) -> None:
    source = machine.describe({"id": "mqt.sc.default", "session": {"custom5": "x"}})
    document = machine.run("doctor", "mqt.sc.default", "--json").json
    (found,) = [
        each
        for each in document["findings"]
        if each["subject"] == "mqt.sc.default" and each["check"] == "configuration"
    ]
    assert found["answer"].endswith(f"session defaults changed by {source}")


def test_all_devices_are_examined_and_one_that_nobody_has_configured_is_no_problem(machine: Machine) -> None:
    done = machine.run("doctor", "--json")
    assert done.code == 0
    sessions = {each["subject"]: each for each in done.json["findings"] if each["check"] == "session"}
    assert sessions["mqt.ddsim.default"]["level"] == "ok"
    assert sessions["mqt.ddsim.default"]["details"]["name"] == "MQT Core DDSIM QDMI Device"
    assert sessions["qdmikit.iqm"]["level"] == "note"
    assert "base_url" in sessions["qdmikit.iqm"]["remedy"]


def test_a_library_that_hangs_is_given_up(machine: Machine) -> None:
    hanging = "__attribute__((constructor)) static void hang(void) { for (;;) pause(); }"
    library = build(
        machine.home,
        "hanging",
        f"#include <unistd.h>\n{hanging}\n" + NEEDS_ANOTHER.replace("absent_function()", "0"),
    )
    describe(machine, library)
    done = machine.run("doctor", "my.device", "--timeout", "3", "--json")
    assert done.code == 6
    assert "has not answered within 3 s" in done.json["findings"][-1]["answer"]
