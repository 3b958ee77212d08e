# SPDX-License-Identifier: Apache-2.0
"""What many jobs and many clients cost the mock server: its memory, its rate, and whether it loses one."""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from _mock import mock_process

JOBS = 10_000
EARLY_JOBS = 1_000
CLIENTS = 500
SENDERS = 4
SHOTS = 100
GROWTH_LIMIT = 1.1


def gate(name: str, *locus: str, **args: object) -> dict[str, object]:
    """Return one instruction."""
    return {"name": name, "locus": list(locus), "args": args}


BODY = json.dumps(
    {
        "circuits": [
            {
                "name": "bell",
                "instructions": [
                    gate("prx", "QB1", angle=1.5707963267948966, phase=1.5707963267948966),
                    gate("prx", "QB2", angle=-1.5707963267948966, phase=1.5707963267948966),
                    gate("cz", "QB1", "QB2"),
                    gate("prx", "QB2", angle=1.5707963267948966, phase=1.5707963267948966),
                    gate("measure", "QB1", "QB2", key="m"),
                ],
            }
        ],
        "shots": SHOTS,
    }
)


class Client:
    """One connection that stays open."""

    def __init__(self, url: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=120)
        self._connection.connect()

    def request(self, method: str, path: str, body: str | None = None) -> Any:  # noqa: ANN401 - any JSON
        """Send one request and return the document that answers it.

        Raises
        ------
        RuntimeError
            The reply is an error.
        """
        self._connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
        response = self._connection.getresponse()
        text = response.read()
        if response.status != 200:
            raise RuntimeError(f"{method} {path} was answered {response.status}: {text[:200]!r}")
        return json.loads(text)

    def submit(self) -> dict[str, Any]:
        """Submit a job and return its document."""
        job: dict[str, Any] = self.request("POST", "/api/v1/jobs/garnet/circuit", BODY)
        return job

    def ended(self, job_id: str) -> dict[str, Any]:
        """Wait until a job has ended and return its document."""
        while True:
            job: dict[str, Any] = self.request(
                "GET", f"/api/v1/jobs/{job_id}?wait_until_terminal=true&timeout_seconds=30"
            )
            if job["status"] not in {"waiting", "processing"}:
                return job

    def shots_of(self, job_id: str) -> int:
        """Return how many shots the results of a one-circuit job hold."""
        [result] = self.request("GET", f"/api/v1/jobs/{job_id}/artifacts/measurement_counts")
        return sum(result["counts"].values())

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def resident(pid: int) -> float:
    """Return the resident memory of a process in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError(f"process {pid} has no resident memory")


def submit_instant(url: str, count: int) -> None:
    """Submit instant jobs over a few connections at once.

    Raises
    ------
    RuntimeError
        A job has not completed.
    """

    def some(_: int) -> None:
        client = Client(url)
        for _ in range(count // SENDERS):
            if (job := client.submit())["status"] != "completed":
                raise RuntimeError(f"a job has not completed: {job}")
        client.close()

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(some, range(SENDERS)))


def memory() -> bool:
    """Compare the server's memory after few jobs and after many; print that, return whether it is kept."""
    with mock_process("--instant") as (pid, url):
        submit_instant(url, EARLY_JOBS)
        early = resident(pid)
        start = time.monotonic()
        submit_instant(url, JOBS - EARLY_JOBS)
        rate = (JOBS - EARLY_JOBS) / (time.monotonic() - start)
        late = resident(pid)
    print(f"{f'resident memory after {EARLY_JOBS} instant jobs, MiB':52}{early:10.1f}")
    print(f"{f'resident memory after {JOBS} instant jobs, MiB':52}{late:10.1f}")
    print(f"{'growth':52}{late / early:10.3f}   limit {GROWTH_LIMIT}")
    print(f"{'instant jobs per second':52}{rate:10.0f}")
    return late <= GROWTH_LIMIT * early


def many_clients() -> bool:
    """Let many clients submit and wait at the same moment; print that, return whether each was served."""
    together = threading.Barrier(CLIENTS)

    def one(url: str) -> tuple[str, float]:
        client = Client(url)
        together.wait()
        start = time.monotonic()
        job_id: str = client.submit()["id"]
        accepted = time.monotonic() - start
        status = client.ended(job_id)["status"]
        if status != "completed" or client.shots_of(job_id) != SHOTS:
            raise RuntimeError(f"job {job_id} is {status}")
        client.close()
        return job_id, accepted

    with mock_process() as (_, url), ThreadPoolExecutor(CLIENTS) as pool:
        start = time.monotonic()
        replies = list(pool.map(one, [url] * CLIENTS))
        elapsed = time.monotonic() - start
    distinct = len({job_id for job_id, _ in replies})
    waits = sorted(accepted for _, accepted in replies)
    print(f"{f'jobs of {CLIENTS} clients at once, completed':52}{distinct:10}   limit {CLIENTS}")
    print(f"{'seconds until all have their results':52}{elapsed:10.2f}")
    print(f"{'seconds until a submission is answered, median':52}{statistics.median(waits):10.2f}")
    print(f"{'seconds until a submission is answered, last':52}{waits[-1]:10.2f}")
    return distinct == CLIENTS


def main() -> int:
    """Measure and print; 1 when a limit is missed.

    Returns
    -------
    int
        The exit code.
    """
    kept = many_clients()
    return 0 if memory() and kept else 1


if __name__ == "__main__":
    sys.exit(main())
