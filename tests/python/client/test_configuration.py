# SPDX-License-Identifier: Apache-2.0
"""Where devices are found besides installed packages: in the environment, for the user, for the system."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import qdmikit

if TYPE_CHECKING:
    from tests.python.client.conftest import Places

LIST_WITH_MQT_CORE = """
from mqt.core.qdmi import builtin_driver
print(*builtin_driver.registered_device_ids())
"""
# Prints each manifest when it is opened, and what importing alone brings in.
WATCH = """
import sys
def watch(event, arguments):
    # An opening with flags is announced twice, the second time without a mode.
    if event == "open" and str(arguments[0]).endswith(".qdmi.json") and arguments[1] is not None:
        print(arguments[0])
sys.addaudithook(watch)
import qdmikit
print("imported", *sys.modules)
qdmikit.devices()
"""


def device(device_id: str) -> dict[str, object]:
    return {"id": device_id, "library": "libmy.so", "prefix": "MY"}


def found() -> dict[str, qdmikit.DeviceEntry]:
    return {entry.id: entry for entry in qdmikit.devices()}


def only_warning() -> str:
    with pytest.warns(RuntimeWarning) as warned:
        qdmikit.devices()
    (warning,) = warned
    return str(warning.message)


def test_manifests_of_the_system_and_of_the_user_are_found(places: Places) -> None:
    system = places.write_system(device("a.system"))
    user = places.write_user(device("a.user"))
    entries = found()
    assert (entries["a.system"].rank, entries["a.system"].source) == ("system", system)
    assert (entries["a.user"].rank, entries["a.user"].source) == ("user", user)
    assert entries["a.user"].library == user.parent / "libmy.so"
    assert entries["mqt.ddsim.default"].rank == "package"


def test_a_machine_without_configuration_has_the_devices_of_packages(places: Places) -> None:
    assert not places.user.exists()
    assert {entry.rank for entry in qdmikit.devices()} == {"package"}


def test_xdg_folders_are_honoured(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    places.write_user(device("a.home"))
    places.write_system(device("a.etc"))
    places.write(places.system / "xdg/qdmikit/devices.d/a.qdmi.json", device("a.default"))
    assert {"a.home", "a.etc", "a.default"} <= found().keys()

    for name in ("user", "one", "two"):
        places.write(places.root / name / "qdmikit/devices.d/a.qdmi.json", device(f"a.{name}"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(places.root / "user"))
    monkeypatch.setenv("XDG_CONFIG_DIRS", f"{places.root / 'one'}:{places.root / 'two'}")
    entries = found()
    assert {"a.user", "a.one", "a.two", "a.etc"} <= entries.keys()
    assert not {"a.home", "a.default"} & entries.keys()
    assert [entries[f"a.{name}"].rank for name in ("user", "one", "two")] == ["user", "system", "system"]


def test_relative_xdg_folders_are_ignored(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    places.write(places.root / "here/qdmikit/devices.d/a.qdmi.json", device("a.here"))
    places.write_user(device("a.home"))
    monkeypatch.chdir(places.root)
    monkeypatch.setenv("XDG_CONFIG_HOME", "here")
    monkeypatch.setenv("XDG_CONFIG_DIRS", "here")
    entries = found()
    assert "a.home" in entries
    assert "a.here" not in entries


@pytest.mark.parametrize("home", [None, "", "."])
def test_a_user_without_a_home_has_no_configuration(
    places: Places, monkeypatch: pytest.MonkeyPatch, home: str | None
) -> None:
    places.write(places.root / ".config/qdmikit/devices.d/a.qdmi.json", device("a.here"))
    places.write_system(device("a.system"))
    monkeypatch.chdir(places.root)
    if home is None:
        monkeypatch.delenv("HOME")
        monkeypatch.setattr("pathlib.Path.home", lambda: (_ for _ in ()).throw(RuntimeError))
    else:
        monkeypatch.setenv("HOME", home)
    entries = found()
    assert "a.system" in entries
    assert "a.here" not in entries


def test_the_working_directory_is_not_looked_at(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("qdmi.json", "here.qdmi.json", "qdmikit/devices.d/a.qdmi.json"):
        places.write(places.root / name, device("a.here"))
    monkeypatch.chdir(places.root)
    monkeypatch.setenv("QDMI_ENDPOINT", "https://example.org")
    assert "a.here" not in found()


def test_the_environment_names_files_and_folders(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    file = places.write(places.root / "any-name.json", device("a.file"))
    folder = places.write(places.root / "folder" / "a.qdmi.json", device("a.folder")).parent
    places.write(folder / "readme.json", device("a.other"))
    places.write(folder / ".#a.qdmi.json", device("a.hidden"))
    monkeypatch.setenv("QDMIKIT_DEVICES", f"{file}{os.pathsep}{os.pathsep}{folder}{os.pathsep}")
    entries = found()
    assert {"a.file", "a.folder"} <= entries.keys()
    assert not {"a.other", "a.hidden"} & entries.keys()
    assert {entries["a.file"].rank, entries["a.folder"].rank} == {"environment"}


@pytest.mark.parametrize("variable", ["QDMIKIT_DEVICES", "MQT_CORE_QDMI_CONFIG_FILE"])
@pytest.mark.parametrize("name", ["a.qdmi.json", "./a.qdmi.json", "~/a.qdmi.json"])
def test_the_environment_must_not_name_relative_paths(
    places: Places, monkeypatch: pytest.MonkeyPatch, variable: str, name: str
) -> None:
    places.write(places.root / "a.qdmi.json", device("a.here"))
    monkeypatch.chdir(places.root)
    monkeypatch.setenv(variable, name)
    assert only_warning() == (
        f"environment variable {variable}: '{name}' is not an absolute path. Remedy: write it in full"
    )
    with pytest.raises(qdmikit.ManifestError, match="not an absolute path") as caught:
        qdmikit.open_device("a.here")
    assert caught.value.kind == "RelativePath"


@pytest.mark.parametrize("variable", ["QDMIKIT_DEVICES", "MQT_CORE_QDMI_CONFIG_FILE"])
def test_what_the_environment_names_must_be_there(
    places: Places, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(places.root / "absent"))
    assert f"environment variable {variable}: there is no {places.root / 'absent'}" in only_warning()


def test_a_manifest_in_the_environment_is_read(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    described = {"id": "a.inline", "library": str(places.root / "libmy.so"), "prefix": "MY"}
    monkeypatch.setenv("MQT_CORE_QDMI_CONFIG_JSON", places.text(described))
    entry = found()["a.inline"]
    assert (entry.rank, entry.source) == ("environment", "MQT_CORE_QDMI_CONFIG_JSON")
    assert entry.library == places.root / "libmy.so"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"library": "libmy.so"}, "library"),
        ({"session": {"auth-file": "tokens.json"}}, "session.auth-file"),
        ({"session": {"device-config": {"file": "c.json"}}}, "session.device-config.file"),
    ],
)
def test_a_manifest_in_the_environment_must_not_have_relative_paths(
    places: Places, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], place: str
) -> None:
    described = device("a.inline") | {"library": "/opt/libmy.so"} | change
    monkeypatch.setenv("MQT_CORE_QDMI_CONFIG_JSON", places.text(described))
    where = f"MQT_CORE_QDMI_CONFIG_JSON: $.qdmi.devices[0].{place}: must be an absolute path"
    assert where in only_warning()
    with pytest.raises(qdmikit.ManifestError) as caught:
        qdmikit.open_device("a.inline")
    assert caught.value.kind == "RelativePath"


def test_files_of_mqt_core_are_read(places: Places) -> None:
    places.write(places.system / "mqt-core/qdmi.json", device("a.system"))
    places.write(places.user / "mqt-core/qdmi.json", device("a.user"))
    entries = found()
    assert (entries["a.system"].rank, entries["a.user"].rank) == ("system", "user")


def test_an_explicit_file_of_mqt_core_stands_in_for_its_others(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    places.write(places.system / "mqt-core/qdmi.json", device("a.system"))
    places.write(places.user / "mqt-core/qdmi.json", device("a.user"))
    places.write_user(device("a.own"))
    explicit = places.write(places.root / "qdmi.json", device("a.explicit"))
    monkeypatch.setenv("MQT_CORE_QDMI_CONFIG_FILE", str(explicit))
    entries = found()
    assert entries["a.explicit"].rank == "environment"
    assert "a.own" in entries
    assert not {"a.system", "a.user"} & entries.keys()


def test_one_file_serves_mqt_core_too(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    places.write(
        places.user / "mqt-core/qdmi.json", device("a.user"), {"id": "mqt.sc.default", "enabled": False}
    )
    monkeypatch.setenv(
        "MQT_CORE_QDMI_CONFIG_JSON", places.text(device("a.inline") | {"library": "/opt/libmy.so"})
    )
    done = subprocess.run(
        [sys.executable, "-c", LIST_WITH_MQT_CORE],
        cwd=places.root,
        check=True,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == sorted(found())


def test_a_file_that_can_be_reached_twice_counts_once(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = places.write_user(device("a.one"))
    (user.parent / "link.qdmi.json").symlink_to(user)
    assert found()["a.one"].rank == "user"
    monkeypatch.setenv("QDMIKIT_DEVICES", str(user))
    assert found()["a.one"].rank == "environment"


def test_listing_reads_each_file_once_and_importing_reads_nothing(places: Places) -> None:
    own = [
        places.write_user(device("a.one")),
        places.write_user(device("a.two"), name="other"),
        places.write(places.system / "xdg/qdmikit/devices.d/a.qdmi.json", device("a.three")),
    ]
    environment = {**os.environ, "XDG_CONFIG_DIRS": str(places.system / "xdg")}
    done = subprocess.run(
        [sys.executable, "-c", WATCH], env=environment, check=True, capture_output=True, text=True
    )
    imported, *opened = done.stdout.splitlines()
    assert imported.startswith("imported ")
    costly = {"importlib.metadata", "json", "qdmikit.configuration", "qdmikit.manifest", "qdmikit.packages"}
    assert not costly & set(imported.split())
    assert {str(path) for path in own} <= set(opened)
    assert len(opened) == len(set(opened))


def test_an_entry_of_a_folder_that_is_no_file_is_named(places: Places) -> None:
    folder = places.write_user(device("a.one")).parent
    (folder / "folder.qdmi.json").mkdir()
    assert "folder.qdmi.json cannot be read: " in only_warning()
    (folder / "folder.qdmi.json").rmdir()
    os.mkfifo(folder / "pipe.qdmi.json")
    assert "pipe.qdmi.json cannot be read: it is no regular file" in only_warning()
    (folder / "pipe.qdmi.json").unlink()
    (folder / "loop.qdmi.json").symlink_to("loop.qdmi.json")
    assert "loop.qdmi.json cannot be read: " in only_warning()
    (folder / "loop.qdmi.json").unlink()
    (folder / "dangling.qdmi.json").symlink_to("absent")
    assert "dangling.qdmi.json cannot be read: " in only_warning()


def test_a_folder_that_is_a_file_is_named(places: Places) -> None:
    places.write_text(places.user / "qdmikit" / "devices.d", "")
    assert "folder of device manifests cannot be read" in only_warning()
