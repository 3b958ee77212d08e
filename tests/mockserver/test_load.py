# SPDX-License-Identifier: Apache-2.0
"""Many clients at the same moment."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.mockserver.conftest import Circuits, Command, Dial

CLIENTS = 500


def test_five_hundred_clients_at_once_lose_no_job_and_see_no_error(
    command: Command, dial: Dial, circuits: Circuits
) -> None:
    together = threading.Barrier(CLIENTS)

    def one(number: int) -> tuple[str, dict[str, int]]:
        api = dial(url)
        together.wait(60)
        # Connects, submits and waits at the same moment as all others. Even numbers flip the qubit.
        program = [circuits.x("QB1")] if number % 2 == 0 else []
        job_id = api.completed([*program, circuits.measure("QB1")], shots=10)
        [result] = api.artifact(job_id, "measurement_counts")
        return job_id, result["counts"]

    # A process of its own: here, both ends of each connection would count against one limit of open files.
    with command("--ideal") as (_process, url), ThreadPoolExecutor(CLIENTS) as pool:
        outcomes = list(pool.map(one, range(CLIENTS)))
    assert len({job_id for job_id, _ in outcomes}) == CLIENTS
    assert [counts for _, counts in outcomes] == [{"1": 10}, {"0": 10}] * (CLIENTS // 2)
