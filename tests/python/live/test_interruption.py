# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C while a program waits for a job."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.python.live.conftest import Program

    from iqm_mock_server import MockServer

pytestmark = pytest.mark.iqm_mock_server(duration=3600.0)

SCRIPT = """
import asyncio
async def awaited():
    return await job
async def with_others():
    async with asyncio.TaskGroup() as group:
        group.create_task(awaited())
        group.create_task(asyncio.sleep(3600))
ways = {
    "wait": lambda: job.wait(),
    "wait with a limit": lambda: job.wait(3600.5),
    "result": lambda: job.result(),
    "await": lambda: asyncio.run(awaited()),
    "task group": lambda: asyncio.run(with_others()),
    "as_completed": lambda: list(qdmikit.as_completed([job])),
    "as_completed with a limit": lambda: list(qdmikit.as_completed([job], timeout=3600)),
}
job = submit(open_device())
say(job.id)
try:
    ways[words[0]]()
except KeyboardInterrupt:
    say("interrupted")
say(job.status.name)
"""


@pytest.mark.checklist(107)
@pytest.mark.parametrize(
    "way",
    [
        "wait",
        "wait with a limit",
        "result",
        "await",
        "task group",
        "as_completed",
        "as_completed with a limit",
    ],
)
def test_ctrl_c_ends_the_waiting_within_a_second_and_leaves_the_job_alone(
    way: str,
    iqm_mock_server: MockServer,
    start: Callable[..., Program],
    asked_about: Callable[[MockServer, str], None],
) -> None:
    program = start(SCRIPT, iqm_mock_server.url, way)
    job_id = program.line()
    asked_about(iqm_mock_server, job_id)
    sent = time.monotonic()
    program.interrupt()
    assert program.line() == "interrupted"
    # A second is the shortest wait that QDMI knows, and there is the way from process to process.
    assert time.monotonic() - sent <= 1.1
    assert program.line() == "RUNNING"
    assert program.end() == (0, [], "")
    asked = {(entry.method, entry.path.partition(job_id)[2]) for entry in iqm_mock_server.ledger.requests()}
    assert ("POST", "/cancel") not in asked
    assert {path for method, path in asked if method != "GET"} == {""}, "nothing but the submission"


def test_an_interrupted_program_that_does_not_care_ends_as_any_other(
    iqm_mock_server: MockServer,
    start: Callable[..., Program],
    asked_about: Callable[[MockServer, str], None],
) -> None:
    program = start("job = submit(open_device())\nsay(job.id)\njob.wait()", iqm_mock_server.url)
    asked_about(iqm_mock_server, program.line())
    program.interrupt()
    code, _, errors = program.end()
    assert code in (130, -2)
    assert errors.endswith("KeyboardInterrupt\n")
