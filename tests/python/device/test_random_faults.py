# SPDX-License-Identifier: Apache-2.0
"""Jobs on a server that fails all the time: none is lost, none is submitted twice, every failure is typed."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

import qdmikit
from iqm_mock_server import serve
from iqm_mock_server.control import FaultPlan
from qdmikit import JobStatus, ProgramFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    from iqm_mock_server.control import Ledger

T = TypeVar("T")

JOBS = 50
WORKERS = 4

SUBMISSIONS = {"method": "POST", "path": "/api/v1/jobs/garnet/circuit"}
STATUS_REQUESTS = {"method": "GET", "regex": "/api/v1/jobs/[^/]+"}
RESULTS = {"method": "GET", "path": "/api/v1/jobs/*/artifacts/measurement_counts"}

# How many of the first requests of each sort are struck. The rest of the run makes at least so many requests.
DRAWN = [(SUBMISSIONS, 30, JOBS), (STATUS_REQUESTS, 90, 160), (RESULTS, 80, 140)]
FAULTS = 200

OF_ANY_REQUEST: list[dict[str, Any]] = [
    {"status": {"code": 429, "retry_after": 0}},
    {"status": {"code": 429, "body": "html"}},
    {"status": {"code": 500}},
    {"status": {"code": 500, "body": "empty"}},
    {"status": {"code": 502, "body": "html"}},
    {"status": {"code": 503}},
    {"status": {"code": 503, "retry_after": 0, "retry_after_form": "date"}},
    {"status": {"code": 504, "body": "html"}},
    {"status": {"code": 200, "body": "html"}},
    {"token_expired": True},
    {"cut": "before"},
    {"cut": "before", "reset": False},
    {"cut": "reply_lost"},
    {"cut": "reply_lost", "reset": False},
    {"cut": "head"},
    {"cut": "body", "reset": False},
    {"malformed": True},
    {"drift": {"set": {"": []}}},
    {"drift": {"set": {"": {"id": 7, "status": None}}}},
    {"latency": 0.05},
    {"reply_latency": 0.05},
    {"bytes_per_second": 5000},
]


def drawn(seed: int) -> FaultPlan:
    chance = random.Random(seed)
    rules = [
        {"match": match, "requests": [number], "effect": chance.choice(OF_ANY_REQUEST)}
        for match, count, of in DRAWN
        for number in chance.sample(range(1, of + 1), count)
    ]
    assert len(rules) == FAULTS
    return FaultPlan.model_validate({"seed": seed, "rules": rules})


def named(circuit: str, name: str) -> str:
    """Give a circuit a name of its own, so that the ledger can tell bodies apart."""
    return json.dumps({**json.loads(circuit), "name": name})


@dataclass
class Run:
    """What became of everything that was tried.

    Parameters
    ----------
    jobs
        Those that the server has taken, as far as the device says.
    refused
        Submissions that were not accepted.
    unknown
        Submissions of which nobody knows.
    errors
        Of every call that failed.
    """

    jobs: list[qdmikit.Job]
    refused: int
    unknown: int
    errors: list[qdmikit.Error]


def submitted(device: qdmikit.Device, ledger: Ledger, circuit: str) -> Run:
    """Submit all jobs in turn, and compare what the device says of each with what the server did."""
    run = Run([], 0, 0, [])
    for number in range(JOBS):
        before = ledger.requests()[-1].number
        try:
            job = device.submit(named(circuit, f"number {number}"), ProgramFormat.IQMJSON, 10)
        except qdmikit.SubmissionOutcomeUnknown as error:
            run.errors.append(error)
            run.unknown += 1
            continue
        except qdmikit.Error as error:
            run.errors.append(error)
            run.refused += 1
            expected = []
        else:
            run.jobs.append(job)
            expected = [job.id]
        assert [each.id for each in ledger.submissions(before)] == expected
    return run


def persist(call: Callable[[], T], errors: list[qdmikit.Error]) -> T:
    """Repeat a call until it succeeds: every failure of it can be repeated."""
    limit = time.monotonic() + 120
    while True:
        try:
            return call()
        except qdmikit.Error as error:
            errors.append(error)
            if time.monotonic() > limit:
                raise


@pytest.mark.checklist(45, 51, 52, 65, 75, 107)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_job_ends_once_whatever_fails_in_between(seed: int, flip: str) -> None:
    with serve(ideal=True, duration=0.02, control=True) as server:
        device = qdmikit.open_device("qdmikit.iqm", base_url=server.url)
        assert all(operation.duration() is None for operation in device.operations), (
            "nothing is left to fetch"
        )
        server.faults.use(drawn(seed))
        ledger = server.ledger

        run = submitted(device, ledger, flip)

        def finish(job: qdmikit.Job) -> None:
            persist(lambda: job.wait(60), run.errors)
            assert persist(lambda: job.status, run.errors) is JobStatus.DONE
            assert persist(job.counts, run.errors) == {"01": 10}

        def again(job: qdmikit.Job) -> None:
            finish(persist(lambda: device.retrieve_job(job.id), run.errors))

        def struck() -> int:
            return sum(isinstance(entry.fault, int) for entry in ledger.requests())

        with ThreadPoolExecutor(WORKERS) as pool:
            list(pool.map(finish, run.jobs))
            while struck() < FAULTS:
                list(pool.map(again, run.jobs))

        assert len(run.jobs) + run.refused + run.unknown == JOBS
        assert run.jobs
        assert run.refused
        assert run.unknown
        taken = ledger.submissions()
        assert len({each.id for each in taken}) == len(taken)
        assert len({each.body_sha256 for each in taken}) == len(taken), "a job was submitted twice"
        assert len(run.jobs) <= len(taken) <= len(run.jobs) + run.unknown
        assert struck() == FAULTS
        assert ledger.forgotten == {"requests": 0, "submissions": 0}
    for error in run.errors:
        assert type(error) is not qdmikit.Error
        assert error.kind
        assert error.message
