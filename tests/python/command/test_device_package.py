# SPDX-License-Identifier: Apache-2.0
"""Where the installed device library and its headers are."""

import subprocess
import sys
from pathlib import Path

import pytest

import qdmikit_iqm


@pytest.mark.parametrize(
    ("option", "path"),
    [
        ("--library", qdmikit_iqm.library_path()),
        ("--library-for-qdmi-1.3", qdmikit_iqm.library_path_for_qdmi_1_3()),
        ("--include", qdmikit_iqm.include_dir()),
        ("--manifest", qdmikit_iqm.manifest_path()),
    ],
)
def test_paths_exist_and_are_printed(option: str, path: Path) -> None:
    assert path.is_absolute()
    assert path.exists()
    done = subprocess.run(
        [sys.executable, "-m", "qdmikit_iqm", option], check=True, capture_output=True, text=True
    )
    assert done.stdout == f"{path}\n"


def test_headers_are_below_the_include_folder() -> None:
    assert (qdmikit_iqm.include_dir() / "iqm_qdmi" / "device.h").is_file()


def test_a_missing_file_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(qdmikit_iqm, "__path__", [str(tmp_path)])
    with pytest.raises(
        FileNotFoundError, match=rf"libiqm-qdmi-device.so is in none of {tmp_path}; reinstall"
    ):
        qdmikit_iqm.library_path()
