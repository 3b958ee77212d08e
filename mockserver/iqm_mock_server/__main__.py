# SPDX-License-Identifier: Apache-2.0
"""The command that runs a mock server: ``python -m iqm_mock_server`` and ``qdmikit-mock``."""

from __future__ import annotations

import argparse
import importlib.util
import logging
import signal
import sys
import threading
from pathlib import Path

_REQUIRED = ("flask", "pydantic", "qiskit", "qiskit_aer")


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

    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())

    from iqm_mock_server.serving import run
    from iqm_mock_server.settings import KeyOrder, Settings
    from iqm_mock_server.simulator.process import SimulatorGone

    if options.verbose:
        logging.basicConfig(level=logging.DEBUG, format="%(asctime)s %(name)s: %(message)s")
    try:
        settings = Settings(
            machine=options.machine,
            ideal=options.ideal,
            seed=options.seed,
            token=None if options.token_file is None else _read_token(options.token_file),
            key_order=KeyOrder(options.key_order),
            duration=options.duration,
            calibration_service=options.calibration_service,
        )
        with run(settings, host=options.host, port=options.port) as server:
            print(server.url, flush=True)
            print("ready", flush=True)
            stop.wait()
    except (OSError, ValueError, SimulatorGone) as error:
        return _fail(str(error))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="qdmikit-mock",
        description="A mock IQM Server. Prints its URL, then the line 'ready'; ends on SIGTERM or SIGINT.",
    )
    parser.add_argument(
        "--machine", default="garnet", help="name of a built-in machine, or path of a machine file"
    )
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--port", type=_port, default=0, help="port to listen on (default: any free one)")
    parser.add_argument("--ideal", action="store_true", help="simulate without noise")
    parser.add_argument("--seed", type=int, default=0, help="of all results (default: %(default)s)")
    parser.add_argument(
        "--token-file", type=Path, help="file whose text is the bearer token that requests must carry"
    )
    parser.add_argument(
        "--key-order",
        choices=("program", "reversed", "shuffled"),
        default="program",
        help="order of measurement keys in results (default: %(default)s)",
    )
    parser.add_argument(
        "--duration",
        type=float,
        default=0.0,
        metavar="SECONDS",
        help="how long a job occupies the machine (default: 0)",
    )
    parser.add_argument(
        "--calibration-service", action="store_true", help="report a calibration service as healthy"
    )
    parser.add_argument("--verbose", action="store_true", help="log every request to stderr")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"{number} is not between 0 and 65535")
    return number


def _read_token(path: Path) -> str:
    token = path.read_text(encoding="utf-8").strip()
    if not token:
        raise ValueError(f"the token file {path} is empty")
    return token


def _fail(message: str) -> int:
    print(f"qdmikit-mock: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
