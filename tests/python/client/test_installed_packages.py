# SPDX-License-Identifier: Apache-2.0
"""Metadata of installed packages are read once, and again as soon as a package comes, goes or changes."""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import time
from typing import TYPE_CHECKING

import pytest

import qdmikit
from qdmikit import registry

if TYPE_CHECKING:
    from pathlib import Path

LONG_AGO = time.time() - 3600


def settle(*paths: Path) -> None:
    """Date files and folders so that a change cannot have the same date."""
    for path in paths:
        os.utime(path, (LONG_AGO, LONG_AGO))


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a folder of packages on the search path."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    return folder


def install(site: Path, package: str, *, prefix: str = "MY") -> Path:
    """Install a package that describes a device of the same name; return its manifest."""
    manifest = site / package / "my.qdmi.json"
    manifest.parent.mkdir()
    device = {"id": package, "library": "libmy.so", "prefix": prefix}
    manifest.write_text(json.dumps({"schema-version": 1, "qdmi": {"devices": [device]}}))
    info = site / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[mqt.core.qdmi.manifests]\n{package} = {package}\n")
    (info / "RECORD").write_text(f"{package}/my.qdmi.json,,\n")
    return manifest


def uninstall(site: Path, package: str) -> None:
    shutil.rmtree(site / package)
    shutil.rmtree(site / f"{package}-1.0.dist-info")


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note down each search through the metadata of all packages."""
    seen: list[str] = []
    entry_points = importlib.metadata.entry_points

    def noted(**parameters: str) -> importlib.metadata.EntryPoints:
        seen.append(parameters["group"])
        return entry_points(group=parameters["group"])

    monkeypatch.setattr(importlib.metadata, "entry_points", noted)
    return seen


def ids() -> list[str]:
    return [entry.id for entry in qdmikit.devices()]


def test_metadata_are_read_once(site: Path, readings: list[str]) -> None:
    install(site, "a_package")
    settle(site)
    for _ in range(3):
        assert registry.find("a_package").prefix == "MY"
    assert len(readings) == 1


def test_a_folder_that_has_only_just_changed_is_not_relied_on(site: Path, readings: list[str]) -> None:
    install(site, "a_package")
    assert "a_package" in ids()
    assert "a_package" in ids()
    assert len(readings) == 2


def test_a_package_that_is_installed_meanwhile_is_found(site: Path) -> None:
    install(site, "a_package")
    settle(site)
    assert "a_package" in ids()
    install(site, "another_package")
    assert {"a_package", "another_package"} <= set(ids())


def test_a_package_that_is_removed_meanwhile_is_gone(site: Path) -> None:
    install(site, "a_package")
    settle(site)
    assert "a_package" in ids()
    uninstall(site, "a_package")
    assert "a_package" not in ids()


def test_a_manifest_that_is_edited_is_read_again(site: Path) -> None:
    manifest = install(site, "a_package", prefix="OLD")
    settle(site, manifest)
    assert registry.find("a_package").prefix == "OLD"
    manifest.write_text(manifest.read_text().replace("OLD", "NEW"))
    assert registry.find("a_package").prefix == "NEW"


def test_a_folder_that_joins_the_search_path_is_looked_into(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readings: list[str]
) -> None:
    install(site, "a_package")
    late = tmp_path / "late"
    late.mkdir()
    install(late, "another_package")
    settle(site, late)
    assert "another_package" not in ids()
    monkeypatch.syspath_prepend(str(late))
    assert "another_package" in ids()
    assert len(readings) == 2


def test_a_folder_without_packages_may_change_all_the_time(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, readings: list[str]
) -> None:
    install(site, "a_package")
    settle(site)
    program = tmp_path / "program"
    program.mkdir()
    monkeypatch.syspath_prepend(str(program))
    assert "a_package" in ids()
    (program / "output").touch()
    assert "a_package" in ids()
    assert len(readings) == 1


@pytest.mark.parametrize("name", ["absent", "file"])
def test_what_is_no_folder_on_the_search_path_does_no_harm(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    install(site, "a_package")
    (tmp_path / "file").touch()
    monkeypatch.syspath_prepend(str(tmp_path / name))
    assert "a_package" in ids()
