# SPDX-License-Identifier: Apache-2.0
"""Device manifests: files named ``*.qdmi.json``, in the schema of mqt-core's QDMI driver (version 1).

A manifest lists devices with their library, prefix and session defaults. Paths in it are relative to its
folder::

    {"schema-version": 1, "qdmi": {"devices": [
      {"id": "my.device", "library": "libmy.so", "prefix": "MY", "session": {"base-url": "https://example.org"}}]}}

A description without library and prefix changes one of the same id that a weaker source gives.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from qdmikit._json_lines import line_of
from qdmikit.errors import ManifestError
from qdmikit.session import PARAMETERS

_STEP = re.compile(r"\.([^.\[]+)|\[(\d+)\]")  # of a place such as $.qdmi.devices[0].id
_C_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_JSON_TYPES: dict[type, str] = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    type(None): "null",
}
_SESSION_KEYS = {name.replace("_", "-"): name for name in PARAMETERS}
_SECRET_KEYS = ("token", "password")
_CONFIG_PARAMETERS = frozenset({"custom1", "custom2"})  # what 'device-config' is passed on as


class Library(NamedTuple):
    """A device library.

    Attributes
    ----------
    path : Path
        The file; it need not exist.
    prefix : str
        What stands before ``_QDMI_`` in its symbols.
    """

    path: Path
    prefix: str


@dataclass(frozen=True, slots=True)
class Description:
    """What one manifest says about one device.

    Attributes
    ----------
    id : str
        The device's.
    library : Library or None
        None in a description that only changes a weaker one.
    session : mapping
        Default session parameters, keyed like the arguments of `qdmikit.open_device`. May hold secrets.
    replaced : frozenset of str
        The parameters whose weaker defaults do not count any more, besides those in `session`.
    enabled : bool or None
        Whether the device is switched on or off; None when the manifest does not say.
    source : Path or str
        The file, or the name of the environment variable that holds the manifest.
    """

    id: str
    library: Library | None
    session: Mapping[str, str] = field(repr=False)
    replaced: frozenset[str]
    enabled: bool | None
    source: Path | str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What one manifest says.

    Attributes
    ----------
    devices : list of Description
        The devices, those that are switched off as well.
    broken : list of tuple
        For each device whose description is no good: its id if that much can be read, and what is wrong.
    source : Path or str
        The file, or the name of the environment variable that holds the manifest.
    """

    devices: list[Description]
    broken: list[tuple[str | None, ManifestError]]
    source: Path | str


class _Reader:
    """Reads JSON values of one manifest; every complaint names it and the place in it, but no value.

    Parameters
    ----------
    source
        As in `Description`.
    exposed
        The file's mode as text, if others than its owner can read it and that matters.
    text
        The manifest's text, to tell lines of it.
    """

    def __init__(self, source: Path | str, exposed: str | None, text: str) -> None:
        self.source = source
        self.exposed = exposed
        self._text = text

    def fail(self, place: str, problem: str, kind: str | None = None) -> ManifestError:
        line = ""
        if isinstance(self.source, Path):  # what is in a variable is on one line, as a rule
            steps = (int(index) if index else name for name, index in _STEP.findall(place))
            line = f", line {line_of(self._text, list(steps))}"
        return ManifestError(f"device manifest {self.source}{line}: {place}: {problem}", kind=kind)

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
        if any("\ud800" <= character <= "\udfff" for character in value):
            raise self.fail(place, "must not have half of a surrogate pair inside")
        return value

    def name(self, value: object, place: str) -> str:
        text = self.text(value, place)
        if not text:
            raise self.fail(place, "must not be empty")
        return text

    def path(self, value: object, place: str) -> Path:
        path = Path(self.name(value, place))
        if isinstance(self.source, Path):
            return self.source.parent / path
        if not path.is_absolute():
            problem = (
                "must be an absolute path: an environment variable has no folder that it could be relative to"
            )
            raise self.fail(place, problem, "RelativePath")
        return path

    def secret(self, value: object, place: str) -> str:
        text = self.text(value, place)
        if self.exposed is not None:
            problem = (
                f"is a secret, but others than its owner can read the file (mode {self.exposed}). Remedy: "
                f"name a file that only you can read in 'auth-file', or chmod go-r {self.source}"
            )
            raise self.fail(place, problem, "ExposedSecret")
        return text


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
        elif key in _SECRET_KEYS:
            session[key] = reader.secret(item, f"{place}.{key}")
        elif key != "device-config":
            session[_SESSION_KEYS[key]] = reader.text(item, f"{place}.{key}")
    if "device-config" in given:
        if {"custom1", "custom2"} & session.keys():
            raise reader.fail(f"{place}.device-config", "cannot stand beside custom1 or custom2")
        session |= _device_config(reader, given["device-config"], f"{place}.device-config")
    return session


