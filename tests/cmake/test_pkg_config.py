# SPDX-License-Identifier: Apache-2.0
"""A C++ user's way in without CMake: pkg-config qdmikit-client."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from programs import ROOT, assert_bell, run

if TYPE_CHECKING:
    from iqm_mock_server import MockServer

BELL = ROOT / "examples" / "cpp" / "bell.cpp"


def pkg_config(folder: Path, *options: str) -> list[str]:
    """Ask for the client in a folder of ``*.pc`` files."""
    environment = {**os.environ, "PKG_CONFIG_PATH": str(folder)}
    done = subprocess.run(
        ["pkg-config", *options, "qdmikit-client"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def build_bell(folder: Path, program: Path) -> Path:
    (libraries,) = pkg_config(folder, "--variable=libdir")
    flags = [*pkg_config(folder, "--cflags", "--libs"), f"-Wl,-rpath,{libraries}"]
    run("c++", "-std=c++20", str(BELL), "-o", str(program), *flags)
    return program


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_program_is_built_from_an_installed_prefix(
    prefix: Path, tmp_path: Path, iqm_mock_server: MockServer
) -> None:
    bell = build_bell(prefix / "lib" / "pkgconfig", tmp_path / "bell")
    assert_bell(run(bell, prefix / "lib" / "libiqm-qdmi-device.so", "IQM", iqm_mock_server.url))


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_program_is_built_from_a_prefix_that_was_moved(
    prefix: Path, tmp_path: Path, iqm_mock_server: MockServer
) -> None:
    moved = tmp_path / "moved"
    shutil.copytree(prefix, moved, symlinks=True)
    folder = moved / "lib" / "pkgconfig"
    assert str(prefix) not in (folder / "qdmikit-client.pc").read_text()
    assert Path(pkg_config(folder, "--variable=libdir")[0]).resolve() == moved / "lib"
    bell = build_bell(folder, tmp_path / "bell")
    assert_bell(run(bell, moved / "lib" / "libiqm-qdmi-device.so", "IQM", iqm_mock_server.url))


@pytest.mark.iqm_mock_server(ideal=True)
def test_a_program_is_built_from_the_wheel(
    wheel_python: Path, tmp_path: Path, iqm_mock_server: MockServer
) -> None:
    client = Path(run(wheel_python, "-m", "qdmikit", "--library").strip())
    library = run(wheel_python, "-m", "qdmikit_iqm", "--library").strip()
    bell = build_bell(client.parent / "pkgconfig", tmp_path / "bell")
    assert_bell(run(bell, library, "IQM", iqm_mock_server.url))


def test_it_tells_the_version_of_the_project(prefix: Path) -> None:
    project = (ROOT / "CMakeLists.txt").read_text()
    (version,) = pkg_config(prefix / "lib" / "pkgconfig", "--modversion")
    assert f"project(qdmikit VERSION {version} " in project
