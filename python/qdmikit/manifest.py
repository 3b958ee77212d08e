# SPDX-License-Identifier: Apache-2.0
"""Device manifests: files named ``*.qdmi.json``, in the schema of mqt-core's QDMI driver (version 1).

A manifest lists devices with their library, prefix and session defaults. Paths in it are relative to its
folder::

    {"schema-version": 1, "qdmi": {"devices": [
      {"id": "my.device", "library": "libmy.so", "prefix": "MY", "session": {"base-url": "https://example.org"}}]}}
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from qdmikit.errors import ManifestError
from qdmikit.session import PARAMETERS

_C_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_JSON_TYPES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
}
_SESSION_KEYS = {name.replace("_", "-"): name for name in PARAMETERS}


@dataclass(frozen=True, slots=True)
class DeviceEntry:
    """A device that can be opened by its id.

    Attributes
    ----------
    id : str
        For `qdmikit.open_device`.
    library : Path
        The device library; it need not exist.
    prefix : str
        What stands before ``_QDMI_`` in the library's symbols.
    session : mapping
        Default session parameters, keyed like the arguments of `qdmikit.open_device`. May hold secrets.
    source : Path
        The manifest that says so.
    """

    id: str
    library: Path
    prefix: str
    session: Mapping[str, str] = field(repr=False)
    source: Path


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one manifest says.

    Attributes
    ----------
    devices : list of DeviceEntry
        The devices that can be opened.
    disabled : list of str
        The ids of those that are switched off.
    broken : list of tuple
        For each device whose description is no good: its id if that much can be read, and what is wrong.
    """

    devices: list[DeviceEntry]
    disabled: list[str]
    broken: list[tuple[str | None, ManifestError]]


class _Reader:
    """Reads JSON values of one file; every complaint names the file and the place in it, but no value."""

    def __init__(self, source: Path) -> None:
        self.source = source

    def fail(self, place: str, problem: str) -> ManifestError:
        return ManifestError(f"device manifest {self.source}: {place}: {problem}", library=None)

    def members(self, value: object, place: str, known: Collection[str]) -> dict[str, object]:
        if not isinstance(value, dict):
            raise self.fail(place, f"must be an object, not {_json_type(value)}")
        for key in value:
            if key not in known:
                raise self.fail(f"{place}.{key}", f"unknown key; known are {', '.join(sorted(known))}")
        return value

    def text(self, value: object, place: str) -> str:
        if not isinstance(value, str):
            raise self.fail(place, f"must be a string, not {_json_type(value)}")
        if "\0" in value:
            raise self.fail(place, "must not have a NUL character inside")
        return value

    def name(self, value: object, place: str) -> str:
        text = self.text(value, place)
        if not text:
            raise self.fail(place, "must not be empty")
        return text

    def path(self, value: object, place: str) -> Path:
        return self.source.parent / self.name(value, place)


def _json_type(value: object) -> str:
    return _JSON_TYPES.get(type(value), "a number")


def _device_config(reader: _Reader, value: object, place: str) -> dict[str, str]:
    config = reader.members(value, place, {"inline", "file"})
    if len(config) != 1:
        raise reader.fail(place, "must have either 'inline' or 'file'")
    if "inline" in config:
        if not isinstance(config["inline"], dict):
            raise reader.fail(f"{place}.inline", f"must be an object, not {_json_type(config['inline'])}")
        return {"custom1": json.dumps(config["inline"], separators=(",", ":"), ensure_ascii=False)}
    return {"custom2": str(reader.path(config["file"], f"{place}.file"))}


def _session(reader: _Reader, value: object, place: str) -> dict[str, str]:
    given = reader.members(value, place, {*_SESSION_KEYS, "device-config"})
    session = {}
    for key, item in given.items():
        if key == "auth-file":
            session["auth_file"] = str(reader.path(item, f"{place}.{key}"))
        elif key != "device-config":
            session[_SESSION_KEYS[key]] = reader.text(item, f"{place}.{key}")
    if "device-config" in given:
        if {"custom1", "custom2"} & session.keys():
            raise reader.fail(f"{place}.device-config", "cannot stand beside custom1 or custom2")
        session |= _device_config(reader, given["device-config"], f"{place}.device-config")
    return session


def _device(reader: _Reader, value: object, place: str) -> DeviceEntry | str:
    """Return a device, or the id of one that is switched off."""
    given = reader.members(value, place, {"id", "library", "prefix", "enabled", "session"})
    for key in ("id", "library", "prefix"):
        if key not in given and (key == "id" or given.get("enabled", True)):
            raise reader.fail(place, f"'{key}' is missing")
    enabled = given.get("enabled", True)
    if not isinstance(enabled, bool):
        raise reader.fail(f"{place}.enabled", f"must be a boolean, not {_json_type(enabled)}")
    device_id = reader.name(given["id"], f"{place}.id")
    if not enabled:
        return device_id
    prefix = reader.name(given["prefix"], f"{place}.prefix")
    if not _C_IDENTIFIER.fullmatch(prefix):
        raise reader.fail(f"{place}.prefix", "must be a C identifier")
    return DeviceEntry(
        id=device_id,
        library=reader.path(given["library"], f"{place}.library"),
        prefix=prefix,
        session=_session(reader, given.get("session", {}), f"{place}.session"),
        source=reader.source,
    )


def _id_of(value: object) -> str | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _load(source: Path) -> object:
    try:
        return json.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ManifestError(f"device manifest {source} cannot be read: {error}") from error
    except json.JSONDecodeError as error:
        raise ManifestError(f"device manifest {source} is not valid JSON: {error}") from error


def read_manifest(source: Path) -> Manifest:
    """Read a manifest. Loads no library.

    Parameters
    ----------
    source
        The file.

    Returns
    -------
    Manifest
        Devices whose description is no good are listed as such; they do not hide the others.

    Raises
    ------
    ManifestError
        If the file as a whole is no good.
    """
    reader = _Reader(source.resolve())
    root = reader.members(_load(reader.source), "$", {"schema-version", "qdmi"})
    if root.get("schema-version") != 1 or isinstance(root["schema-version"], bool):
        raise reader.fail("$.schema-version", "must be 1, the only version that there is")
    descriptions = reader.members(root.get("qdmi", {}), "$.qdmi", {"devices"}).get("devices", [])
    if not isinstance(descriptions, list):
        raise reader.fail("$.qdmi.devices", f"must be a list, not {_json_type(descriptions)}")

    manifest = Manifest(devices=[], disabled=[], broken=[])
    ids = [_id_of(description) for description in descriptions]
    for i, description in enumerate(descriptions):
        place = f"$.qdmi.devices[{i}]"
        try:
            if ids[i] is not None and ids.count(ids[i]) > 1:
                raise reader.fail(f"{place}.id", f"'{ids[i]}' is there more than once")
            device = _device(reader, description, place)
        except ManifestError as error:
            manifest.broken.append((ids[i], error))
        else:
            if isinstance(device, DeviceEntry):
                manifest.devices.append(device)
            else:
                manifest.disabled.append(device)
    return manifest
