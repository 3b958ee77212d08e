# SPDX-License-Identifier: Apache-2.0
"""The installed command, run on a machine without configuration."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COMMAND = Path(sys.executable).parent / "qdmikit"
PREFIXES = ("IQM_", "QDMI_", "QDMIKIT_", "MQT_CORE_", "SLURM_", "XDG_")
SECONDS = 120


@dataclass
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - as JSON is
        return json.loads(self.out)


@dataclass
class Machine:
    """A user's home and the environment of commands."""

    home: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def manifests(self) -> Path:
        return self.home / ".config" / "qdmikit" / "devices.d"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIXES)}
        nothing = self.home / "nothing"
        return {**kept, "HOME": str(self.home), "XDG_CONFIG_DIRS": str(nothing), **self.variables}

    def run(self, *arguments: str | Path, **variables: str) -> Done:
        """Run the command to its end."""
        done = subprocess.run(
            [COMMAND, *arguments],
            env={**self.environment, **variables},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def begin(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start the command."""
        return subprocess.Popen(
            [COMMAND, *arguments],
            env=self.environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def describe(
        self, *devices: Mapping[str, object], name: str = "my", mode: int = 0o644, text: str | None = None
    ) -> Path:
        """Write a manifest of the user."""
        source = self.manifests / f"{name}.qdmi.json"
        source.parent.mkdir(parents=True, exist_ok=True)
        source.parent.chmod(0o755)
        content = json.dumps({"schema-version": 1, "qdmi": {"devices": devices}}, indent=1)
        return self.write(source, content if text is None else text, mode=mode)

    def write(self, path: Path | str, content: str | bytes, *, mode: int = 0o644) -> Path:
        """Write a file, below the home unless its path is absolute."""
        file = self.home / path
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        file.chmod(mode)
        return file


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    return Machine(home)


@pytest.fixture
def library_named() -> Callable[[str], Path]:
    """Find a test library by the name of its CMake target."""

    def find(name: str) -> Path:
        folder = os.environ.get("QDMIKIT_TEST_LIBRARY_DIR")
        if not folder:
            pytest.fail("QDMIKIT_TEST_LIBRARY_DIR is not set: it must name <build>/tests/cpp/client")
        return Path(folder) / f"lib{name}.so"

    return find


@pytest.fixture(scope="session")
def ddsim_library() -> Path:
    """Return the library of the simulator in the mqt-core wheel."""
    files = distribution("mqt-core").files
    assert files is not None
    (found,) = [file for file in files if file.name == "libmqt-core-qdmi-ddsim-device.so"]
    return Path(str(found.locate()))


BELL_2 = """// a comment first
OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
creg c[2];
h q[0];
cx q[0], q[1];
measure q -> c;
"""
BELL_3 = """OPENQASM 3.0;
include "stdgates.inc";
qubit[2] q;
bit[2] c;
h q[0];
cx q[0], q[1];
c = measure q;
"""
FLIP = json.dumps(
    {
        "name": "flip",
        "metadata": {},
        "instructions": [
            {"name": "prx", "locus": ["QB1"], "args": {"angle": 3.141592653589793, "phase": 0.0}},
            {"name": "measure", "locus": ["QB1"], "args": {"key": "c_1_0_0"}},
        ],
    }
)


@pytest.fixture
def programs(machine: Machine) -> dict[str, Path]:
    """Give a Bell pair as OpenQASM 2 and 3, and the device's own circuit whose outcome is 1."""
    return {
        "qasm2": machine.write("bell2.qasm", BELL_2),
        "qasm3": machine.write("bell3.qasm", BELL_3),
        "json": machine.write("flip.json", FLIP),
    }
