# SPDX-License-Identifier: Apache-2.0
"""What a device notes about calls that succeeded."""

from __future__ import annotations

import sys
import threading
import warnings
from typing import TYPE_CHECKING

import qdmikit

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

PROGRAM = "OPENQASM 3.0;"


def _issued(call: Callable[[], object]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
        for _ in range(3):  # instructions, between which Python issues what is pending
            pass
    assert {entry.category for entry in caught} <= {qdmikit.DeviceWarning}
    return [str(entry.message) for entry in caught]


def test_a_warning_of_the_device_is_one_of_python(scripted: Callable[..., qdmikit.Device]) -> None:
    device = scripted(answers={"job_submit": 1})
    (text,) = _issued(lambda: device.submit(PROGRAM, qdmikit.ProgramFormat.QASM3))
    assert "SCRIPTED_QDMI_device_job_submit in " in text
    assert "answered WARN_GENERAL" in text


def test_a_call_without_a_warning_issues_none(scripted: Callable[..., qdmikit.Device]) -> None:
    device = scripted()
    assert _issued(lambda: device.submit(PROGRAM, qdmikit.ProgramFormat.QASM3)) == []


def test_a_warning_on_another_thread_is_issued_as_well(scripted: Callable[..., qdmikit.Device]) -> None:
    device = scripted(answers={"job_submit": 1})
    thread = threading.Thread(target=device.submit, args=(PROGRAM, qdmikit.ProgramFormat.QASM3))

    def run() -> None:
        thread.start()
        thread.join()

    assert len(_issued(run)) == 1


def test_a_warning_that_a_filter_makes_an_error_does_not_lose_the_job(
    scripted: Callable[..., qdmikit.Device], monkeypatch: pytest.MonkeyPatch
) -> None:
    device = scripted(answers={"job_submit": 1})
    reported: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda unraisable: reported.append(unraisable.exc_value))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        job = device.submit(PROGRAM, qdmikit.ProgramFormat.QASM3)
        assert job.id == "job-1"
    (error,) = reported
    assert isinstance(error, qdmikit.DeviceWarning)
