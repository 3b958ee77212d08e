# SPDX-License-Identifier: Apache-2.0
"""Children that fork makes of a program with open devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.python.live.conftest import Program

    from iqm_mock_server import MockServer

pytestmark = pytest.mark.iqm_mock_server(duration=3600.0)

CHILD = """
import asyncio
def in_child(act):
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        return say("exit code", os.waitstatus_to_exitcode(status))
    act()
    sys.exit(0)
def refused(act):
    try:
        act()
    except qdmikit.BadState as error:
        assert f"was opened by process {os.getppid()}" in str(error), error
        assert "Open the device again" in str(error), error
    else:
        say("not refused")
async def awaited(job):
    return await job
"""


def test_a_child_can_open_devices_when_its_parent_has_only_imported(
    iqm_mock_server: MockServer, start: Callable[..., Program]
) -> None:
    script = "in_child(lambda: say(submit(open_device()).status.name))"
    assert start(CHILD + script, iqm_mock_server.url).end() == (0, ["RUNNING", "exit code 0"], "")


INHERITED = {
    "status": "device.status",
    "t1": "device.sites[0].t1",
    "fidelity": "device.operation('cz').fidelity(device.sites[0], device.sites[1])",
    "submit": "submit(device)",
    "retrieve": "device.retrieve_job('x')",
    "check": "job.status",
    "wait": "job.wait()",
    "cancel": "job.cancel()",
    "result": "job.result()",
    "counts": "job.counts()",
    "program status": "job.program_status()",
    "await": "asyncio.run(awaited(job))",
    "as_completed": "list(qdmikit.as_completed([job]))",
}


def test_what_a_child_inherits_is_refused_and_works_on_in_the_parent(
    iqm_mock_server: MockServer, start: Callable[..., Program]
) -> None:
    tries = "\n".join(f"    refused(lambda: {expression})" for expression in INHERITED.values())
    script = f"""
device = open_device()
known = device.qubits_num, device.name, device.sites, device.operations
job = submit(device)
def act():
{tries}
    say(device.qubits_num, "of", device.name)
in_child(act)
say(job.status.name, device.status.name)
"""
    lines = ["20 of IQM Garnet", "exit code 0", "RUNNING BUSY"]
    program = start(CHILD + script, iqm_mock_server.url)
    assert program.end() == (0, lines, "")


def test_a_child_opens_the_device_again_while_its_parent_waits_for_jobs(
    iqm_mock_server: MockServer, start: Callable[..., Program]
) -> None:
    script = """
device = open_device()
jobs = [submit(device) for _ in range(20)]
for job in jobs:
    job.on_update(lambda update: None)
ids = [job.id for job in jobs]
def act():
    again = open_device()
    assert again.retrieve_job(ids[0]).status is qdmikit.JobStatus.RUNNING
    ended = qdmikit.as_completed([again.retrieve_job(id) for id in ids])
    again.retrieve_job(ids[-1]).cancel()
    say(next(ended).id == ids[-1])
for _ in range(3):
    in_child(act)
say(jobs[0].status.name)
"""
    lines = [*["True", "exit code 0"] * 3, "RUNNING"]
    assert start(CHILD + script, iqm_mock_server.url).end() == (0, lines, "")


def test_processes_of_multiprocessing_begin_by_fork_and_end(
    iqm_mock_server: MockServer, start: Callable[..., Program]
) -> None:
    script = """
import multiprocessing
device = open_device()
job = submit(device)
def work(number):
    refused(lambda: job.status)
    return submit(open_device()).status.name
with multiprocessing.get_context("fork").Pool(2) as pool:
    say(sorted(set(pool.map(work, range(4)))))
    pool.close()
    pool.join()
say(job.status.name)
"""
    assert start(CHILD + script, iqm_mock_server.url).end() == (0, ["['QUEUED']", "RUNNING"], "")
