# SPDX-License-Identifier: Apache-2.0
"""Devices that manage devices."""

import gc
import json
from collections.abc import Callable

import qdmikit
from qdmikit import JobStatus, ProgramFormat

Scripted = Callable[..., qdmikit.Device]


def test_children_are_devices_of_their_own(scripted: Scripted) -> None:
    first, second = scripted(children=2).children()
    assert isinstance(first, qdmikit.Device)
    assert (first.name, second.name) == ("First", "Second")
    assert second.id is None
    assert repr(second) == "<qdmikit.Device 'Second' from libscripted-device.so>"
    assert second.submit("program", ProgramFormat.QASM3).wait(timeout=10) is JobStatus.DONE
    assert first.children() == []


def test_most_devices_have_none(scripted: Scripted, ddsim: qdmikit.Device) -> None:
    assert scripted().children() == []
    assert ddsim.children() == []


def test_children_keep_the_session_of_their_parent(scripted: Scripted) -> None:
    observer = scripted()
    gc.collect()  # what earlier tests left to it shall not end later

    def sessions() -> int:
        number: int = json.loads(observer.custom(1) or "")["sessions"]
        return number

    before = sessions()
    parent = scripted(children=2)
    second = parent.children()[1]
    parent.close()
    del parent
    assert sessions() == before + 2, "the parent's and the second child's"
    assert second.site(0).t1 == 34.7e-6
    second.close()
    assert sessions() == before


def test_closing_a_child_leaves_the_others_open(scripted: Scripted) -> None:
    parent = scripted(children=2)
    first, second = parent.children()
    first.close()
    assert second.name == "Second"
    assert parent.name == "Scripted"
    assert parent.children()[0].name == "First"
