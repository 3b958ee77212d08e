# SPDX-License-Identifier: Apache-2.0
"""The product as CMake installs it and as the wheel brings it, each installed once."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent / "support"))

from programs import ROOT, build_examples, run


@pytest.fixture(scope="session")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a prefix that the project was installed into, by CMake alone."""
    folder = tmp_path_factory.mktemp("install")
    run(
        *(
            "cmake",
            "-G",
            "Ninja",
            "-S",
            ROOT,
            "-B",
            folder / "build",
            f"-DCMAKE_INSTALL_PREFIX={folder / 'prefix'}",
        ),
        *("-DCMAKE_INSTALL_LIBDIR=lib", f"-DPython_EXECUTABLE={sys.executable}"),
        "-DQDMIKIT_FETCH_DEPENDENCIES=OFF",
    )
    run("cmake", "--build", folder / "build")
    run("cmake", "--install", folder / "build")
    return folder / "prefix"


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
