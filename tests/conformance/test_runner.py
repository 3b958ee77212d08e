# SPDX-License-Identifier: Apache-2.0
"""Items run apart from each other, and whatever becomes of one is a verdict."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from qdmikit.conformance import Item, Outcome, all_items, items_of, run, run_item
from qdmikit.conformance.profile import from_json, to_json

if TYPE_CHECKING:
    from pathlib import Path

    from qdmikit.conformance import Profile

MODULE = """
import ctypes, os, sys, time
from qdmikit.conformance import NotApplicable, Status, expect, item, require

@item(1)
def passes(subject):
    require(subject.profile.prefix == "MQT_DDSIM", "another profile")

@item(2, 3)
def finds_a_violation(subject):
    expect(Status.FATAL, Status.SUCCESS, of="something")

@item(4)
def does_not_apply(subject):
    raise NotApplicable("there is none")

@item(5)
def is_wrong_itself(subject):
    raise ZeroDivisionError("a mistake of the suite")

@item(6)
def crashes(subject):
    print("famous last words", file=sys.stderr, flush=True)
    ctypes.string_at(0)

@item(7)
def crashes_at_the_end(subject):
    import atexit
    atexit.register(os.abort)

@item(8, seconds=1.5)
def hangs(subject):
    print("still here", flush=True)
    time.sleep(600)

@item(9)
def ends_the_process(subject):
    os._exit(0)

@item(10)
def writes_to_stdout(subject):
    print("x" * 1_000_000)

@item(11, seconds=1.5)
def leaves_a_process_behind(subject):
    if os.fork() == 0:
        time.sleep(600)
    open(os.environ["CONFORMANCE_TEST_FILE"], "w").write("written")
"""


@pytest.fixture
def made_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Item]:
    """Give items of a module of its own."""
    (tmp_path / "made_up_items.py").write_text(MODULE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("CONFORMANCE_TEST_FILE", str(tmp_path / "file"))
    monkeypatch.syspath_prepend(str(tmp_path))
    return {item.name: item for item in items_of("made_up_items")}


def test_verdicts_are_typed_and_have_a_reason(ddsim_profile: Profile, made_up: dict[str, Item]) -> None:
    names = ("passes", "finds_a_violation", "does_not_apply", "is_wrong_itself")
    results = run(ddsim_profile, [made_up[name] for name in names], parallel=2)
    assert [result.item.name for result in results] == list(names)
    assert [result.outcome for result in results] == [
        Outcome.PASSED,
        Outcome.FAILED,
        Outcome.NOT_APPLICABLE,
        Outcome.FAILED,
    ]
    assert results[0].reason == ""
    assert results[1].reason == "something answered FATAL, expected SUCCESS"
    assert results[2].reason == "there is none"
    assert "a mistake of the suite" in results[3].reason
    assert results[1].item.numbers == (2, 3)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("crashes", r"crashed with SIGSEGV \(while it ran\)\nfamous last words"),
        ("crashes_at_the_end", r"crashed with SIGABRT \(after its verdict\)"),
        ("hangs", r"did not end within 1\.5 s \(while it ran\)\nstill here"),
        ("ends_the_process", "ended with exit code 0"),
    ],
)
def test_an_item_that_does_not_come_back_fails_alone(
    ddsim_profile: Profile, made_up: dict[str, Item], name: str, reason: str
) -> None:
    import re

    result = run_item(ddsim_profile, made_up[name])
    assert result.outcome is Outcome.FAILED
    assert re.search(reason, result.reason), result.reason
    assert run_item(ddsim_profile, made_up["passes"]).outcome is Outcome.PASSED


@pytest.mark.parametrize("name", ["writes_to_stdout", "leaves_a_process_behind"])
def test_what_an_item_leaves_behind_does_no_harm(
    ddsim_profile: Profile, made_up: dict[str, Item], name: str
) -> None:
    result = run_item(ddsim_profile, made_up[name])
    assert (result.outcome, result.reason) == (Outcome.PASSED, "")
    assert result.seconds < 10


def test_a_library_that_is_none_fails_with_the_loaders_reason(
    ddsim_profile: Profile, made_up: dict[str, Item], tmp_path: Path
) -> None:
    import dataclasses

    missing = dataclasses.replace(ddsim_profile, library=tmp_path / "missing.so")
    result = run_item(missing, made_up["passes"])
    assert result.outcome is Outcome.FAILED
    assert "missing.so" in result.reason


def test_a_wrong_prefix_fails_naming_the_symbol(ddsim_profile: Profile, made_up: dict[str, Item]) -> None:
    import dataclasses

    result = run_item(dataclasses.replace(ddsim_profile, prefix="OTHER"), made_up["passes"])
    assert result.outcome is Outcome.FAILED
    assert "the library has no OTHER_QDMI_device_initialize" in result.reason


def test_a_profile_reaches_the_other_process_unchanged(our_profile: Profile, ddsim_profile: Profile) -> None:
    for profile in (our_profile, ddsim_profile):
        assert from_json(to_json(profile)) == profile


def test_items_have_names_of_their_own() -> None:
    names = [item.name for item in all_items()]
    assert len(set(names)) == len(names) > 80
