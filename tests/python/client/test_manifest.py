# SPDX-License-Identifier: Apache-2.0
"""Reading ``*.qdmi.json`` files."""

import json
from pathlib import Path
from typing import Any

import pytest

import qdmikit
from qdmikit.manifest import Manifest, read_manifest

GOOD: dict[str, Any] = {"id": "my.device", "library": "libmy.so", "prefix": "MY"}


def write(folder: Path, content: object) -> Path:
    source = folder / "my.qdmi.json"
    source.write_text(content if isinstance(content, str) else json.dumps(content))
    return source


def manifest_of(folder: Path, *devices: object) -> Manifest:
    return read_manifest(write(folder, {"schema-version": 1, "qdmi": {"devices": list(devices)}}))


def problem_of(folder: Path, device: object) -> str:
    manifest = manifest_of(folder, device)
    assert manifest.devices == []
    ((_, error),) = manifest.broken
    assert str(folder / "my.qdmi.json") in str(error)
    return str(error)


def test_a_device_with_all_there_is(tmp_path: Path) -> None:
    session = {"base-url": "u", "token": "t", "auth-file": "a/f", "auth-url": "v", "username": "n"}
    session |= {"password": "p", "custom1": "1", "custom5": "5"}
    (entry,) = manifest_of(tmp_path, GOOD | {"enabled": True, "session": session}).devices
    assert entry.id == "my.device"
    assert entry.library == (tmp_path / "libmy.so", "MY")
    assert entry.enabled
    assert entry.source == tmp_path / "my.qdmi.json"
    assert entry.session == {
        "base_url": "u",
        "token": "t",
        "auth_file": str(tmp_path / "a/f"),
        "auth_url": "v",
        "username": "n",
        "password": "p",
        "custom1": "1",
        "custom5": "5",
    }


def test_paths_belong_to_the_manifests_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    write(tmp_path, {"schema-version": 1, "qdmi": {"devices": [GOOD]}})
    monkeypatch.chdir(tmp_path)
    (entry,) = read_manifest(Path("my.qdmi.json")).devices
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert entry.library == (tmp_path / "libmy.so", "MY")
    (absolute,) = manifest_of(tmp_path, GOOD | {"library": "/opt/libmy.so"}).devices
    assert absolute.library == (Path("/opt/libmy.so"), "MY")


def test_device_configuration_becomes_custom_parameters(tmp_path: Path) -> None:
    inline = GOOD | {"session": {"device-config": {"inline": {"a": [1, "ü"]}}}}
    (entry,) = manifest_of(tmp_path, inline).devices
    assert entry.session == {"custom1": '{"a":[1,"ü"]}'}
    (entry,) = manifest_of(tmp_path, GOOD | {"session": {"device-config": {"file": "c.json"}}}).devices
    assert entry.session == {"custom2": str(tmp_path / "c.json")}


def test_a_device_that_is_switched_off_needs_no_library(tmp_path: Path) -> None:
    for device in ({"id": "my.device"}, {"id": "my.device", "library": "libmy.so"}):
        (entry,) = manifest_of(tmp_path, device | {"enabled": False}).devices
        assert entry.library is None
        assert entry.enabled is False


def test_a_description_without_library_and_prefix_is_meant_to_change_another(tmp_path: Path) -> None:
    (entry,) = manifest_of(tmp_path, {"id": "my.device", "session": {"base-url": "u"}}).devices
    assert entry.library is None
    assert entry.enabled is None
    assert entry.session == {"base_url": "u"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"extra": 1}, r"$.qdmi.devices[0].extra: unknown key"),
        ({"id": 5}, r"$.qdmi.devices[0].id: must be a string, not a number"),
        ({"id": ""}, r"$.qdmi.devices[0].id: must not be empty"),
        ({"library": None}, r"$.qdmi.devices[0].library: must be a string, not null"),
        ({"prefix": "1-2"}, r"$.qdmi.devices[0].prefix: must be a C identifier"),
        ({"prefix": "A\0B"}, r"$.qdmi.devices[0].prefix: must not have a NUL"),
        ({"enabled": "yes"}, r"$.qdmi.devices[0].enabled: must be a boolean, not a string"),
        ({"session": []}, r"$.qdmi.devices[0].session: must be an object, not a list"),
        ({"session": {"base_url": "u"}}, r"$.qdmi.devices[0].session.base_url: unknown key"),
        ({"session": {"username": "\ud800"}}, r"$.qdmi.devices[0].session.username: must not have half of"),
        ({"session": {"token": True}}, r"$.qdmi.devices[0].session.token: must be a string, not a boolean"),
        ({"session": {"device-config": {}}}, r"$.qdmi.devices[0].session.device-config: must have either"),
        (
            {"session": {"device-config": {"inline": {}, "file": "f"}}},
            r"$.qdmi.devices[0].session.device-config: must have either",
        ),
        (
            {"session": {"device-config": {"inline": "x"}}},
            r"$.qdmi.devices[0].session.device-config.inline: must be an object, not a string",
        ),
        (
            {"session": {"device-config": {"inline": {}}, "custom1": "c"}},
            r"$.qdmi.devices[0].session.device-config: cannot stand beside",
        ),
    ],
)
def test_a_mistake_in_a_device_is_named_with_its_place(
    tmp_path: Path, change: dict[str, object], place: str
) -> None:
    assert place in problem_of(tmp_path, GOOD | change)


