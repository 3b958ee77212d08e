# SPDX-License-Identifier: Apache-2.0
"""The device libraries that the client is tested with.

The scripted and the faulty ones are built with the C++ tests (``QDMIKIT_BUILD_TESTS=ON``; their sources are
in ``tests/cpp/client/scripted_device``). The environment variable ``QDMIKIT_TEST_LIBRARY_DIR`` names the
folder that holds them, ``<build>/tests/cpp/client``. Without it the tests that need them fail.
"""

import json
import os
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest

import qdmikit


@pytest.fixture
def library_named() -> Callable[[str], Path]:
    """Find a test library by the name of its CMake target."""

    def find(name: str) -> Path:
        folder = os.environ.get("QDMIKIT_TEST_LIBRARY_DIR")
        if not folder:
            pytest.fail("QDMIKIT_TEST_LIBRARY_DIR is not set: it must name <build>/tests/cpp/client")
        return Path(folder) / f"lib{name}.so"

    return find


@pytest.fixture
def scripted(library_named: Callable[[str], Path]) -> Callable[..., qdmikit.Device]:
    """Open the device that does what it is told; ``script.hpp`` beside its sources says how."""

    def open_scripted(**script: object) -> qdmikit.Device:
        return qdmikit.open_device(
            library=library_named("scripted-device"), prefix="SCRIPTED", custom1=json.dumps(script)
        )

    return open_scripted


@pytest.fixture(scope="session")
def ddsim_library() -> Path:
    """Return the library of the simulator in the mqt-core wheel."""
    files = distribution("mqt-core").files
    assert files is not None
    (found,) = [file for file in files if file.name == "libmqt-core-qdmi-ddsim-device.so"]
    return Path(str(found.locate()))


@pytest.fixture
def ddsim(ddsim_library: Path) -> qdmikit.Device:
    return qdmikit.open_device(library=ddsim_library, prefix="MQT_DDSIM")
