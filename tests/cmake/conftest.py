# SPDX-License-Identifier: Apache-2.0
"""The product as CMake installs it and as the wheel brings it, each installed once."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

from programs import ROOT, build_examples, run
from tools.steps import SHARED_OBJECTS


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a prefix that the project was installed into, by CMake alone."""
    prefix = tmp_path_factory.mktemp("install")
    tree = ROOT / "build" / "installed"
    shutil.rmtree(tree, ignore_errors=True)
    # Compiled as build/dev is, whose objects ccache has.
    launchers = ("-DCMAKE_C_COMPILER_LAUNCHER=ccache", "-DCMAKE_CXX_COMPILER_LAUNCHER=ccache")
    environment = {**os.environ, **SHARED_OBJECTS}
    run(
        *("cmake", "-G", "Ninja", "-S", ROOT, "-B", tree, "-DCMAKE_BUILD_TYPE=RelWithDebInfo"),
        *(launchers if shutil.which("ccache") else ()),
        *(f"-DCMAKE_INSTALL_PREFIX={prefix}", "-DCMAKE_INSTALL_LIBDIR=lib"),
        *(f"-DPython_EXECUTABLE={sys.executable}", "-DQDMIKIT_FETCH_DEPENDENCIES=OFF"),
        environment=environment,
    )
    run("cmake", "--build", tree, environment=environment)
    run("cmake", "--install", tree)
    return prefix


@pytest.fixture(scope="session")
def from_prefix(prefix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_examples(tmp_path_factory.mktemp("from-prefix"), f"-DCMAKE_PREFIX_PATH={prefix}")


@pytest.fixture(scope="session")
def wheel_python() -> Path:
    return Path(os.environ["QDMIKIT_VENV_WHEEL"]) / "bin" / "python"


@pytest.fixture(scope="session")
def from_wheel(wheel_python: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    package = run(wheel_python, "-m", "qdmikit", "--cmake").strip()
    return build_examples(tmp_path_factory.mktemp("from-wheel"), f"-Dqdmikit_DIR={package}")
