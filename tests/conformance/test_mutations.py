# SPDX-License-Identifier: Apache-2.0
"""The suite tells a correct device from one that makes a mistake: ours in C, with one mistake at a time."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from qdmikit.conformance import Outcome, all_items, run

if TYPE_CHECKING:
    from qdmikit.conformance import Profile

FOLDER = Path(__file__).parent
ITEMS = {item.name: item for item in all_items()}
MUTATIONS: dict[str, dict[str, Any]] = tomllib.loads((FOLDER / "mutations.toml").read_text())


def verdicts(
    profile: Profile, names: list[str], seconds: float | None = None
) -> dict[str, tuple[Outcome, str]]:
    items = [ITEMS[name] for name in names]
    if seconds is not None:
        items = [dataclasses.replace(item, seconds=seconds) for item in items]
    return {result.item.name: (result.outcome, result.reason) for result in run(profile, items, parallel=4)}


def test_the_toy_device_does_everything_right(toy_profile: Profile) -> None:
    assert verdicts(toy_profile, list(ITEMS)) == dict.fromkeys(ITEMS, (Outcome.PASSED, ""))


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_mistake_is_found_by_the_items_about_it(toy_profile: Profile, mutation: str) -> None:
    expected = dict(MUTATIONS[mutation])
    seconds = expected.pop("seconds", None)
    mutant = dataclasses.replace(toy_profile, environment={"TOY_MUTATION": mutation})
    found = verdicts(mutant, list(expected), seconds)
    assert {name: outcome for name, (outcome, _) in found.items()} == dict.fromkeys(expected, Outcome.FAILED)
    # For the reason that it is a mistake, and not because nothing works any more.
    assert {name: reason for name, (_, reason) in found.items() if expected[name] not in reason} == {}


def test_a_misnamed_function_is_missing_and_one_too_many(misnamed_toy_profile: Profile) -> None:
    found = verdicts(misnamed_toy_profile, ["every_function_is_exported", "nothing_else_is_exported"])
    outcome, reason = found["every_function_is_exported"]
    assert (outcome, reason) == (Outcome.FAILED, "the library lacks TOY_QDMI_device_job_get_program_status")
    outcome, reason = found["nothing_else_is_exported"]
    assert outcome is Outcome.FAILED
    assert "1 other symbols: TOY_QDMI_device_job_program_status" in reason


def test_every_mistake_that_the_toy_device_can_make_is_here() -> None:
    sources = "".join(path.read_text() for path in sorted((FOLDER / "toy").glob("*.c")))
    assert set(re.findall(r'toy_mutant\("([^"]+)"\)', sources)) == set(MUTATIONS)
