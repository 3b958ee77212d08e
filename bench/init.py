# SPDX-License-Identifier: Apache-2.0
"""How long opening a session takes when each reply comes 20 ms late, over plain HTTP and over TLS.

Each session is new, connections included. Measured are both the C interface alone (alloc, set_parameter and
init, through ctypes) and `qdmikit.open_device`, which also finds and reads the device's manifest. What the
session fetches in the background after that is not waited for.

The replies are the mock server's, recorded and sent by a server that does nothing else: the limit is about
what the device adds to a network, not about how fast the mock composes four replies at once. That is shown
as well.
"""

from __future__ import annotations

import ctypes
import gc
import http.client
import json
import os
import ssl
import statistics
import sys
import tempfile
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import trustme
from _mock import mock_server
from _replay import Replies, replaying

import qdmikit
import qdmikit_iqm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RUNS = 21
ADDED = 20.0  # milliseconds, to every reply
LIMIT = 2 * ADDED + 10
PAUSE = 0.1  # seconds, until the server is done with what the session before still asked it
COMPUTERS = "/api/v1/quantum-computers"
BASE_URL = 0  # QDMI_DEVICE_SESSION_PARAMETER_BASEURL


class Library:
    """The device library, through its C interface.

    Parameters
    ----------
    path
        Of the shared library.
    """

    def __init__(self, path: Path) -> None:
        self._library = ctypes.CDLL(str(path))
        self._library.IQM_QDMI_device_session_free.restype = None
        self._call("device_initialize")

    def _call(self, function: str, *arguments: object) -> None:
        status = getattr(self._library, f"IQM_QDMI_{function}")(*arguments)
        if status != 0:
            raise RuntimeError(f"{function} returned {status}")

    def open_and_close(self, url: str) -> float:
        """Open a session and free it; return how long opening took, in seconds."""
        text = url.encode() + b"\0"
        session = ctypes.c_void_p()
        start = time.perf_counter()
        self._call("device_session_alloc", ctypes.byref(session))
        self._call(
            "device_session_set_parameter", session, ctypes.c_int(BASE_URL), ctypes.c_size_t(len(text)), text
        )
        self._call("device_session_init", session)
        elapsed = time.perf_counter() - start
        self._library.IQM_QDMI_device_session_free(session)
        return elapsed


def open_and_close_in_python(url: str) -> float:
    """Open a device with qdmikit and let go of it; return how long opening took, in seconds."""
    start = time.perf_counter()
    device = qdmikit.open_device("qdmikit.iqm", base_url=url)
    elapsed = time.perf_counter() - start
    del device
    gc.collect()
    return elapsed


@dataclass(frozen=True)
class Trust:
    """What a client of the server trusts: nothing for plain HTTP, else the certificates of a file."""

    file: Path | None = None

    def context(self) -> ssl.SSLContext | None:
        """Read the file as Python's clients do."""
        return None if self.file is None else ssl.create_default_context(cafile=str(self.file))


def connection(url: str, context: ssl.SSLContext | None) -> http.client.HTTPConnection:
    """Return a connection to the server that is not open yet."""
    host = urlsplit(url).netloc
    if context is None:
        return http.client.HTTPConnection(host, timeout=30)
    return http.client.HTTPSConnection(host, timeout=30, context=context)


def ask(opened: http.client.HTTPConnection, method: str, path: str, body: str | None = None) -> Any:  # noqa: ANN401
    """Send one request on a connection and read the JSON that answers it.

    Raises
    ------
    RuntimeError
        The reply is an error.
    """
    opened.request(method, path, body, {"Content-Type": "application/json"} if body else {})
    reply = opened.getresponse()
    text = reply.read()
    if reply.status >= 300:
        raise RuntimeError(f"{method} {path} was answered {reply.status}: {text[:200]!r}")
    return json.loads(text) if text else None


def processor_time(action: Callable[[], object]) -> float:
    """Do something; return the processor time that all threads of this process took for it, in seconds."""
    start = time.process_time()
    action()
    return time.process_time() - start


def round_trip(opened: http.client.HTTPConnection) -> float:
    """Send the request that every session begins with on an open connection; return the seconds."""
    start = time.perf_counter()
    ask(opened, "GET", COMPUTERS)
    return time.perf_counter() - start


def set_up(url: str, context: ssl.SSLContext | None) -> float:
    """Open a connection, TCP and TLS; return the seconds."""
    opened = connection(url, context)
    start = time.perf_counter()
    opened.connect()
    elapsed = time.perf_counter() - start
    opened.close()
    return elapsed


