# SPDX-License-Identifier: Apache-2.0
"""Building and running the programs that a user of the installed C++ parts would write."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[3]


def run(*command: str | Path, environment: dict[str, str] | None = None) -> str:
    """Run a program and return what it prints; its complaint becomes the test's."""
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def build_examples(folder: Path, *options: str) -> Path:
    run("cmake", "-G", "Ninja", "-S", ROOT / "examples" / "cpp", "-B", folder, *options)
    run("cmake", "--build", folder)
    return folder


def counts(output: str) -> dict[str, int]:
    lines = [line.split(": ") for line in output.splitlines()]
    return {bits: int(count) for bits, count in lines if set(bits) <= {"0", "1"}}


def assert_bell(output: str) -> None:
    measured = counts(output)
    assert sum(measured.values()) == 1000
    assert measured["00"] + measured["11"] == 1000
    assert min(measured["00"], measured["11"]) > 400
