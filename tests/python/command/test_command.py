# SPDX-License-Identifier: Apache-2.0
"""The command as a whole: help, version, exit codes, what it needs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qdmikit
from qdmikit.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from tests.python.command.conftest import Machine

PAGE = Path(__file__).resolve().parents[3] / "docs" / "cli.md"
COMMANDS = ("devices", "show", "run", "job", "calibrate", "doctor", "config")
# Runs the command and tells what was imported, whichever way it ends.
IMPORTS = """
import sys
sys.argv[:] = ["qdmikit", *sys.argv[1:]]
from qdmikit._command import main
try:
    main()
finally:
    print("imported", *sys.modules, file=sys.stderr)
"""
COSTLY = {"asyncio", "matplotlib", "numpy", "qiskit", "qdmikit.doctor", "qdmikit.conformance"}


def test_the_version(machine: Machine) -> None:
    done = machine.run("--version")
    assert (done.code, done.out) == (0, f"qdmikit {qdmikit.__version__}\n")


def test_help_names_every_command_and_exit_code(machine: Machine) -> None:
    done = machine.run("--help")
    assert done.code == 0
    for command in COMMANDS:
        assert re.search(rf"^  {command} ", done.out, re.MULTILINE)
    text = " ".join(done.out.split())
    for code in ExitCode:
        assert f"{int(code)}: {code.meaning}" in text


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(machine: Machine, command: str) -> None:
    done = machine.run(command, "--help")
    assert done.code == 0
    assert f"Usage: qdmikit {command}" in done.out


def test_the_table_of_exit_codes_in_the_documentation_is_complete() -> None:
    rows = re.findall(r"^\| (\d+) \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)
    assert rows == [(str(int(code)), code.meaning) for code in ExitCode]


@pytest.mark.parametrize("arguments", [("nonsense",), ("run",), ("devices", "--nonsense"), ("show",)])
def test_wrong_usage_is_told(machine: Machine, arguments: tuple[str, ...]) -> None:
    done = machine.run(*arguments)
    assert done.code == ExitCode.USAGE
    assert done.out == ""
    assert "Usage: qdmikit" in done.err


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("--version",), ("devices",), ("devices", "--json"), ("config", "path"), ("run", "--help")],
)
def test_what_asks_no_device_starts_light(arguments: tuple[str, ...], machine: Machine) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, *arguments],
        env=machine.environment,
        check=True,
        capture_output=True,
        text=True,
    )
    imported = done.stderr.rpartition("imported ")[2].split()
    assert "qdmikit.cli.app" in imported
    assert not COSTLY & set(imported)


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_its_extra_the_command_says_what_to_install(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None\nfrom qdmikit._command import main; main()"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == ExitCode.CONFIGURATION
    assert done.stdout == ""
    assert done.stderr == 'qdmikit: the command line needs its extra: pip install "qdmikit[cli]"\n'


def test_the_adapter_without_qiskit_says_what_to_install() -> None:
    code = "import sys; sys.modules['qiskit'] = None\nimport qdmikit.qiskit"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert (
        done.stderr.splitlines()[-1]
        == 'ImportError: qdmikit.qiskit needs Qiskit: pip install "qdmikit[qiskit]"'
    )
