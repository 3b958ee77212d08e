# SPDX-License-Identifier: Apache-2.0
"""Nobody's own configuration of devices reaches the tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qdmikit import configuration

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def _empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("no-configuration")


@pytest.fixture(autouse=True)
def no_devices_from_outside(_empty_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("QDMIKIT_DEVICES", "MQT_CORE_QDMI_CONFIG_JSON", "MQT_CORE_QDMI_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(_empty_folder))
    monkeypatch.setenv("XDG_CONFIG_DIRS", str(_empty_folder))
    monkeypatch.setattr(configuration, "_SYSTEM", _empty_folder)
