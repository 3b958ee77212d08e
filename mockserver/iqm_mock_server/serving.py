# SPDX-License-Identifier: Apache-2.0
"""Running a server inside a Python process."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from iqm_mock_server.api import CONTROL, EXTENSION
from iqm_mock_server.app import create_app
from iqm_mock_server.control import FaultPlan, Legacy
from iqm_mock_server.http_server import HttpServer
from iqm_mock_server.settings import KeyOrder, Settings
from iqm_mock_server.simulator.process import POOL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flask import Flask

    from iqm_mock_server.clock import Clock
    from iqm_mock_server.control import Control, Ledger
    from iqm_mock_server.control.faults import Faults


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

    @property
    def ledger(self) -> Ledger:
        """What was asked of the server."""
        control: Control = self.app.extensions[CONTROL]
        return control.ledger

    @property
    def faults(self) -> Faults:
        """What goes wrong; `Faults.use` begins another plan."""
        control: Control = self.app.extensions[CONTROL]
        return control.faults


@contextmanager
def serve(
    *,
    machine: str | Sequence[str] = "garnet",
    ideal: bool = False,
    seed: int = 0,
    token: str | None = None,
    refresh_token: str | None = None,
    token_lifetime: float = 10 * 365 * 86400.0,
    key_order: KeyOrder | str = KeyOrder.PROGRAM,
    duration: float = 0.0,
    duration_per_execution: float = 0.0,
    instant: bool = False,
    speed: float = 1.0,
    calibration_service: bool = True,
    calibration_duration: float = 5.0,
    simulation_budget: float = 120.0,
    max_circuit_duration_over_t2: float | None = None,
    state: str | Path | None = None,
    control: bool = False,
    faults: FaultPlan | str | Path | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
    tls_cert: str | Path | None = None,
    tls_key: str | Path | None = None,
    clock: Clock | None = None,
) -> Iterator[MockServer]:
    """Run a server on threads of its own for as long as the context lasts.

    Parameters
    ----------
    machine
        One machine or several, see `Settings`.
    ideal, seed, token, refresh_token, token_lifetime, key_order, duration, duration_per_execution, instant, \
    speed, calibration_service, calibration_duration, simulation_budget, max_circuit_duration_over_t2, \
    state, control
        See `Settings`.
    faults
        What goes wrong from the start: a plan, or the file of one.
    host, port
        Where to listen; port 0 takes any free one.
    tls_cert, tls_key
        PEM files of a certificate chain and its private key, to serve HTTPS; the key may stand in the
        certificate's file.
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
        machines=(machine,) if isinstance(machine, str) else tuple(machine),
        ideal=ideal,
        seed=seed,
        token=token,
        refresh_token=refresh_token,
        token_lifetime=token_lifetime,
        key_order=KeyOrder(key_order),
        duration=duration,
        duration_per_execution=duration_per_execution,
        instant=instant,
        speed=speed,
        calibration_service=calibration_service,
        calibration_duration=calibration_duration,
        simulation_budget=simulation_budget,
        max_circuit_duration_over_t2=max_circuit_duration_over_t2,
        state=None if state is None else Path(state),
        control=control,
        faults=None if faults is None or isinstance(faults, FaultPlan) else Path(faults),
    )
    tls = tls_context(tls_cert, tls_key)
    with run(settings, host=host, port=port, tls=tls, clock=clock) as server:
        if isinstance(faults, FaultPlan):
            server.faults.use(faults)
        yield server


def tls_context(certificate: str | Path | None, key: str | Path | None) -> ssl.SSLContext | None:
    """Return what serves HTTPS with a certificate; ``None`` without one.

    Raises
    ------
    ValueError
        When there is a key without a certificate, or they do not belong together.
    OSError
        When a file cannot be read.
    """
    if certificate is None:
        if key is not None:
            raise ValueError("a TLS key needs a TLS certificate")
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except ssl.SSLError as error:
        raise ValueError(f"the TLS certificate {certificate} and its key cannot be used: {error}") from error
    return context


@contextmanager
def run(
    settings: Settings,
    *,
    host: str,
    port: int,
    tls: ssl.SSLContext | None = None,
    clock: Clock | None = None,
) -> Iterator[MockServer]:
    """Run a server with given settings, as `serve` does."""
    app = create_app(settings, clock)
    computers = app.extensions[EXTENSION]
    control = app.extensions[CONTROL]
    try:
        POOL.warm()
        server = HttpServer(host, port, app, tls)
        control.host = host
        server.answers_expect = lambda: not control.faults.has(Legacy.NO_EXPECT_CONTINUE)
        thread = threading.Thread(target=server.serve_forever, name="iqm_mock_server")
        thread.start()
        try:
            shown = f"[{host}]" if ":" in host else host
            scheme = "http" if tls is None else "https"
            yield MockServer(f"{scheme}://{shown}:{server.port}", settings.token, app)
        finally:
            # Machines first: whoever waits for a job is answered, then the connections can end.
            computers.stop()
            control.close()
            server.shutdown()
            thread.join()
    finally:
        computers.close()
