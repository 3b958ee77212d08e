# SPDX-License-Identifier: Apache-2.0
"""QDMI's conformance suite on our device, which passes all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qdmikit.conformance import Item, Outcome, all_items, run_item

if TYPE_CHECKING:
    from qdmikit.conformance import Profile

ITEMS = [pytest.param(item, id=item.name, marks=pytest.mark.checklist(*item.numbers)) for item in all_items()]

# A quantum computer has no state vectors to give.
NOT_APPLICABLE = {
    "a_state_has_no_histogram",
    "states_are_normalized",
    "states_follow_the_rules_of_sizes",
}


@pytest.mark.parametrize("item", ITEMS)
def test_our_device(our_profile: Profile, item: Item) -> None:
    result = run_item(our_profile, item)
    expected = Outcome.NOT_APPLICABLE if item.name in NOT_APPLICABLE else Outcome.PASSED
    assert (result.outcome, result.reason if expected is Outcome.PASSED else "") == (expected, "")
