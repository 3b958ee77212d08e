# SPDX-License-Identifier: Apache-2.0
"""The package itself: what importing it does, where its C++ parts are, whom it knows."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import qdmikit

ROOT = Path(__file__).parents[3]
VENDOR_NEUTRAL = ("python/qdmikit", "cpp/client", "bindings")


def run(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize(
    "order", ["import qdmikit, mqt.core.qdmi", "import mqt.core.qdmi, qdmikit"], ids=["first", "second"]
)
def test_lives_beside_the_bindings_of_mqt_core(order: str) -> None:
    program = 'OPENQASM 3.0; include "stdgates.inc"; qubit[1] q; bit[1] c; x q[0]; c = measure q;'
    output = run(f"""{order}
from mqt.core.qdmi import builtin_driver
ours = qdmikit.open_device("mqt.ddsim.default")
theirs = builtin_driver.open_device("mqt.ddsim.default")
job = ours.submit({program!r}, qdmikit.ProgramFormat.QASM3, shots=5)
other = theirs.submit_job({program!r}, mqt.core.qdmi.ProgramFormat.QASM3, 5)
job.wait(60)
other.wait(60)
print(job.counts(), other.get_counts())
""")
    assert output == "{'1': 5} {'1': 5}\n"


def test_importing_stays_light() -> None:
    heavy = ("numpy", "qiskit", "importlib.metadata", "asyncio", "qdmikit.qiskit", "qdmikit.cli")
    assert run(f"import sys, qdmikit; print([name for name in {heavy} if name in sys.modules])") == "[]\n"


def test_interpreter_ends_quietly_while_a_thread_waits(library_named: Callable[[str], Path]) -> None:
    output = run(f"""import json, threading, qdmikit
device = qdmikit.open_device(
    library={str(library_named("scripted-device"))!r}, prefix="SCRIPTED", custom1='{{"stays": true}}'
)
def waits():
    return json.loads(device.custom(1)).get("waits", 0)
job = device.submit("OPENQASM 3.0;", qdmikit.ProgramFormat.QASM3)
threading.Thread(target=job.wait, daemon=True).start()
while not waits():
    pass
print(job.status.name)
""")
    assert output == "RUNNING\n"


def test_interpreter_ends_quietly_with_live_handles() -> None:
    output = run("""import qdmikit
device = qdmikit.open_device("mqt.ddsim.default")
site, operation = device.site(0), device.operation("cx")
print(device.site(0) == site)
""")
    assert output == "True\n"


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("--version", lambda: qdmikit.__version__),
        ("--cmake", qdmikit.cmake_dir),
        ("--include", qdmikit.include_dir),
        ("--library", qdmikit.library_path),
    ],
)
def test_command_prints_paths(option: str, expected: object) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qdmikit", option], check=True, capture_output=True, text=True
    )
    assert callable(expected)
    assert done.stdout == f"{expected()}\n"


def test_paths_hold_what_they_say() -> None:
    assert (qdmikit.include_dir() / "qdmikit" / "qdmikit.hpp").is_file()
    assert (qdmikit.cmake_dir() / "qdmikitConfig.cmake").is_file()
    assert qdmikit.library_path().is_file()


def test_an_incomplete_installation_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(qdmikit, "__path__", [str(tmp_path)])
    with pytest.raises(FileNotFoundError, match=f"there is no {tmp_path}"):
        qdmikit.include_dir()


def test_public_headers_need_nothing_but_the_standard_library(tmp_path: Path) -> None:
    include = re.compile(r'#include [<"]([^>"]+)[>"]')
    for header in (qdmikit.include_dir() / "qdmikit").glob("*.hpp"):
        foreign = [
            name
            for name in include.findall(header.read_text())
            if "/" in name and not name.startswith("qdmikit/")
        ]
        assert foreign == [], header
    source = tmp_path / "all.cpp"
    source.write_text("#include <qdmikit/qdmikit.hpp>\n")
    compiler = ["g++", "-std=c++20", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
    subprocess.run([*compiler, f"-I{qdmikit.include_dir()}", str(source)], check=True)


def test_no_vendor_is_known() -> None:
    # QDMI's own name of a program format is no vendor of ours.
    name = re.compile(r"iqm(?!_?json)", re.IGNORECASE)
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in VENDOR_NEUTRAL
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".pyi", ".hpp", ".cpp", ".txt"} or path.name == "CMakeLists.txt"
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if name.search(line)
    ]
    assert found == []


def test_stub_is_installed() -> None:
    from qdmikit import _core

    assert _core.__file__ is not None
    folder = Path(_core.__file__).parent
    assert (folder / "_core.pyi").is_file()
