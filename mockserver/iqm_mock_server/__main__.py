# SPDX-License-Identifier: Apache-2.0
"""The command that runs a mock server: ``python -m iqm_mock_server`` and ``qdmikit-mock``."""

from __future__ import annotations

import argparse
import importlib.util
import logging
import resource
import signal
import socket
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iqm_mock_server.settings import Settings

_REQUIRED = ("flask", "pydantic", "pyqir", "qiskit", "qiskit_aer")


def main(arguments: list[str] | None = None) -> int:
    """Run a server until SIGTERM or SIGINT.

    Parameters
    ----------
    arguments
        Of the command line; the process's own when left out.

    Returns
    -------
    int
        Exit code: 0 after a signal, 1 when the server could not be started.
    """
    options = _parser().parse_args(arguments)
    missing = [name for name in _REQUIRED if importlib.util.find_spec(name) is None]
    if missing:
        return _fail(f'the mock server needs {", ".join(missing)}: pip install "qdmikit[mock]"')

    stop = _stop_signal()

    from iqm_mock_server.serving import run, tls_context
    from iqm_mock_server.simulator.process import SimulatorGone

    if options.verbose:
        logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(name)s: %(message)s")
    _allow_many_connections()
    try:
        tls = tls_context(options.tls_cert, options.tls_key)
        with run(_settings(options), host=options.host, port=options.port, tls=tls) as server:
            print(server.url, flush=True)
            print("ready", flush=True)
            stop.recv(1)
    except (OSError, ValueError, SimulatorGone) as error:
        return _fail(str(error))
    return 0


def _stop_signal() -> socket.socket:
    """Return a socket that has something to read once SIGTERM or SIGINT has come.

    A lock that the main thread waits on is not enough: a signal that another thread gets does not wake it.
    """
    reader, writer = socket.socketpair()
    writer.setblocking(False)  # noqa: FBT003 - as it is called
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    signal.set_wakeup_fd(writer.detach(), warn_on_full_buffer=False)
    return reader


def _settings(options: argparse.Namespace) -> Settings:
    from iqm_mock_server.settings import KeyOrder, Settings

    return Settings(
        machines=tuple(options.machine or ["garnet"]),
        ideal=options.ideal,
        seed=options.seed,
        token=None if options.token_file is None else _read_token(options.token_file),
        refresh_token=None if options.refresh_token_file is None else _read_token(options.refresh_token_file),
        token_lifetime=options.token_lifetime,
        key_order=KeyOrder(options.key_order),
        duration=options.duration,
        duration_per_execution=options.duration_per_execution,
        instant=options.instant,
        speed=options.speed,
        calibration_service=options.calibration_service,
        calibration_duration=options.calibration_duration,
        simulation_budget=options.simulation_budget,
        max_circuit_duration_over_t2=options.max_circuit_duration_over_t2,
        state=options.state,
        control=options.control,
        faults=options.faults,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qdmikit-mock",
        description="A mock IQM Server. Prints its URL, then the line 'ready'; ends on SIGTERM or SIGINT.",
    )
    _add_serving_options(parser.add_argument_group("serving"))
    _add_machine_options(parser.add_argument_group("machines"))
    _add_time_options(parser.add_argument_group("time"))
    return parser


def _add_serving_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    group.add_argument("--port", type=_port, default=0, help="port to listen on (default: any free one)")
    group.add_argument(
        "--token-file", type=Path, help="file whose text is the bearer token that requests must carry"
    )
    group.add_argument(
        "--refresh-token-file", type=Path, help="file whose text is the token that makes new bearer tokens"
    )
    group.add_argument(
        "--token-lifetime",
        type=float,
        default=10 * 365 * 86400.0,
        metavar="SECONDS",
        help="until the token expires, unless it is a JWT and says itself (default: ten years)",
    )
    group.add_argument("--tls-cert", type=Path, metavar="FILE", help="serve HTTPS with this PEM certificate")
    group.add_argument(
        "--tls-key", type=Path, metavar="FILE", help="its private key (default: in the certificate's file)"
    )
    group.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="keep jobs and calibrations in this file, so that they survive a restart",
    )
    group.add_argument("--faults", type=Path, metavar="FILE", help="let what this file describes go wrong")
    group.add_argument("--control", action="store_true", help="serve /mock/: faults, ledger, calibrations")
    group.add_argument("--verbose", action="store_true", help="log every request to stderr")


def _add_machine_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--machine",
        action="append",
        metavar="NAME[:ALIAS] or FILE.json",
        help="built-in machine, or machine file; may be repeated (default: garnet)",
    )
    group.add_argument("--ideal", action="store_true", help="simulate without noise")
    group.add_argument("--seed", type=int, default=0, help="of all results (default: %(default)s)")
    group.add_argument(
        "--key-order",
        choices=("program", "reversed", "shuffled"),
        default="program",
        help="order of measurement keys in results (default: %(default)s)",
    )
    group.add_argument(
        "--calibration-service",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="offer calibration runs (default: yes)",
    )
    group.add_argument(
        "--calibration-duration",
        type=float,
        default=5.0,
        metavar="SECONDS",
        help="how long a calibration takes (default: %(default)s)",
    )
    group.add_argument(
        "--max-circuit-duration-over-t2",
        type=float,
        metavar="RATIO",
        help="refuse longer circuits unless their submission says otherwise (default: do not check)",
    )
    group.add_argument(
        "--simulation-budget",
        type=float,
        default=120.0,
        metavar="SECONDS",
        help="refuse jobs whose simulation would take longer (default: %(default)g)",
    )


def _add_time_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--duration",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="how long a job occupies the machine (default: 0)",
    )
    group.add_argument(
        "--duration-per-execution",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="added for each execution, which is one shot of one circuit (default: 0)",
    )
    group.add_argument(
        "--speed",
        type=float,
        default=1.0,
        metavar="FACTOR",
        help="divides the time that jobs and calibrations take (default: 1)",
    )
    group.add_argument(
        "--instant", action="store_true", help="answer a submission only when its job has ended"
    )


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is not between 0 and 65535")
    return number


def _read_token(path: Path) -> str:
    token = path.read_text(encoding="utf-8").strip()
    if not token:
        raise ValueError(f"the token file {path} is empty")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        _say(f"warning: other users can open the token file {path}; chmod 600 keeps it to you")
    return token


def _allow_many_connections() -> None:
    """Raise the limit of open files as far as it goes: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _fail(message: str) -> int:
    _say(message)
    return 1


def _say(message: str) -> None:
    print(f"qdmikit-mock: {message}", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
