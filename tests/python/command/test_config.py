# SPDX-License-Identifier: Apache-2.0
"""`qdmikit config`, and completion in shells."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import qdmikit_iqm

if TYPE_CHECKING:
    from tests.python.command.conftest import Machine

GOOD = {"id": "my.device", "library": "libmy.so", "prefix": "MY"}
# Runs the command as a shell does for completion, and tells which libraries were loaded.
COMPLETE = """
import sys
sys.argv[:] = ["qdmikit"]
from qdmikit._command import main
try:
    main()
finally:
    maps = open("/proc/self/maps").read()
    print("loaded", "qdmi-device.so" in maps, file=sys.stderr)
"""


def test_all_places_are_listed_the_strongest_first(machine: Machine) -> None:
    mine = machine.describe(GOOD)
    broken = machine.describe(text="{", name="broken")
    named = machine.write("named.json", mine.read_text().replace("my.device", "another"))
    rows = machine.run("config", "path", "--json", QDMIKIT_DEVICES=f"{named}:/absent").json["places"]
    assert [row["strength"] for row in rows] == sorted(row["strength"] for row in rows)
    assert [(row["variable"], row["path"]) for row in rows[:2]] == [
        ("QDMIKIT_DEVICES", str(named)),
        ("QDMIKIT_DEVICES", "/absent"),
    ]
    assert rows[0]["manifests"] == [str(named)]
    assert "there is no /absent" in rows[1]["problems"][0]
    (user,) = [row for row in rows if row["path"] == str(machine.manifests)]
    assert (user["rank"], user["found"], user["manifests"]) == ("user", True, [str(mine)])
    assert str(broken) in user["problems"][0]
    unset = [row for row in rows if row["variable"] == "MQT_CORE_QDMI_CONFIG_FILE"]
    assert [(row["path"], row["found"]) for row in unset] == [(None, False)]
    assert rows[-1]["rank"] == "package"
    assert str(qdmikit_iqm.manifest_path().resolve()) in rows[-1]["manifests"]


def test_places_are_a_table(machine: Machine) -> None:
    mine = machine.describe(GOOD)
    done = machine.run("config", "path")
    assert done.code == 0
    assert "MQT_CORE_QDMI_CONFIG_JSON" in done.out
    (line,) = [line for line in done.out.splitlines() if str(mine) in line]
    assert "user" in line
    assert "not set" in done.out
    assert "not there" in done.out


def test_who_says_what_about_a_device_is_shown(machine: Machine) -> None:
    mine = machine.describe({"id": "qdmikit.iqm", "session": {"base-url": "https://q.example"}})
    packaged = qdmikit_iqm.manifest_path().resolve()
    (row,) = machine.run("config", "show", "qdmikit.iqm", "--json").json["devices"]
    assert row["session"] == [{"key": "base_url", "value": "https://q.example", "source": str(mine)}]
    assert row["manifests"] == [
        {"rank": "user", "source": str(mine), "role": "changes"},
        {"rank": "package", "source": str(packaged), "role": "defines"},
    ]
    text = machine.run("config", "show", "qdmikit.iqm").out
    assert f"base_url = https://q.example    ({mine})" in text
    assert f"defines: {packaged} (package)" in text
    assert machine.run("config", "show", "nobody").code == 3


def test_roles_follow_the_strength(machine: Machine) -> None:
    off = machine.describe({"id": "my.device", "enabled": False})
    on = machine.write("on.json", off.read_text().replace("false", "true"))
    full = machine.write(
        "full.json", off.read_text().replace('"enabled": false', '"library": "/l", "prefix": "P"')
    )
    described = {**GOOD, "library": "/l"}
    machine.describe(described, name="zz")
    assert "several manifests" in machine.run("config", "show", "my.device").err
    (machine.manifests / "zz.qdmi.json").unlink()
    (row,) = machine.run("config", "show", "my.device", "--json", QDMIKIT_DEVICES=str(full)).json["devices"]
    assert [each["role"] for each in row["manifests"]] == ["defines", "shadowed"]
    assert machine.run("config", "show", "my.device").code == 3
    assert "has no 'library'" in machine.run("config", "show", "my.device", QDMIKIT_DEVICES=str(on)).err


def test_a_good_manifest_passes_the_check(machine: Machine) -> None:
    (machine.home / "libmy.so").touch()
    source = machine.describe(GOOD)
    (source.parent / "libmy.so").touch()
    done = machine.run("config", "check", source)
    assert (done.code, done.out) == (0, f"{source} is a good manifest of my.device\n")
    document = machine.run("config", "check", source, "--json").json
    assert document == {
        "file": str(source),
        "ok": True,
        "devices": ["my.device"],
        "problems": [],
        "exit_code": 0,
    }


@pytest.mark.parametrize(
    ("change", "mode", "said"),
    [
        ({"extra": 1}, 0o644, "unknown key"),
        ({}, 0o666, "chmod go-w"),
        ({"session": {"token": "x"}}, 0o644, "is a secret"),
        ({}, 0o644, "there is no library"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_told(
    machine: Machine, change: dict[str, object], mode: int, said: str
) -> None:
    source = machine.describe(GOOD | change, mode=mode)
    done = machine.run("config", "check", source)
    assert done.code == 3
    assert done.out.startswith("PROBLEM ")
    assert said in done.out
    assert machine.run("config", "check", source, "--json").json["ok"] is False


def test_a_manifest_that_is_not_there_is_wrong_usage(machine: Machine) -> None:
    assert machine.run("config", "check", "absent.json").code == 2


def test_ids_are_completed_without_loading_a_library(machine: Machine) -> None:
    machine.describe({**GOOD, "id": "qdmikit.mine"})
    for words in ("qdmikit show qdmi", "qdmikit run x --device qdmi", "qdmikit doctor qdmi"):
        done = subprocess.run(
            [sys.executable, "-c", COMPLETE],
            env={
                **machine.environment,
                "_QDMIKIT_COMPLETE": "complete_bash",
                "COMP_WORDS": words,
                "COMP_CWORD": str(len(words.split()) - 1),
            },
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.stdout.split() == ["qdmikit.iqm", "qdmikit.mine"]
        assert done.stderr == "loaded False\n"


@pytest.mark.parametrize(
    ("shell", "marker"), [("bash", "complete -o"), ("zsh", "compdef"), ("fish", "complete ")]
)
def test_the_script_of_completion_is_shown(machine: Machine, shell: str, marker: str) -> None:
    done = machine.run("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.code == 0
    assert marker in done.out
    assert "_QDMIKIT_COMPLETE" in done.out


def test_completion_is_installed_for_the_user(machine: Machine) -> None:
    done = machine.run("--install-completion", "bash", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.code == 0
    assert "qdmikit" in (machine.home / ".bashrc").read_text()
