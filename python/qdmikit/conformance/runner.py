# SPDX-License-Identifier: Apache-2.0
"""Running items, each in a process of its own: one that crashes or hangs costs nothing but itself."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from qdmikit.conformance.item import Item, all_items
from qdmikit.conformance.profile import Profile, to_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_LINES_OF_A_CRASH = 12


class Outcome(Enum):
    """What came of an item."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True)
class Result:
    """One item on one device.

    Parameters
    ----------
    item
        The item.
    outcome
        What came of it.
    reason
        Why it failed or does not apply; empty when it passed.
    seconds
        How long it took, the start of its process included.
    """

    item: Item
    outcome: Outcome
    reason: str
    seconds: float


def run_item(profile: Profile, item: Item) -> Result:
    """Run one item in a process of its own.

    Parameters
    ----------
    profile
        The device.
    item
        The item.

    Returns
    -------
    Result
        A crash, a hang and an error of the item itself are failures like any other.
    """
    request = json.dumps({"module": item.module, "name": item.name, "profile": to_json(profile)})
    begin = time.monotonic()
    with tempfile.TemporaryFile() as report, tempfile.TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603 - this interpreter
            [sys.executable, "-X", "faulthandler", "-m", "qdmikit.conformance.worker", str(report.fileno())],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=said,
            pass_fds=[report.fileno()],
            env={**os.environ, **profile.environment},
            start_new_session=True,  # so that what the device starts can be ended with it
        )
        try:
            child.communicate(request.encode(), timeout=item.seconds)
            late = False
        except subprocess.TimeoutExpired:
            late = True
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            code = child.wait()
        report.seek(0)
        said.seek(0)
        outcome, reason = _judge(report.read(), said.read().decode(errors="replace"), code, late, item)
    return Result(item, outcome, reason, time.monotonic() - begin)


def run(
    profile: Profile,
    items: Iterable[Item] | None = None,
    *,
    parallel: int = 1,
    done: Callable[[Result], None] | None = None,
) -> tuple[Result, ...]:
    """Run items against a device.

    Parameters
    ----------
    profile
        The device.
    items
        All of the suite's when left out.
    parallel
        How many at a time.
    done
        Called with each result, in the order of the items.

    Returns
    -------
    tuple of Result
        In the order of the items.
    """
    results = []
    with ThreadPoolExecutor(parallel) as pool:
        chosen = all_items() if items is None else items
        for result in pool.map(lambda item: run_item(profile, item), chosen):
            results.append(result)
            if done is not None:
                done(result)
    return tuple(results)


def _judge(report: bytes, said: str, code: int, late: bool, item: Item) -> tuple[Outcome, str]:
    tail = "\n".join(said.splitlines()[-_LINES_OF_A_CRASH:])
    if late:
        where = "after its verdict" if report else "while it ran"
        return Outcome.FAILED, f"did not end within {item.seconds:g} s ({where})\n{tail}".rstrip()
    if code < 0:
        where = "after its verdict" if report else "while it ran"
        return Outcome.FAILED, f"crashed with {signal.Signals(-code).name} ({where})\n{tail}".rstrip()
    if code > 0 or not report:
        return Outcome.FAILED, f"its process ended with exit code {code}\n{tail}".rstrip()
    verdict = json.loads(report)
    return Outcome(verdict["outcome"]), verdict["reason"]
