# SPDX-License-Identifier: Apache-2.0
"""A C++ user's way in: find_package(qdmikit) from an installed prefix and from the wheel."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from programs import assert_bell, run

if TYPE_CHECKING:
    from iqm_mock_server import MockServer


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
