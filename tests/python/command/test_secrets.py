# SPDX-License-Identifier: Apache-2.0
"""No secret on the command line, and none in anything that is printed."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

import pytest

from qdmikit.masking import MASK, Masker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.python.command.conftest import Done, Machine

    from iqm_mock_server import MockServer

SECRET = "hush-hush-4711"  # noqa: S105 - one that is no secret
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2lnbmF0dXJl"
TOKEN = pytest.mark.iqm_mock_server(token=SECRET)


def silent(done: Done, secret: str = SECRET) -> Done:
    assert secret not in done.out
    assert secret not in done.err
    return done


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "qdmikit.iqm", "--session", f"token={SECRET}"),
        ("show", "qdmikit.iqm", "-s", f"password={SECRET}"),
        ("show", "qdmikit.iqm", f"--session=token={SECRET}"),
        ("show", "qdmikit.iqm", f"-stoken={SECRET}"),
        ("show", "qdmikit.iqm", f"--token={SECRET}"),
        ("show", "qdmikit.iqm", f"token={SECRET}"),
        ("show", "qdmikit.iqm", "--session", f"token=@@{SECRET}"),
        ("--nonsense", f"token={SECRET}"),
        ("config", "show", f"TOKEN={SECRET}"),
    ],
)
def test_a_secret_is_refused_and_not_repeated(machine: Machine, arguments: tuple[str, ...]) -> None:
    done = silent(machine.run(*arguments))
    assert done.code == 2
    assert "every user of this machine can read the arguments" in done.err
    assert "chmod 600" in done.err
    assert "=@FILE" in done.err


def test_a_password_in_an_address_is_refused(machine: Machine) -> None:
    for option in (("--base-url", f"https://me:{SECRET}@h.example"), ("-s", f"auth_url=https://{SECRET}@h")):
        done = silent(machine.run("show", "qdmikit.iqm", *option))
        assert done.code == 2
        assert "inside its address" in done.err


@TOKEN
def test_a_token_comes_from_a_file(iqm_mock_server: MockServer, machine: Machine) -> None:
    address = ("--base-url", iqm_mock_server.url)
    for number, content in enumerate((SECRET, f"{SECRET}\n", f"{SECRET}\r\n")):
        file = machine.write(f"token{number}", content, mode=0o600)
        done = silent(machine.run("show", "qdmikit.iqm", *address, "--session", f"token=@{file}"))
        assert (done.code, done.err) == (0, "")


@TOKEN
def test_a_token_that_others_can_read_is_warned_about(iqm_mock_server: MockServer, machine: Machine) -> None:
    file = machine.write("token", SECRET, mode=0o644)
    done = silent(
        machine.run("show", "qdmikit.iqm", "--base-url", iqm_mock_server.url, "-s", f"token=@{file}")
    )
    assert done.code == 0
    assert done.err == (
        f"qdmikit: warning: others can read the token in {file} (mode 0644). Remedy: chmod 600 {file}\n"
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent", "cannot be read: No such file or directory"),
        ("folder", "cannot be read: Is a directory"),
        ("pipe", "is no regular file"),
        ("empty", "the file is empty"),
        ("large", "is larger than"),
        ("binary", "is no UTF-8 text"),
    ],
)
def test_what_is_no_file_of_a_parameter_is_wrong_usage(machine: Machine, name: str, said: str) -> None:
    (machine.home / "folder").mkdir()
    os.mkfifo(machine.home / "pipe")
    machine.write("empty", "\n")
    machine.write("large", "x" * (2**20 + 1))
    machine.write("binary", b"\xff")
    done = machine.run("show", "qdmikit.iqm", "-s", f"token=@{machine.home / name}")
    assert done.code == 2
    assert said in done.err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("nonsense=1",), "'nonsense' is no session parameter. There are base_url, token,"),
        ((SECRET,), "--session needs KEY=VALUE"),
        (("custom1=a", "custom1=b"), "custom1 is given more than once"),
    ],
)
def test_what_is_no_parameter_is_wrong_usage(machine: Machine, given: tuple[str, ...], said: str) -> None:
    options = [part for each in given for part in ("-s", each)]
    done = silent(machine.run("show", "qdmikit.iqm", *options))
    assert done.code == 2
    assert said in done.err


def test_a_value_may_begin_with_an_at_sign(machine: Machine, library_named: Callable[[str], Path]) -> None:
    device = {"id": "my.device", "library": str(library_named("scripted-device")), "prefix": "SCRIPTED"}
    machine.describe(device)
    machine.write("script", json.dumps({"answers": {"session_init": -8}}))
    assert machine.run("show", "my.device", "-s", f"custom1=@{machine.home / 'script'}").code == 4
    done = machine.run("show", "my.device", "-s", "custom2=@@not-a-file")
    assert "not-a-file cannot be read" not in done.err


def test_a_device_that_repeats_a_secret_does_not_spread_it(
    machine: Machine, library_named: Callable[[str], Path]
) -> None:
    """Secrets of manifests, of files and of the environment are known; a signed token is seen as one."""
    other, third = "whispered-0815", "murmured-1234"
    said = {"message": f"I was given {SECRET}, {other}, {third}, {JWT} and https://me:pw@h", "kind": "Broken"}
    script = {"answers": {"session_init": -1}, "last_error": said}
    machine.describe(
        {
            "id": "my.device",
            "library": str(library_named("scripted-device")),
            "prefix": "SCRIPTED",
            "session": {"password": SECRET, "custom1": json.dumps(script)},
        },
        mode=0o600,
    )
    file = machine.write("token", other, mode=0o600)
    for command in ("show", "doctor"):
        for options in ((), ("--json",)):
            done = machine.run(command, "my.device", "-s", f"token=@{file}", *options, MY_API_KEY=third)
            assert done.code == 1
            for secret in (SECRET, other, third, JWT, "me:pw"):
                silent(done, secret)
            assert f"I was given {MASK}, {MASK}, {MASK}, {MASK} and https://{MASK}@h" in done.out + done.err


def test_a_configured_secret_is_shown_masked(machine: Machine) -> None:
    source = machine.describe(
        {"id": "qdmikit.iqm", "session": {"token": SECRET, "base-url": "https://q.example"}}, mode=0o600
    )
    for command in (("config", "show", "qdmikit.iqm"), ("config", "show", "--json"), ("devices", "--json")):
        silent(machine.run(*command))
    session = machine.run("config", "show", "qdmikit.iqm", "--json").json["devices"][0]["session"]
    assert {each["key"]: each["value"] for each in session} == {
        "token": MASK,
        "base_url": "https://q.example",
    }
    assert {each["source"] for each in session} == {str(source)}


def test_the_environment_is_shown_masked(machine: Machine) -> None:
    done = silent(machine.run("doctor", "qdmikit.iqm", IQM_TOKEN=SECRET, IQM_SERVER_URL="http://127.0.0.1:1"))
    assert f"IQM_TOKEN={MASK}" in done.out
    assert "IQM_SERVER_URL=http://127.0.0.1:1" in done.out


def test_what_a_masker_knows_is_masked_wherever_it_stands() -> None:
    masker = Masker({"MY_TOKEN": "from-variable", "HOME": "not-secret", "A_PASSWORD": "abc"})
    masker.add_session({"token": SECRET, "base_url": "https://q.example"})
    masked = masker.value(
        {f"key-{SECRET}": ["from-variable", {"not-secret": 5}], "abc": None, "deep": (JWT,)}
    )
    assert masked == {f"key-{MASK}": [MASK, {"not-secret": 5}], "abc": None, "deep": [MASK]}
    assert masker.text("Authorization: Bearer abcdefgh") == f"Authorization: Bearer {MASK}"
    assert masker.text("at https://q.example/a@b") == "at https://q.example/a@b"


def test_a_longer_secret_is_masked_before_one_that_is_part_of_it() -> None:
    masker = Masker({})
    masker.add(["abcd", "abcdefgh"])
    assert masker.text("abcdefgh") == MASK
