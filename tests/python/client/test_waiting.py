# SPDX-License-Identifier: Apache-2.0
"""Waiting for jobs, and letting go of them, next to other threads and signals."""

import json
import math
import os
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

import qdmikit
from qdmikit import JobStatus, ProgramFormat

Scripted = Callable[..., qdmikit.Device]


def submit(device: qdmikit.Device) -> qdmikit.Job:
    return device.submit("OPENQASM 3.0;", ProgramFormat.QASM3)


def counted(device: qdmikit.Device, event: str) -> int:
    """Return how often something happened in the scripted device of this process."""
    record = device.custom(1)
    assert record is not None
    return int(json.loads(record).get(event, 0))


class When(threading.Thread):
    """Acts when the scripted device has counted one more event. Watching for it needs the GIL."""

    def __init__(self, device: qdmikit.Device, event: str, act: Callable[[], Any]) -> None:
        super().__init__()
        self._device, self._event, self._act = device, event, act
        self._before = counted(device, event)

    def run(self) -> None:
        while counted(self._device, self._event) == self._before:
            pass
        self._act()


def test_another_thread_can_cancel_meanwhile(scripted: Scripted) -> None:
    job = submit(scripted(stays=True))
    canceller = When(scripted(), "waits", job.cancel)
    canceller.start()
    assert job.wait(timeout=60) is JobStatus.CANCELED
    canceller.join()


@pytest.mark.parametrize("timeout", [0, 0.0, 0.25, 1, 1.2])
def test_time_out_comes_neither_early_nor_much_too_late(scripted: Scripted, timeout: float) -> None:
    job = submit(scripted(stays=True))
    start = time.monotonic()
    with pytest.raises(TimeoutError, match="still RUNNING") as caught:
        job.wait(timeout)
    elapsed = time.monotonic() - start
    assert timeout <= elapsed < timeout + 0.5
    assert isinstance(caught.value, qdmikit.Timeout)
    assert job.status is JobStatus.RUNNING


@pytest.mark.parametrize("timeout", [-1, -math.inf, math.nan])
def test_impossible_time_outs_are_refused(scripted: Scripted, timeout: float) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="zero or more seconds"):
        submit(scripted()).wait(timeout)


def test_an_endless_time_out_is_none(scripted: Scripted) -> None:
    assert submit(scripted()).wait(math.inf) is JobStatus.DONE


@pytest.mark.checklist(107)
@pytest.mark.parametrize("timeout", [None, 60.0])
def test_ctrl_c_ends_the_waiting_within_a_second(
    scripted: Scripted, timeout: float | None, request: pytest.FixtureRequest
) -> None:
    # Interrupts are ignored in what a shell runs in its background.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    job = submit(scripted(stays=True))
    sent: list[float] = []

    def interrupt() -> None:
        sent.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    interrupter = When(scripted(), "waits", interrupt)
    interrupter.start()
    with pytest.raises(KeyboardInterrupt):
        job.wait(timeout)
    returned = time.monotonic()
    interrupter.join()
    assert returned - sent[0] <= 1.05
    assert job.status is JobStatus.RUNNING, "the job is left alone"


def test_freeing_a_job_lets_other_threads_run(scripted: Scripted) -> None:
    watcher = scripted()
    job = submit(scripted(free_waits="job"))
    overtaken = counted(watcher, "frees_that_others_overtook")
    opener = When(watcher, "frees_begun", submit(scripted()).cancel)
    opener.start()
    del job
    opener.join()
    assert counted(watcher, "frees_that_others_overtook") == overtaken + 1


@pytest.mark.parametrize(
    "last",
    [
        lambda device: device,
        lambda device: device.site(0),
        lambda device: device.operation("cz"),
        lambda device: device.submit("OPENQASM 3.0;", ProgramFormat.QASM3),
    ],
    ids=["device", "site", "operation", "job"],
)
def test_ending_a_session_lets_other_threads_run(
    scripted: Scripted, last: Callable[[qdmikit.Device], object]
) -> None:
    watcher = scripted()
    owner = last(scripted(free_waits="session"))
    overtaken = counted(watcher, "frees_that_others_overtook")
    opener = When(watcher, "frees_begun", submit(scripted()).cancel)
    opener.start()
    del owner
    opener.join()
    assert counted(watcher, "frees_that_others_overtook") == overtaken + 1


def test_sessions_end_when_nothing_holds_them(scripted: Scripted) -> None:
    watcher = scripted()
    before = counted(watcher, "sessions")
    device = scripted()
    job, site = submit(device), device.site(0)
    assert counted(watcher, "sessions") == before + 1
    del device, job
    assert counted(watcher, "sessions") == before + 1
    del site
    assert counted(watcher, "sessions") == before
