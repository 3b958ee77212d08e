# SPDX-License-Identifier: Apache-2.0
"""A C++ user's way in: find_package(qdmikit) from an installed prefix and from the wheel."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tools.steps import SHARED_OBJECTS

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

ROOT = Path(__file__).parents[2]


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


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a prefix that the project was installed into, by CMake alone."""
    prefix = tmp_path_factory.mktemp("install")
    tree = ROOT / "build" / "installed"
    shutil.rmtree(tree, ignore_errors=True)
    # Compiled as build/dev is, whose objects ccache has.
    launchers = ("-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    run(
        *("cmake", "-G", "Ninja", "-S", ROOT, "-B", tree, "-DCMAKE_BUILD_TYPE=RelWithDebInfo"),
        *(launchers if shutil.which("ccache") else ()),
        *(f"-DCMAKE_INSTALL_PREFIX={prefix}", "-DCMAKE_INSTALL_LIBDIR=lib"),
        *(f"-DPython_EXECUTABLE={sys.executable}", "-DQDMIKIT_FETCH_DEPENDENCIES=OFF"),
        environment={**os.environ, **SHARED_OBJECTS},
    )
    run("cmake", "--build", tree, environment={**os.environ, **SHARED_OBJECTS})
    run("cmake", "--install", tree)
    return prefix


@pytest.fixture(scope="module")
def from_prefix(prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_examples(tmp_path_factory.mktemp("from-prefix"), f"-DCMAKE_PREFIX_PATH={prefix}")


@pytest.fixture(scope="module")
def wheel_python() -> Path:
    return Path(os.environ["QDMIKIT_VENV_WHEEL"]) / "bin" / "python"


@pytest.fixture(scope="module")
def from_wheel(wheel_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    package = run(wheel_python, "-m", "qdmikit", "--cmake").strip()
    return build_examples(tmp_path_factory.mktemp("from-wheel"), f"-Dqdmikit_DIR={package}")


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_cpp_program_runs_a_job_from_an_installed_prefix(
    from_prefix: Path, prefix: Path, iqm_mock_server: MockServer
) -> None:
    library = prefix / "lib" / "libiqm-qdmi-device.so"
    assert_bell(run(from_prefix / "bell", library, "IQM", iqm_mock_server.url))


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_c11_program_runs_a_job_from_an_installed_prefix(
    from_prefix: Path, iqm_mock_server: MockServer
) -> None:
    assert_bell(run(from_prefix / "bell_c11", iqm_mock_server.url))


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_cpp_program_runs_a_job_from_the_wheel(
    from_wheel: Path, wheel_python: Path, iqm_mock_server: MockServer
) -> None:
    library = run(wheel_python, "-m", "qdmikit_iqm", "--library").strip()
    assert_bell(run(from_wheel / "bell", library, "IQM", iqm_mock_server.url))


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_c11_program_runs_a_job_from_the_wheel(from_wheel: Path, iqm_mock_server: MockServer) -> None:
    assert_bell(run(from_wheel / "bell_c11", iqm_mock_server.url))


def test_a_failing_example_says_why(from_prefix: Path) -> None:
    done = subprocess.run(
        [from_prefix / "bell_c11", "http://127.0.0.1:1"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert '"kind":"Unreachable"' in done.stderr


def test_the_include_folders_of_the_wheel_hold_the_headers(wheel_python: Path) -> None:
    client = Path(run(wheel_python, "-m", "qdmikit", "--include").strip())
    device = Path(run(wheel_python, "-m", "qdmikit_iqm", "--include").strip())
    assert (client / "qdmikit" / "qdmikit.hpp").is_file()
    assert (device / "iqm_qdmi" / "device.h").is_file()
    assert (device / "iqm_qdmi" / "extensions.h").is_file()


def test_the_package_of_an_older_minor_version_is_refused(prefix: Path, tmp_path: Path) -> None:
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.24)\n"
        "project(later LANGUAGES CXX)\n"
        "find_package(qdmikit 99.0 REQUIRED)\n"
    )
    done = subprocess.run(
        ["cmake", "-S", tmp_path, "-B", tmp_path / "build", f"-DCMAKE_PREFIX_PATH={prefix}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "99.0" in done.stderr
