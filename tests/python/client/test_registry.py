# SPDX-License-Identifier: Apache-2.0
"""Finding devices in installed packages."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import qdmikit

Install = Callable[..., Path]
RIGHT, WRONG = "right", "wrong"  # tokens to the scripted device


def manifest(*devices: dict[str, object]) -> str:
    return json.dumps({"schema-version": 1, "qdmi": {"devices": devices}})


def device(device_id: str, library: str = "libmy.so", prefix: str = "MY") -> dict[str, object]:
    return {"id": device_id, "library": library, "prefix": prefix}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Install a package, made of nothing but manifests, as pip would."""

    def install_package(
        package: str, manifests: dict[str, str], *, anchor: str | None = None, recorded: bool = True
    ) -> Path:
        site = tmp_path / f"site-{package}"
        folder = site / package
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text("raise AssertionError('packages of devices are not imported')")
        for name, content in manifests.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        info = site / f"{package}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        (info / "entry_points.txt").write_text(
            f"[mqt.core.qdmi.manifests]\n{package} = {anchor or package}\n"
        )
        files = [f"{package}/{name}" for name in manifests] if recorded else []
        (info / "RECORD").write_text("".join(f"{file},,\n" for file in files))
        monkeypatch.syspath_prepend(str(site))
        return folder

    return install_package


def ids() -> list[str]:
    return [entry.id for entry in qdmikit.devices()]


def test_devices_of_installed_packages_are_listed(install: Install) -> None:
    folder = install("vendor_a", {"lib/a.qdmi.json": manifest(device("a.one"), device("a.two"))})
    found = {entry.id: entry for entry in qdmikit.devices()}
    assert {"a.one", "a.two", "mqt.ddsim.default"} <= found.keys()
    assert found["a.one"].library == folder / "lib" / "libmy.so"
    assert found["a.one"].source == folder / "lib" / "a.qdmi.json"
    assert list(found) == sorted(found)


def test_listing_loads_no_library(install: Install) -> None:
    install("vendor_a", {"a.qdmi.json": manifest(device("a.one"))})
    assert "a.one" in ids()
    with pytest.raises(qdmikit.LoadError, match=r"libmy\.so"):
        qdmikit.open_device("a.one")


def test_packages_that_record_no_files_are_looked_into(install: Install) -> None:
    install("vendor_editable", {"lib/a.qdmi.json": manifest(device("a.editable"))}, recorded=False)
    assert "a.editable" in ids()


def test_an_anchor_narrows_the_search(install: Install) -> None:
    install(
        "vendor_a",
        {"x/a.qdmi.json": manifest(device("a.x")), "y/a.qdmi.json": manifest(device("a.y"))},
        anchor="vendor_a.x",
    )
    assert "a.x" in ids()
    assert "a.y" not in ids()


def test_opening_by_id_uses_the_manifests_session(
    install: Install, library_named: Callable[[str], Path]
) -> None:
    described = device("a.scripted", str(library_named("scripted-device")), "SCRIPTED")
    install("vendor_a", {"a.qdmi.json": manifest(described | {"session": {"token": WRONG}})})
    with pytest.raises(qdmikit.PermissionDenied):
        qdmikit.open_device("a.scripted")
    opened = qdmikit.open_device("a.scripted", token=RIGHT)
    assert opened.id == "a.scripted"
    assert repr(opened) == "<qdmikit.Device 'a.scripted' from libscripted-device.so>"


def test_the_package_of_a_device_is_not_imported(
    install: Install, library_named: Callable[[str], Path]
) -> None:
    described = device("a.scripted", str(library_named("scripted-device")), "SCRIPTED")
    install("vendor_a", {"a.qdmi.json": manifest(described)})
    assert qdmikit.open_device("a.scripted").name == "Scripted"
    assert "vendor_a" not in sys.modules


@pytest.mark.parametrize("content", ["{", manifest({"id": "b.broken"})], ids=["file", "device"])
def test_a_broken_manifest_is_warned_about_and_hides_nothing(install: Install, content: str) -> None:
    install("vendor_a", {"a.qdmi.json": manifest(device("a.one"))})
    broken = install("vendor_b", {"b.qdmi.json": content}) / "b.qdmi.json"
    with pytest.warns(RuntimeWarning, match=str(broken)):
        found = qdmikit.devices()
    assert "a.one" in [entry.id for entry in found]


def test_opening_a_broken_device_raises_what_is_wrong_with_it(install: Install) -> None:
    install("vendor_b", {"b.qdmi.json": manifest(device("b.good"), {"id": "b.broken", "library": 5})})
    with pytest.raises(qdmikit.ManifestError, match=r"devices\[1\]"):
        qdmikit.open_device("b.broken")


def test_opening_an_unknown_id_tells_the_known_ones_and_what_could_not_be_read(install: Install) -> None:
    install("vendor_a", {"a.qdmi.json": manifest(device("a.one"))})
    install("vendor_b", {"b.qdmi.json": "{"})
    with pytest.raises(LookupError, match="no device with the id 'nobody'") as caught:
        qdmikit.open_device("nobody")
    assert "a.one" in str(caught.value)
    assert "b.qdmi.json is not valid JSON" in str(caught.value)


def test_an_id_of_two_packages_is_nobodys(install: Install) -> None:
    install("vendor_a", {"a.qdmi.json": manifest(device("same"), device("a.one"))})
    install("vendor_b", {"b.qdmi.json": manifest(device("same"))})
    with pytest.warns(RuntimeWarning, match="'same' is in several manifests"):
        found = [entry.id for entry in qdmikit.devices()]
    assert "same" not in found
    assert "a.one" in found
    with pytest.raises(
        qdmikit.ManifestError, match=r"a\.qdmi\.json and .*b\.qdmi\.json|b\.qdmi\.json and .*a\.qdmi\.json"
    ):
        qdmikit.open_device("same")


def test_a_manifest_that_is_advertised_twice_counts_once(install: Install) -> None:
    folder = install("vendor_a", {"a.qdmi.json": manifest(device("a.one"))})
    second = folder.parent / "vendor_alias-1.0.dist-info"
    second.mkdir()
    (second / "METADATA").write_text("Metadata-Version: 2.1\nName: vendor-alias\nVersion: 1.0\n")
    (second / "entry_points.txt").write_text("[mqt.core.qdmi.manifests]\nalias = vendor_a\n")
    (second / "RECORD").write_text("vendor_a/a.qdmi.json,,\n")
    assert ids().count("a.one") == 1


def test_a_device_that_is_switched_off_is_not_listed(install: Install) -> None:
    install("vendor_a", {"a.qdmi.json": manifest(device("a.off") | {"enabled": False})})
    assert "a.off" not in ids()
    with pytest.raises(qdmikit.NotFound, match="switched off"):
        qdmikit.open_device("a.off")


@pytest.mark.parametrize("anchor", ["../elsewhere", "vendor_empty"])
def test_an_entry_point_that_leads_nowhere_is_warned_about(install: Install, anchor: str) -> None:
    install("vendor_empty", {}, anchor=anchor)
    with pytest.warns(RuntimeWarning, match="entry point 'vendor_empty'"):
        qdmikit.devices()