@pytest.mark.parametrize("missing", ["id", "library", "prefix"])
def test_what_a_device_lacks_is_named(tmp_path: Path, missing: str) -> None:
    device = {key: value for key, value in GOOD.items() if key != missing}
    assert f"$.qdmi.devices[0]: '{missing}' is missing" in problem_of(tmp_path, device)


def test_a_broken_device_does_not_hide_the_others(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, GOOD, {"id": "broken", "library": 5}, "nonsense")
    assert [entry.id for entry in manifest.devices] == ["my.device"]
    assert [device_id for device_id, _ in manifest.broken] == ["broken", None]


def test_an_id_that_is_there_twice_is_nobodys(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path, GOOD, GOOD, GOOD | {"id": "other"})
    assert [entry.id for entry in manifest.devices] == ["other"]
    assert all("more than once" in str(error) for _, error in manifest.broken)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("{", "not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ('{"schema-version": ' + "1" * 5000 + "}", "not valid JSON"),
        ([], r"$: must be an object, not a list"),
        ({}, r"$.schema-version: must be 1"),
        ({"schema-version": 2}, r"$.schema-version: must be 1"),
        ({"schema-version": True}, r"$.schema-version: must be 1"),
        ({"schema-version": 1.0}, r"$.schema-version: must be 1"),
        ({"schema-version": 1, "qdmi": {}, "more": 1}, r"$.more: unknown key"),
        ({"schema-version": 1, "qdmi": {"drivers": []}}, r"$.qdmi.drivers: unknown key"),
        ({"schema-version": 1, "qdmi": {"devices": {}}}, r"$.qdmi.devices: must be a list, not an object"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, content: object, problem: str) -> None:
    source = write(tmp_path, content)
    with pytest.raises(qdmikit.ManifestError) as caught:
        read_manifest(source)
    assert str(source) in str(caught.value)
    assert problem in str(caught.value)
    assert isinstance(caught.value, ValueError)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(qdmikit.ManifestError, match=r"absent\.qdmi\.json cannot be read: .*No such file"):
        read_manifest(tmp_path / "absent.qdmi.json")
    (tmp_path / "latin.qdmi.json").write_bytes(b'{"\xff": 1}')
    with pytest.raises(qdmikit.ManifestError, match="cannot be read"):
        read_manifest(tmp_path / "latin.qdmi.json")


def test_the_line_of_a_mistake_is_told(tmp_path: Path) -> None:
    devices = [GOOD | {"id": 'a {[,\\"b'}, GOOD | {"session": {"token": 5}}]
    text = json.dumps({"schema-version": 1, "qdmi": {"devices": devices}}, indent=2)
    (wrong,) = [number for number, line in enumerate(text.splitlines(), 1) if '"token": 5' in line]
    ((_, error),) = read_manifest(write(tmp_path, text)).broken
    assert f"my.qdmi.json, line {wrong}: $.qdmi.devices[1].session.token: must be a string" in str(error)


def test_the_line_of_what_lacks_something_is_told(tmp_path: Path) -> None:
    text = '{"schema-version": 1,\n "qdmi": {"devices": [\n  {"id": "my.device",\n   "prefix": "MY"}]}}'
    ((_, error),) = read_manifest(write(tmp_path, text)).broken
    assert "my.qdmi.json, line 3: $.qdmi.devices[0]: 'library' is missing" in str(error)


def test_the_line_of_a_mistake_in_the_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(qdmikit.ManifestError, match=r"line 2: \$\.more: unknown key"):
        read_manifest(write(tmp_path, '{"schema-version": 1,\n "more": 1}'))
    with pytest.raises(qdmikit.ManifestError, match=r"not valid JSON: .*line 2 column 8"):
        read_manifest(write(tmp_path, '{"schema-version": 1,\n "qdmi"}'))
