# SPDX-License-Identifier: Apache-2.0
"""Profiles in files say what profiles in Python do, and mistakes in them are named."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from qdmikit.conformance import (
    BadSession,
    JobOption,
    JobParameter,
    Profile,
    ProfileError,
    Program,
    ProgramFormat,
    SessionParameter,
    Status,
    read_profile,
)

if TYPE_CHECKING:
    from pathlib import Path

EVERYTHING = """
library = "lib/device.so"
prefix = "MY"
shots = 50
states = true
shots_required = true
handles = "checked"
unknown_job_id = "none"
session_parameters = ["token", "custom5"]
extensions = ["MY_more"]

[session]
base_url = "http://localhost"
token = "@token.txt"

[environment]
MY_MODE = "quick"

[slow_session]
custom1 = "slow"

[failing_session]
custom1 = "failing"

[[bad_sessions]]
name = "a wrong token"
parameters = { token = "wrong" }
statuses = ["PERMISSIONDENIED", "fatal"]

[[options]]
parameter = "custom1"
good = "text"
bad = ["", { hex = "00ff" }]

[programs.bell]
format = "QASM3"
text = "bell"
outcomes = ["00", "11"]

[programs.one]
format = "qirbasemodule"
file = "one.bc"
outcomes = ["001"]

[programs.malformed]
format = "custom1"
hex = "de ad"

[[programs.more]]
format = "qasm2"
file = "more.qasm"
outcomes = ["0"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "token.txt").write_text("s3cret\n")
    (tmp_path / "one.bc").write_bytes(b"BC\0")
    (tmp_path / "more.qasm").write_text("more")
    return tmp_path


def expected(folder: Path) -> Profile:
    session = SessionParameter
    return Profile(
        library=folder / "lib/device.so",
        prefix="MY",
        shots=50,
        states=True,
        shots_required=True,
        handles="checked",
        unknown_job_id="none",
        session_parameters=frozenset({session.TOKEN, session.CUSTOM5}),
        extensions=frozenset({"MY_more"}),
        session={session.BASEURL: "http://localhost", session.TOKEN: "s3cret"},
        environment={"MY_MODE": "quick"},
        slow_session={session.CUSTOM1: "slow"},
        failing_session={session.CUSTOM1: "failing"},
        bad_sessions=(
            BadSession("a wrong token", {session.TOKEN: "wrong"}, (Status.PERMISSIONDENIED, Status.FATAL)),
        ),
        options=(JobOption(JobParameter.CUSTOM1, b"text\0", (b"\0", b"\0\xff")),),
        bell=Program.text(ProgramFormat.QASM3, "bell", "00", "11"),
        one=Program(ProgramFormat.QIRBASEMODULE, b"BC\0", ("001",)),
        malformed=Program(ProgramFormat.CUSTOM1, b"\xde\xad"),
        more=(Program.text(ProgramFormat.QASM2, "more", "0"),),
    )


@pytest.mark.parametrize("suffix", [".toml", ".json"])
def test_every_field_can_be_written(folder: Path, suffix: str) -> None:
    path = folder / f"profile{suffix}"
    path.write_text(EVERYTHING if suffix == ".toml" else json.dumps(tomllib.loads(EVERYTHING)))
    assert read_profile(path) == expected(folder)


def test_whether_a_device_s_own_format_is_text_is_said_by_how_it_is_written(folder: Path) -> None:
    path = folder / "profile.toml"
    path.write_text(
        'library = "x"\nprefix = "X"\n[programs]\n'
        'bell = { format = "custom2", text = "a" }\none = { format = "custom2", hex = "61" }\n'
    )
    profile = read_profile(path)
    assert profile.bell is not None
    assert profile.one is not None
    assert (profile.bell.data, profile.one.data) == (b"a\0", b"a")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prefix = ", "cannot be understood"),
        ('prefix = "X"', "does not have library"),
        ("prefix = 1", "prefix must be text, not a number"),
        ("colour = 1", "the profile has colour; it may have"),
        ("shots = true", "shots must be a number, not true or false"),
        ("shots = 0", "shots must be at least 1, not 0"),
        ('handles = "both"', "handles must be 'checked' or 'trusted', not 'both'"),
        ('session = { colour = "blue" }', "session: there is no session parameter 'colour'"),
        ("session = { token = 1 }", "session.token must be text, not a number"),
        ('session = { token = "@missing" }', "missing cannot be read"),
        ('session_parameters = ["token", "x"]', "session_parameters[1]: there is no session parameter 'x'"),
        ("programs = { hell = {} }", "programs has hell; it may have bell"),
        ("programs = { bell = {} }", "programs.bell.format must be text, not missing"),
        ('programs.bell = { format = "max" }', "programs.bell.format must be one of qasm2, "),
        ('programs.bell = { format = "qasm3" }', "programs.bell must have one of text, file and hex"),
        ('programs.bell = { format = "qasm3", text = "", hex = "" }', "must have one of text, file and hex"),
        ('programs.bell = { format = "qasm3", hex = "x" }', "programs.bell.hex must be hexadecimal"),
        ('programs.bell = { format = "qasm3", file = "no" }', "programs.bell.file: "),
        ('programs.more = [{ format = "x" }]', "programs.more[0].format must be one of"),
        (
            'bad_sessions = [{ name = "x", parameters = {} }]',
            "bad_sessions[0].statuses must be a list, not missing",
        ),
        ('options = [{ parameter = "shotsnum" }]', "options[0].good must be text, not missing"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(text)
    with pytest.raises(ProfileError) as caught:
        read_profile(path)
    assert said in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ProfileError, match="cannot be understood"):
        read_profile(tmp_path / "profile.toml")


def test_a_list_is_no_profile(tmp_path: Path) -> None:
    (tmp_path / "profile.json").write_text("[]")
    with pytest.raises(ProfileError, match=r"the profile must be a table, not a list"):
        read_profile(tmp_path / "profile.json")
