# SPDX-License-Identifier: Apache-2.0
"""Profiles that are files: TOML, or JSON of the same shape."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any, TypeVar

from qdmikit.conformance.enumerators import JobParameter, ProgramFormat, Status
from qdmikit.conformance.profile import BadSession, JobOption, Parameters, Profile, Program
from qdmikit.conformance.session_values import parameter, resolved

if TYPE_CHECKING:
    from collections.abc import Callable
    from enum import IntEnum
    from pathlib import Path

    Kind = TypeVar("Kind", bound=IntEnum)

Value = TypeVar("Value")

_ONE_PROGRAM = ("bell", "one", "registers", "wide", "unmeasured", "malformed")


_KINDS: dict[type, str] = {
    str: "text",
    int: "a number",
    bool: "true or false",
    list: "a list",
    dict: "a table",
    type(None): "missing",
}


class ProfileError(ValueError):
    """A profile that cannot be used; the text says where, and what may stand there."""


def read_profile_fields(path: Path) -> dict[str, Any]:
    """Read a profile's fields from a file.

    Parameters
    ----------
    path
        TOML, or JSON when its name ends with `.json`. Paths in it begin at its folder.

    Returns
    -------
    dict
        Arguments of `Profile`. Its `library` and `prefix` may be missing.

    Raises
    ------
    ProfileError
        When it cannot be read, or something in it is not understood.
    """
    try:
        text = path.read_text()
        table = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except OSError as problem:
        raise ProfileError(f"{path} cannot be read: {problem.strerror}") from None
    except ValueError as problem:  # of json, tomllib and UTF-8
        raise ProfileError(f"{path} cannot be understood: {problem}") from None
    try:
        return _Reader(path.parent).fields(table)
    except ValueError as problem:
        raise ProfileError(f"{path}: {problem}") from None


def read_profile(path: Path) -> Profile:
    """Read a profile from a file that has a `library` and a `prefix`.

    Parameters
    ----------
    path
        As for `read_profile_fields`.

    Raises
    ------
    ProfileError
        When it cannot be read, or something in it is missing or not understood.
    """
    fields = read_profile_fields(path)
    missing = [name for name in ("library", "prefix") if name not in fields]
    if missing:
        raise ProfileError(f"{path} does not have {' and '.join(missing)}")
    return Profile(**fields)


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fields(self, value: object) -> dict[str, Any]:
        readers: dict[str, Callable[[object, str], object]] = {
            "library": lambda value, where: self.folder / _as(str, value, where),
            "prefix": lambda value, where: _as(str, value, where),
            "session": self.parameters,
            "slow_session": self.parameters,
            "failing_session": self.parameters,
            "bad_sessions": lambda value, where: tuple(self.each(value, where, self.bad_session)),
            "environment": _texts,
            "session_parameters": lambda value, where: frozenset(self.each(value, where, _parameter)),
            "options": lambda value, where: tuple(self.each(value, where, self.option)),
            "shots": _count,
            "unknown_job_id": lambda value, where: _as(str, value, where),
            "states": lambda value, where: _as(bool, value, where),
            "shots_required": lambda value, where: _as(bool, value, where),
            "handles": _handles,
            "extensions": lambda value, where: frozenset(
                self.each(value, where, lambda each, place: _as(str, each, place))
            ),
        }
        table = _table(value, "the profile", {*readers, "programs"})
        found = {name: readers[name](each, name) for name, each in table.items() if name != "programs"}
        return found | self.programs(table.get("programs", {}))

    def each(self, value: object, where: str, reader: Callable[[object, str], Value]) -> list[Value]:
        return [reader(each, f"{where}[{number}]") for number, each in enumerate(_as(list, value, where))]

    def programs(self, value: object) -> dict[str, Any]:
        table = _table(value, "programs", {*_ONE_PROGRAM, "more"})
        more = tuple(self.each(table.pop("more", []), "programs.more", self.program))
        found = {name: self.program(each, f"programs.{name}") for name, each in table.items()}
        return {**found, "more": more}

    def program(self, value: object, where: str) -> Program:
        table = _table(value, where, {"format", "text", "file", "hex", "outcomes"})
        format_ = _number(ProgramFormat, table.get("format"), f"{where}.format")
        outcomes = tuple(
            self.each(
                table.get("outcomes", []), f"{where}.outcomes", lambda each, place: _as(str, each, place)
            )
        )
        match [name for name in ("text", "file", "hex") if name in table]:
            case ["text"]:
                return Program.text(format_, _as(str, table["text"], f"{where}.text"), *outcomes)
            case ["hex"]:
                return Program(format_, _hex(table["hex"], f"{where}.hex"), outcomes, is_text=False)
            case ["file"]:
                path = self.folder / _as(str, table["file"], f"{where}.file")
                try:
                    return Program(format_, path.read_bytes(), outcomes)
                except OSError as problem:
                    raise ValueError(f"{where}.file: {path} cannot be read: {problem.strerror}") from None
        raise ValueError(f"{where} must have one of text, file and hex")

    def parameters(self, value: object, where: str) -> Parameters:
        found: Parameters = {}
        for name, each in _texts(value, where).items():
            try:
                found[parameter(name)] = resolved(name, each, self.folder)
            except ValueError as problem:
                raise ValueError(f"{where}: {problem}") from None
        return found

    def bad_session(self, value: object, where: str) -> BadSession:
        table = _table(value, where, {"name", "parameters", "statuses"})
        statuses = self.each(
            table.get("statuses"), f"{where}.statuses", lambda each, place: _number(Status, each, place)
        )
        return BadSession(
            _as(str, table.get("name"), f"{where}.name"),
            self.parameters(table.get("parameters"), f"{where}.parameters"),
            tuple(statuses),
        )

    def option(self, value: object, where: str) -> JobOption:
        table = _table(value, where, {"parameter", "good", "bad"})
        return JobOption(
            _number(JobParameter, table.get("parameter"), f"{where}.parameter"),
            _bytes(table.get("good"), f"{where}.good"),
            tuple(self.each(table.get("bad", []), f"{where}.bad", _bytes)),
        )


def _as(kind: type[Value], value: object, where: str) -> Value:
    # A bool is an int for Python, but not for whoever writes a profile.
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        # Only the kind of what is there: it may be a secret.
        raise ValueError(f"{where} must be {_KINDS[kind]}, not {_KINDS.get(type(value), 'something else')}")
    return value


def _table(value: object, where: str, known: set[str]) -> dict[str, Any]:
    table = dict(_as(dict, value, where))
    unknown = sorted(set(table) - known)
    if unknown:
        raise ValueError(f"{where} has {', '.join(unknown)}; it may have {', '.join(sorted(known))}")
    return table


def _texts(value: object, where: str) -> dict[str, str]:
    return {name: _as(str, each, f"{where}.{name}") for name, each in _as(dict, value, where).items()}


def _parameter(value: object, where: str) -> object:
    try:
        return parameter(_as(str, value, where))
    except ValueError as problem:
        raise ValueError(f"{where}: {problem}") from None


def _number(kind: type[Kind], value: object, where: str) -> Kind:
    names = {each.name.lower(): each for each in kind if each.name != "MAX"}
    name = _as(str, value, where).lower()
    if name not in names:
        raise ValueError(f"{where} must be one of {', '.join(names)}, not {name!r}")
    return names[name]


def _count(value: object, where: str) -> int:
    if _as(int, value, where) < 1:
        raise ValueError(f"{where} must be at least 1, not {value}")
    return _as(int, value, where)


def _handles(value: object, where: str) -> str:
    if value not in {"checked", "trusted"}:
        raise ValueError(f"{where} must be 'checked' or 'trusted', not {value!r}")
    return str(value)


def _bytes(value: object, where: str) -> bytes:
    if isinstance(value, dict):
        return _hex(_table(value, where, {"hex"}).get("hex"), f"{where}.hex")
    return _as(str, value, where).encode() + b"\0"


def _hex(value: object, where: str) -> bytes:
    try:
        return bytes.fromhex(_as(str, value, where))
    except ValueError as problem:
        raise ValueError(f"{where} must be hexadecimal digits: {problem}") from None
