# SPDX-License-Identifier: Apache-2.0
"""The end of a program that still has devices, jobs, and threads that wait for them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server.control import FaultPlan

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.python.live.conftest import Program

    from iqm_mock_server import MockServer

pytestmark = pytest.mark.iqm_mock_server(duration=3600.0)

# The interpreter takes its time to end: threads come back from their calls when there is none any more.
LONG_END = """
import asyncio, types
class Lingering(types.ModuleType):
    def __del__(self, sleep=time.sleep):
        sleep(1.2)
sys.modules["lingering"] = Lingering("lingering")
device = open_device()
jobs = [submit(device) for _ in range(6)]
async def awaited(job):
    return await job
def in_threads(act):
    threads = [threading.Thread(target=act, args=(job,), daemon=True) for job in jobs]
    for thread in threads:
        thread.start()
def heard_of():
    heard = threading.Event()
    for job in jobs:
        job.on_update(lambda update: heard.set())
    heard.wait()
"""

WAYS = {
    "live jobs": "",
    "waits in daemon threads": "in_threads(lambda job: job.wait())",
    "results in daemon threads": "in_threads(lambda job: job.result(3600))",
    "queries in daemon threads": "in_threads(lambda job: [device.status for _ in range(10**6)])",
    "as_completed in daemon threads": "in_threads(lambda job: list(qdmikit.as_completed([job])))",
    "awaits in daemon threads": "in_threads(lambda job: asyncio.run(awaited(job)))",
    "awaits that end with their loop": """
async def main():
    tasks = [asyncio.create_task(awaited(job)) for job in jobs]
    await asyncio.sleep(0)
asyncio.run(main())
""",
    "callbacks": "heard_of()",
    "an exit with callbacks": "heard_of(); sys.exit(0)",
    "a job that is freed last": "threading.kept = jobs[0]; del device, jobs",
}


@pytest.mark.parametrize("way", WAYS)
def test_a_program_ends_quietly_whatever_waits(
    way: str, iqm_mock_server: MockServer, start: Callable[..., Program]
) -> None:
    program = start(LONG_END + WAYS[way] + "\nsay('ending')", iqm_mock_server.url)
    if way == "an exit with callbacks":
        assert program.end() == (0, [], "")
        return
    assert program.line() == "ending"
    said = time.monotonic()
    assert program.end() == (0, [], "")
    assert time.monotonic() - said < 10


# Each leaves threads behind that are inside a call when the interpreter has ended.
WAYS_WITHOUT_ANSWERS = {
    **{way: WAYS[way] for way in ("waits in daemon threads", "awaits in daemon threads")},
    "callbacks": "[job.on_update(print) for job in jobs]",
    "live jobs": "",
}


@pytest.mark.parametrize("way", WAYS_WITHOUT_ANSWERS)
def test_a_program_ends_although_the_server_has_stopped_answering(
    way: str, iqm_mock_server: MockServer, start: Callable[..., Program]
) -> None:
    script = f"{LONG_END}\nsay('set up')\nsys.stdin.readline()\n{WAYS_WITHOUT_ANSWERS[way]}\nsay('ending')"
    program = start(script, iqm_mock_server.url)
    assert program.line() == "set up"
    slow = {"match": {"path": "/api/v1/jobs*"}, "effect": {"latency": 2.0}}
    iqm_mock_server.faults.use(FaultPlan.model_validate({"rules": [slow]}))
    program.go_on()
    assert program.line() == "ending"
    said = time.monotonic()
    assert program.end() == (0, [], "")
    assert time.monotonic() - said < 10


COUNTING = """
import gc
counted = 0
def count():
    global counted
    while True:
        counted += 1
threading.Thread(target=count, daemon=True).start()
def meanwhile(act):
    before, started = counted, time.monotonic()
    try:
        act()
    except TimeoutError:
        pass
    return (counted - before) / (time.monotonic() - started)
def free():
    global device, job
    del device, job
device = open_device()
job = submit(device)
say("set up")
sys.stdin.readline()
undisturbed = meanwhile(lambda: time.sleep(1))
for act in (lambda: job.wait(1.5), lambda: job.status, free):
    say(meanwhile(act) / undisturbed)
"""


def test_other_threads_run_while_one_waits_asks_and_frees(
    iqm_mock_server: MockServer, start: Callable[..., Program]
) -> None:
    program = start(COUNTING, iqm_mock_server.url)
    assert program.line() == "set up"
    slow = {"match": {"path": "/api/v1/jobs*"}, "effect": {"reply_latency": 1.0}}
    iqm_mock_server.faults.use(FaultPlan.model_validate({"rules": [slow]}))
    program.go_on()
    waiting, asking = float(program.line()), float(program.line())
    assert waiting > 0.3
    assert asking > 0.3
    code, (freeing,), errors = program.end()
    # Freeing takes no time worth mentioning, so there is not much to count in.
    assert float(freeing) >= 0
    assert (code, errors) == (0, "")