def sampled(measure: Callable[[], float]) -> list[float]:
    """Measure once to warm up, then so often as counts; return milliseconds."""
    measure()
    samples = []
    for _ in range(RUNS):
        time.sleep(PAUSE)
        samples.append(1e3 * measure())
    return samples


def row(name: str, samples: list[float], bare: float | None = None, *, limited: bool = False) -> str:
    """Format one line of the table."""
    median = statistics.median(samples)
    figures = "".join(f"{figure:9.1f}" for figure in (min(samples), median, max(samples)))
    ratio = f"{median / bare:9.2f}" if bare is not None else " " * 9
    return f"{name:48}{figures}{ratio}" + (f"   median <= {LIMIT:.0f}" if limited else "")


def recorded(library: Library) -> Replies:
    """Return what the mock server answers to all that a session asks."""
    with mock_server("--control") as url, closing(connection(url, None)) as opened:
        library.open_and_close(url)
        time.sleep(PAUSE)
        paths = {entry["path"] for entry in ask(opened, "GET", "/mock/ledger")["requests"]}
        return {path: (200, json.dumps(ask(opened, "GET", path))) for path in paths}


def measure(title: str, url: str, trust: Trust, library: Library) -> bool:
    """Measure one kind of connection and print its part of the table.

    Returns
    -------
    bool
        Whether the limit was kept.
    """
    context = trust.context()
    if trust.file is not None:
        os.environ["IQM_CA_FILE"] = str(trust.file)
    with closing(connection(url, context)) as opened:
        opened.connect()
        bare = sampled(lambda: round_trip(opened))
    one = statistics.median(bare)
    c_interface = sampled(lambda: library.open_and_close(url))
    print(f"\n{title:48}{'min':>9}{'median':>9}{'max':>9}{'ratio':>9}   limit")
    print(row("one round trip on an open connection", bare, one))
    print(row("session: alloc, set_parameter, init in C", c_interface, one, limited=True))
    print(row("session: qdmikit.open_device", sampled(lambda: open_and_close_in_python(url)), one))
    print(
        row(
            "  processor time of the client, session in C",
            sampled(lambda: processor_time(lambda: library.open_and_close(url))),
        )
    )
    print(row("  one connection's set-up, by Python", sampled(lambda: set_up(url, context))))
    if trust.file is not None:
        print(row("  reading the certificates to trust, by Python", sampled(lambda: reading(trust))))
    return statistics.median(c_interface) <= LIMIT


def measure_mock(library: Library) -> None:
    """Measure and print the same with the mock server itself, which takes its time for each reply."""
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "faults.json"
        plan.write_text(json.dumps({"rules": [{"effect": {"reply_latency": ADDED / 1e3}}]}))
        with mock_server("--control", "--faults", str(plan)) as url:
            print(f"\n{'plain HTTP, from the mock server itself':48}{'min':>9}{'median':>9}{'max':>9}")
            print(
                row("session: alloc, set_parameter, init in C", sampled(lambda: library.open_and_close(url)))
            )


def reading(trust: Trust) -> float:
    """Read the certificates to trust; return the seconds."""
    start = time.perf_counter()
    trust.context()
    return time.perf_counter() - start


@contextmanager
def certificates() -> Iterator[tuple[Path, Path, Path]]:
    """Make a certificate for the server, and two files that trust it: by itself, and among the system's.

    Yields
    ------
    tuple[Path, Path, Path]
        The server's certificate and key, the authority alone, and the system's authorities and this one.
    """
    authority = trustme.CA()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        served, alone, among = folder / "served.pem", folder / "alone.pem", folder / "among.pem"
        authority.issue_cert("127.0.0.1").private_key_and_cert_chain_pem.write_to_path(str(served))
        authority.cert_pem.write_to_path(str(alone))
        system = ssl.get_default_verify_paths().cafile or "/etc/ssl/certs/ca-certificates.crt"
        among.write_bytes(Path(system).read_bytes() + b"\n" + alone.read_bytes())
        yield served, alone, among


def main() -> int:
    """Measure and print; 1 when the limit is missed.

    Returns
    -------
    int
        The exit code.
    """
    library = Library(qdmikit_iqm.library_path())
    print(f"{RUNS} runs each, milliseconds; {ADDED:.0f} ms added to every reply")
    replies = recorded(library)
    with certificates() as (served, alone, among):
        with replaying(replies, ADDED / 1e3) as url:
            kept = [measure("plain HTTP", url, Trust(), library)]
        with replaying(replies, ADDED / 1e3, served) as url:
            kept.append(measure("TLS, one authority to trust", url, Trust(alone), library))
            kept.append(measure("TLS, the system's authorities as well", url, Trust(among), library))
    measure_mock(library)
    print(f"\nload average {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
