# SPDX-License-Identifier: Apache-2.0
"""Run clang-tidy over every translation unit of ours in ``build/dev``.

A unit that was clean is not looked at again until something it is made from changes: itself, a header it
includes (ninja knows them all), its compile command, a ``.clang-tidy`` or clang-tidy itself.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tools import steps
from tools.dev_environment import BUILD
from tools.steps import ROOT, StepError

FOLDERS = ("cpp", "bindings", "tests", "bench")
CLEAN = ROOT / ".cache" / "clang-tidy"
CLANG_TIDY = Path(sys.executable).parent / "clang-tidy"


@dataclass(frozen=True)
class Unit:
    """A translation unit.

    Parameters
    ----------
    source
        The file.
    key
        Changes when anything does that its diagnostics depend on.
    """

    source: Path
    key: str


def units() -> list[Unit]:
    """List our translation units.

    Returns
    -------
    list of Unit
        Largest first, so that the last to finish is a small one.

    Raises
    ------
    StepError
        Nothing was built yet.
    """
    database = BUILD / "compile_commands.json"
    if not database.exists():
        raise StepError(f"{database} is not there. Build first: tools/setup lint")
    version = subprocess.run([CLANG_TIDY, "--version"], check=True, capture_output=True, text=True).stdout
    configuration = [
        ROOT / ".clang-tidy",
        *steps.files_below([ROOT / folder for folder in FOLDERS], (".clang-tidy",)),
    ]
    headers = _dependencies()
    found = {}
    for entry in json.loads(database.read_text()):
        source = Path(entry["file"])
        if not any(source.is_relative_to(ROOT / folder) for folder in FOLDERS):
            continue
        needed = headers.get(_object_of(entry["command"]), [source])
        ours = [path for path in needed if path.is_relative_to(ROOT)]
        others = [
            (str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in needed if path not in ours
        ]
        key = steps.fingerprint(version, entry["command"], others, *configuration, *ours)
        found[source] = Unit(source, key)
    return sorted(found.values(), key=lambda unit: -unit.source.stat().st_size)


def _object_of(command: str) -> str:
    """Name the object that a compiler makes; not every CMake writes it down beside the command."""
    words = shlex.split(command)
    return words[words.index("-o") + 1]


def _dependencies() -> dict[str, list[Path]]:
    """Ask ninja which files each object was made from."""
    ninja = re.search(r"^CMAKE_MAKE_PROGRAM:\w+=(.*)$", (BUILD / "CMakeCache.txt").read_text(), re.MULTILINE)
    if ninja is None:
        raise StepError(f"{BUILD} was not configured for ninja. Remove it, then: tools/setup lint")
    listing = subprocess.run(
        [ninja[1], "-C", BUILD, "-t", "deps"], check=True, capture_output=True, text=True
    ).stdout
    dependencies: dict[str, list[Path]] = {}
    current: list[Path] = []
    for line in listing.splitlines():
        if line.startswith(" "):
            current.append((BUILD / line.strip()).resolve())
        elif ":" in line:
            current = dependencies.setdefault(line.partition(":")[0], [])
    return dependencies


def check(unit: Unit) -> str:
    """Run clang-tidy on a unit, and remember it when it is clean.

    Parameters
    ----------
    unit
        The unit.

    Returns
    -------
    str
        The diagnostics; empty when there are none.
    """
    result = subprocess.run(
        [CLANG_TIDY, "--quiet", "-p", BUILD, "--extra-arg=-Wno-unknown-warning-option", unit.source],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    if result.returncode == 0:
        (CLEAN / unit.key).touch()
        return ""
    return result.stdout + result.stderr


@steps.command_line
def main() -> int:
    """Check all units that were not seen clean before.

    Returns
    -------
    int
        1 when there are diagnostics.
    """
    CLEAN.mkdir(parents=True, exist_ok=True)
    every = units()
    todo = [unit for unit in every if not (CLEAN / unit.key).exists()]
    print(
        f"clang-tidy: {len(every)} translation units, {len(every) - len(todo)} known to be clean", flush=True
    )
    failed = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for unit, diagnostics in zip(todo, pool.map(check, todo), strict=True):
            failed += bool(diagnostics)
            print(f"{unit.source.relative_to(ROOT)}: {'FAILED' if diagnostics else 'clean'}", flush=True)
            if diagnostics:
                print(diagnostics, flush=True)
    current = {unit.key for unit in every}
    for stale in CLEAN.iterdir():
        if stale.name not in current:
            stale.unlink()
    print(f"clang-tidy: {failed} of {len(every)} translation units have diagnostics")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
