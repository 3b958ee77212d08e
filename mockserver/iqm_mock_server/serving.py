# SPDX-License-Identifier: Apache-2.0
"""Running a server inside a Python process."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from iqm_mock_server.api import EXTENSION
from iqm_mock_server.app import create_app
from iqm_mock_server.http_server import HttpServer
from iqm_mock_server.settings import KeyOrder, Settings
from iqm_mock_server.simulator.process import POOL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from iqm_mock_server.clock import Clock


@dataclass(frozen=True, slots=True)
class MockServer:
    """A server that is running.

    Parameters
    ----------
    url
        Root URL, without a slash at its end.
    token
        Bearer token that it asks for, if any.
    app
        The application.
    """

    url: str
    token: str | None
    app: Flask


@contextmanager
def serve(
    *,
    machine: str = "garnet",
    ideal: bool = False,
    seed: int = 0,
    token: str | None = None,
    key_order: KeyOrder | str = KeyOrder.PROGRAM,
    duration: float = 0.0,
    calibration_service: bool = False,
    simulation_budget: float = 120.0,
    host: str = "127.0.0.1",
    port: int = 0,
    clock: Clock | None = None,
) -> Iterator[MockServer]:
    """Run a server on threads of its own for as long as the context lasts.

    Parameters
    ----------
    machine, ideal, seed, token, key_order, duration, calibration_service, simulation_budget
        See `Settings`.
    host, port
        Where to listen; port 0 takes any free one.
    clock
        The system's clock when left out.

    Yields
    ------
    MockServer
        The server; its simulator is ready, so that the first job is as fast as any other.

    Raises
    ------
    ValueError
        When a setting is wrong.
    OSError
        When it cannot listen there.
    """
    settings = Settings(
        machine=machine,
        ideal=ideal,
        seed=seed,
        token=token,
        key_order=KeyOrder(key_order),
        duration=duration,
        calibration_service=calibration_service,
        simulation_budget=simulation_budget,
    )
    with run(settings, host=host, port=port, clock=clock) as server:
        yield server


@contextmanager
def run(settings: Settings, *, host: str, port: int, clock: Clock | None = None) -> Iterator[MockServer]:
    """Run a server with given settings, as `serve` does."""
    app = create_app(settings, clock)
    try:
        POOL.warm()
        server = HttpServer(host, port, app)
        thread = threading.Thread(target=server.serve_forever, name="iqm_mock_server")
        thread.start()
    except BaseException:
        app.extensions[EXTENSION].close()
        raise
    try:
        shown = f"[{host}]" if ":" in host else host
        yield MockServer(f"http://{shown}:{server.port}", settings.token, app)
    finally:
        # Engines first: whoever waits for a job is answered, then the connections can end.
        app.extensions[EXTENSION].close()
        server.shutdown()
        thread.join()
