# SPDX-License-Identifier: Apache-2.0
"""Simulator processes: how they are started, used, interrupted and kept for the next job."""

from __future__ import annotations

import atexit
import os
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm_mock_server.simulator.task import Samples, Task

READY = "ready"
_KEPT_IDLE = 2
_GRACE = 0.25
"""Seconds that an interrupted task has to end by itself: replacing a process takes longer than most tasks."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What the simulator process answers when a task did not run."""

    message: str


class SimulationError(RuntimeError):
    """A task that the simulator could not run."""


class SimulatorGone(RuntimeError):  # noqa: N818 - a state, reached on purpose by `SimulatorProcess.kill`
    """A simulator process that ended, by itself or because it was killed."""


class SimulatorProcess:
    """One simulator process. `run` belongs to one thread at a time; `interrupt` and `kill` come from any."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        # The child must find the same packages as this process, whichever way this process found them. One
        # thread, because the numeric libraries would otherwise start as many as there are cores for
        # matrices of size two.
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [sys.executable, "-P", "-m", "iqm_mock_server.simulator.worker", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env=environment,
            )
        self._connection = Connection(ours.detach())
        self._ready = False
        self._lock = threading.Lock()
        self._tasks_num = 0
        self._busy = False
        self._killed = False

    def wait_ready(self) -> None:
        """Block until the process has imported the simulator.

        Raises
        ------
        SimulatorGone
            When it could not.
        """
        if not self._ready:
            self._receive()
            self._ready = True

    def run(self, task: Task, seconds: float | None = None) -> Samples:
        """Sample a task.

        Parameters
        ----------
        seconds
            Time after which the task is given up, at the price of the process; ``None`` for never.

        Raises
        ------
        SimulationError
            When the simulator failed (the process stays usable), or the time is over.
        SimulatorGone
            When the process ended or was killed meanwhile.
        """
        self.wait_ready()
        with self._lock:
            self._tasks_num += 1
            self._busy = True
        try:
            self._connection.send(task)
        except OSError as error:
            raise SimulatorGone(self._obituary()) from error
        if seconds is not None and not self._connection.poll(max(seconds, 0.0)):
            self.kill()
            raise SimulationError("the simulation took far longer than estimated and was given up")
        answer = self._receive()
        with self._lock:
            self._busy = False
        if isinstance(answer, Failure):
            raise SimulationError(answer.message)
        return answer

    def interrupt(self) -> None:
        """End the task under way, at the price of the process if it does not end by itself in a moment."""
        reaper = threading.Timer(_GRACE, self._kill_during, [self._tasks_num])
        reaper.daemon = True
        reaper.start()

    def kill(self) -> None:
        """End the process at once; a `run` in progress raises `SimulatorGone`."""
        self._killed = True
        self._process.kill()

    def close(self) -> None:
        """End the process and release what belongs to it."""
        self._process.kill()
        self._process.wait()
        self._connection.close()

    @property
    def usable(self) -> bool:
        """Whether the process can take another task."""
        return not self._busy and not self._killed and self._process.poll() is None

    def _kill_during(self, task_number: int) -> None:
        with self._lock:
            if self._busy and self._tasks_num == task_number:
                self.kill()

    def _receive(self) -> Samples | Failure:
        try:
            answer: Samples | Failure = self._connection.recv()
        except (EOFError, OSError) as error:
            raise SimulatorGone(self._obituary()) from error
        return answer

    def _obituary(self) -> str:
        return f"the simulator process {self._process.pid} ended with code {self._process.wait()}"


class SimulatorPool:
    """Simulator processes of this process, shared by all its servers: they hold no state between tasks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[SimulatorProcess] = []

    @contextmanager
    def lease(self) -> Iterator[SimulatorProcess]:
        """Lend a process, an idle one if there is one."""
        with self._lock:
            process = self._idle.pop() if self._idle else None
        if process is not None and not process.usable:
            process.close()
            process = None
        if process is None:
            process = SimulatorProcess()
        try:
            yield process
        finally:
            with self._lock:
                keep = process.usable and len(self._idle) < _KEPT_IDLE
                if keep:
                    self._idle.append(process)
            if not keep:
                process.close()

    def warm(self) -> None:
        """Make sure that one process is ready, so that the first job does not pay for its imports.

        Raises
        ------
        SimulatorGone
            When a process does not start.
        """
        with self.lease() as process:
            process.wait_ready()

    def close(self) -> None:
        """End all idle processes."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()


POOL = SimulatorPool()
atexit.register(POOL.close)
