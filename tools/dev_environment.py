# SPDX-License-Identifier: Apache-2.0
"""The environment everyone develops in: ``.venv``, with the product installed editable from ``build/dev``.

One CMake tree serves the Python module, the device libraries and the C++ tests. Each step is skipped while
what it was made from has not changed; C++ is left to ninja, which knows best.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import steps
from tools.steps import ROOT, StepError

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
BUILD = ROOT / "build" / "dev"
CPR = ROOT / ".deps" / "cpr"
RECORD = VENV / "qdmikit.json"
PACKAGES = [
    ROOT / "python" / "qdmikit",
    ROOT / "python" / "qdmikit_iqm",
    ROOT / "mockserver" / "iqm_mock_server",
]
EXTRAS = "cli,plot,qiskit,mock"
NETWORK_CURE = "Is PyPI reachable from here? PIP_INDEX_URL, PIP_CERT and HTTPS_PROXY are honoured."


@dataclass(frozen=True)
class Purpose:
    """What a make target needs of the environment.

    Parameters
    ----------
    groups
        Dependency groups of pyproject.toml.
    cpp_tests
        Whether the C++ tests are built as well.
    """

    groups: tuple[str, ...]
    cpp_tests: bool


PURPOSES = {
    "demo": Purpose(("build",), cpp_tests=False),
    "test": Purpose(("build", "test"), cpp_tests=True),
    # mypy reads the tests too, and clang-tidy needs them in the compile commands.
    "lint": Purpose(("build", "test", "lint"), cpp_tests=True),
    "docs": Purpose(("build", "docs"), cpp_tests=False),
    "all": Purpose(("build", "test", "lint", "docs"), cpp_tests=True),
}


def prepare(purpose: Purpose) -> None:
    """Bring ``.venv`` and ``build/dev`` up to date for a purpose; what earlier ones needed stays.

    Parameters
    ----------
    purpose
        What is needed.

    Raises
    ------
    StepError
        A step failed.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    record = _venv_record()
    groups = sorted({*record.get("groups", []), *purpose.groups})
    cpp_tests = bool(record.get("cpp_tests")) or purpose.cpp_tests

    dependencies = steps.fingerprint(
        str(ROOT), groups, project["build-system"], project["project"], project["dependency-groups"]
    )
    new_dependencies = record.get("dependencies") != dependencies
    if new_dependencies:
        arguments = [part for group in groups for part in ("--group", group)]
        # Newest pip first: dependency groups are read by pip 25.1 and later.
        _pip(
            "installing Python packages: " + ", ".join(groups),
            ["--upgrade", "pip>=25.1"],
            "pip-itself",
            quiet=True,
        )
        _pip("installing Python packages: " + ", ".join(groups), arguments, "pip-groups")

    # The editable install lists the modules it found and copies the metadata; all else in it is CMake's.
    modules = [str(path.relative_to(ROOT)) for path in steps.files_below(PACKAGES)]
    installed = steps.fingerprint(
        dependencies,
        modules,
        cpp_tests,
        project["tool"]["scikit-build"],
        ROOT / "README.md",
        ROOT / "tools/dev_environment.py",
    )
    if record.get("installed") != installed or not (BUILD / "build.ninja").exists():
        _install_editable(cpp_tests=cpp_tests, with_dependencies=new_dependencies)
    else:
        _rebuild()
    RECORD.write_text(
        json.dumps(
            {"groups": groups, "cpp_tests": cpp_tests, "dependencies": dependencies, "installed": installed},
            indent=2,
        )
    )


def _venv_record() -> dict[str, Any]:
    """Make ``.venv`` if there is none that works; give what it is known to hold."""
    if PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0:
        record: dict[str, Any] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        return record
    # What was built for another Python is of no use to this one.
    for stale in (VENV, BUILD):
        shutil.rmtree(stale, ignore_errors=True)
    steps.run("creating .venv", [sys.executable, "-m", "venv", VENV], log="venv")
    return {}


def _pip(
    title: str, arguments: list[str | Path], log: str, *, quiet: bool = False, cure: str = NETWORK_CURE
) -> None:
    steps.run(
        title,
        [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", *arguments],
        log=log,
        cure=cure,
        quiet=quiet,
    )


def _install_editable(*, cpp_tests: bool, with_dependencies: bool) -> None:
    defines = {
        "QDMIKIT_BUILD_TESTS": "ON" if cpp_tests else "OFF",
        "QDMIKIT_FETCH_DEPENDENCIES": "OFF",
        "cpr_ROOT": str(CPR),
    }
    if shutil.which("ccache"):
        defines["CMAKE_CXX_COMPILER_LAUNCHER"] = defines["CMAKE_C_COMPILER_LAUNCHER"] = "ccache"
    settings = [f"-Cbuild-dir={BUILD}", "-Ccmake.build-type=RelWithDebInfo"]
    settings += [f"-Ccmake.define.{name}={value}" for name, value in defines.items()]
    _pip(
        "building qdmikit" + (" and its C++ tests" if cpp_tests else ""),
        [
            *(() if with_dependencies else ("--no-deps",)),
            "--no-build-isolation",
            *settings,
            "--verbose",
            "--editable",
            f".[{EXTRAS}]",
        ],
        "build",
        cure="If a dependency could not be downloaded: " + NETWORK_CURE[:1].lower() + NETWORK_CURE[1:],
    )


def _rebuild() -> None:
    cmake = _cmake_of_the_build_tree()
    steps.run("building", [cmake, "--build", BUILD], log="build")
    site = subprocess.run(
        [PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('platlib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    steps.run(
        "installing into .venv", [cmake, "--install", BUILD, "--prefix", site], log="install", quiet=True
    )


def _cmake_of_the_build_tree() -> str:
    """Give the CMake that configured ``build/dev``: another version would configure it anew."""
    prefix = "CMAKE_COMMAND:INTERNAL="
    for line in (BUILD / "CMakeCache.txt").read_text().splitlines():
        if line.startswith(prefix) and Path(line.removeprefix(prefix)).exists():
            return line.removeprefix(prefix)
    found = shutil.which("cmake")
    if found is None:
        raise StepError(
            "CMake is gone since build/dev was configured. Install it again: tools/system-packages build"
        )
    return found


@steps.command_line
def main() -> int:
    """Prepare the environment for the purpose named on the command line.

    Returns
    -------
    int
        The exit code.
    """
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m tools.dev_environment")
    parser.add_argument("purpose", choices=PURPOSES)
    prepare(PURPOSES[parser.parse_args().purpose])
    return 0


if __name__ == "__main__":
    sys.exit(main())