def _device(reader: _Reader, value: object, place: str) -> Description:
    given = reader.members(value, place, {"id", "library", "prefix", "enabled", "session"})
    if "id" not in given:
        raise reader.fail(place, "'id' is missing")
    enabled = given.get("enabled")
    if "enabled" in given and not isinstance(enabled, bool):
        raise reader.fail(f"{place}.enabled", f"must be a boolean, not {_json_type(enabled)}")
    library = reader.path(given["library"], f"{place}.library") if "library" in given else None
    prefix = reader.name(given["prefix"], f"{place}.prefix") if "prefix" in given else None
    if prefix is not None and not _C_IDENTIFIER.fullmatch(prefix):
        raise reader.fail(f"{place}.prefix", "must be a C identifier")
    if (library is None) != (prefix is None) and enabled is not False:
        missing, other = ("library", "prefix") if library is None else ("prefix", "library")
        raise reader.fail(place, f"'{missing}' is missing: '{other}' cannot stand without it")
    session = given.get("session", {})
    return Description(
        id=reader.name(given["id"], f"{place}.id"),
        library=Library(library, prefix) if library is not None and prefix is not None else None,
        session=_session(reader, session, f"{place}.session"),
        replaced=_CONFIG_PARAMETERS
        if isinstance(session, dict) and "device-config" in session
        else frozenset(),
        enabled=enabled if isinstance(enabled, bool) else None,
        source=reader.source,
    )


def _id_of(value: object) -> str | None:
    found = value.get("id") if isinstance(value, dict) else None
    return found if isinstance(found, str) else None


def _load(content: bytes, source: Path | str) -> tuple[str, object]:
    try:
        text = content.decode("utf-8")
        return text, json.loads(text)
    except UnicodeDecodeError as error:
        raise ManifestError(f"device manifest {source} cannot be read: {error}") from error
    except (ValueError, RecursionError) as error:
        raise ManifestError(f"device manifest {source} is not valid JSON: {error}") from error


def read_manifest(source: Path) -> Manifest:
    """Read a manifest's file. Loads no library.

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
    real = source.resolve()
    try:
        content = real.read_bytes()
    except OSError as error:
        raise ManifestError(f"device manifest {real} cannot be read: {error}") from error
    return parse_manifest(content, real)


def parse_manifest(content: bytes, source: Path | str, *, exposed: str | None = None) -> Manifest:
    """Read a manifest's text. Loads no library.

    Parameters
    ----------
    content
        The text.
    source
        The absolute path of the file, or the name of the environment variable that it was in.
    exposed
        The file's mode as text, if others than its owner can read it and that matters: secrets are refused.

    Returns
    -------
    Manifest
        Devices whose description is no good are listed as such; they do not hide the others.

    Raises
    ------
    ManifestError
        If the text as a whole is no good.
    """
    text, value = _load(content, source)
    reader = _Reader(source, exposed, text)
    root = reader.members(value, "$", {"schema-version", "qdmi"})
    version = root.get("schema-version")
    if type(version) is not int or version != 1:
        raise reader.fail("$.schema-version", "must be 1, the only version that there is")
    descriptions = reader.members(root.get("qdmi", {}), "$.qdmi", {"devices"}).get("devices", [])
    if not isinstance(descriptions, list):
        raise reader.fail("$.qdmi.devices", f"must be a list, not {_json_type(descriptions)}")

    manifest = Manifest(devices=[], broken=[], source=source)
    ids = [_id_of(description) for description in descriptions]
    for i, description in enumerate(descriptions):
        place = f"$.qdmi.devices[{i}]"
        try:
            if ids[i] is not None and ids.count(ids[i]) > 1:
                raise reader.fail(f"{place}.id", f"'{ids[i]}' is there more than once")
            manifest.devices.append(_device(reader, description, place))
        except ManifestError as error:
            manifest.broken.append((ids[i], error))
    return manifest
