# SPDX-License-Identifier: Apache-2.0
"""The device libraries that the client is tested with.

The scripted and the faulty ones are built with the C++ tests (``QDMIKIT_BUILD_TESTS=ON``; their sources are
in ``tests/cpp/client/scripted_device``). The environment variable ``QDMIKIT_TEST_LIBRARY_DIR`` names the
folder that holds them, ``<build>/tests/cpp/client``. Without it the tests that need them fail.
"""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path

import pytest

import qdmikit
from qdmikit import configuration


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


@dataclass
class Places:
    """Folders that stand for those of a machine and of its user."""

    root: Path

    @property
    def system(self) -> Path:
        return self.root / "etc"

    @property
    def user(self) -> Path:
        return self.root / "home" / ".config"

    def write(self, path: Path, *devices: Mapping[str, object], mode: int = 0o644) -> Path:
        """Write a manifest, safe whatever the umask is."""
        return self.write_text(path, self.text(*devices), mode=mode)

    def write_text(self, path: Path, text: str, *, mode: int = 0o644) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.parent.chmod(0o755)
        path.write_text(text)
        path.chmod(mode)
        return path

    def write_user(self, *devices: Mapping[str, object], name: str = "my", mode: int = 0o644) -> Path:
        return self.write(self.user / "qdmikit" / "devices.d" / f"{name}.qdmi.json", *devices, mode=mode)

    def write_system(self, *devices: Mapping[str, object], name: str = "site", mode: int = 0o644) -> Path:
        return self.write(self.system / "qdmikit" / "devices.d" / f"{name}.qdmi.json", *devices, mode=mode)

    @staticmethod
    def text(*devices: Mapping[str, object]) -> str:
        return json.dumps({"schema-version": 1, "qdmi": {"devices": devices}})


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """Give a machine without configuration."""
    found = Places(tmp_path)
    monkeypatch.setattr(configuration, "_SYSTEM", found.system)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.delenv("XDG_CONFIG_DIRS")
    return found
