# SPDX-License-Identifier: Apache-2.0
"""The command, the pytest plugin, and what importing the package costs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

import iqm_mock_server
from iqm_mock_server import serve

if TYPE_CHECKING:
    from tests.mockserver.conftest import Circuits, Command, Connect, Dial

PACKAGE_PARENT = str(Path(iqm_mock_server.__file__).parents[1])
ENVIRONMENT = {**os.environ, "PYTHONPATH": PACKAGE_PARENT}


def get(url: str, token: str | None = None) -> int:
    request = urllib.request.Request(f"{url}/api/v1/quantum-computers")  # noqa: S310 - http on loopback
    if token is not None:
        request.add_header("Authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request) as reply:  # noqa: S310 - http on loopback
            return int(reply.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def end(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str, str]:
    process.send_signal(number)
    out, err = process.communicate(timeout=10)
    return process.returncode, out, err


def test_it_prints_its_url_then_ready_and_ends_cleanly_on_sigterm(command: Command) -> None:
    with command("--machine", "garnet", "--port", "0", "--ideal", "--seed", "7") as (process, url):
        assert get(url) == 200
        assert end(process, signal.SIGTERM) == (0, "", "")


def test_it_takes_its_token_from_a_file_and_ends_cleanly_on_sigint(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("s3cret\n")
    file.chmod(0o600)
    with command("--token-file", str(file)) as (process, url):
        assert get(url) == 401
        assert get(url, "s3cret") == 200
        assert end(process, signal.SIGINT) == (0, "", "")


def test_it_warns_of_a_token_that_other_users_can_read(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("s3cret\n")
    file.chmod(0o640)
    with command("--token-file", str(file)) as (process, url):
        assert get(url, "s3cret") == 200
        code, out, err = end(process, signal.SIGTERM)
    assert (code, out) == (0, "")
    [line] = err.splitlines()
    assert "warning" in line
    assert str(file) in line
    assert "s3cret" not in line


def test_sigterm_ends_it_cleanly_while_jobs_run_and_clients_wait(
    command: Command, dial: Dial, circuits: Circuits
) -> None:
    with command("--duration", "1000") as (process, url):
        api = dial(url)
        for _ in range(3):
            job = api.accepted(circuits.ghz("QB1", "QB2"))
            poll = f"/api/v1/jobs/{job}?wait_until_terminal=true&timeout_seconds=30"
            dial(url).connection.request("GET", poll)
        # Its connection comes after those of the polls, and stays open without a request.
        assert dial(url).get("/api/v1/quantum-computers").status == 200
        assert end(process, signal.SIGTERM) == (0, "", "")


def test_a_client_that_does_not_take_its_response_keeps_no_server_from_ending(
    connect: Connect, circuits: Circuits
) -> None:
    with socket.socket() as lazy, serve(ideal=True) as server:
        keys = [
            circuits.measure("QB1", key=f"a key of some length, number {number}") for number in range(200)
        ]
        job_id = connect(server).completed(keys, shots=20_000)
        parts = urlsplit(server.url)
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect((parts.hostname, parts.port))
        # Sixteen megabytes, more than the sockets' buffers hold.
        lazy.sendall(f"GET /api/v1/jobs/{job_id}/artifacts/measurements HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert lazy.recv(12) == b"HTTP/1.1 200"
        begin = time.monotonic()
    assert time.monotonic() - begin < 10


def test_it_serves_several_machines_with_an_alias(command: Command, dial: Dial) -> None:
    with command("--machine", "garnet", "--machine", "garnet:mock") as (_process, url):
        document = dial(url).get("/api/v1/quantum-computers").json
        assert [each["alias"] for each in document["quantum_computers"]] == ["garnet", "garnet:mock"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--machine", "nope"], "unknown machine 'nope'"),
        (["--machine", "/does/not/exist.json"], "No such file"),
        (["--token-file", "/dev/null"], "is empty"),
        (["--duration", "-1"], "duration must be"),
        (["--duration-per-execution", "nan"], "duration_per_execution must be"),
        (["--speed", "0"], "speed must be"),
        (["--max-circuit-duration-over-t2", "-1"], "max_circuit_duration_over_t2 must be"),
        (["--machine", "garnet", "--machine", "garnet"], "same alias"),
        (["--state", "/does/not/exist"], "No such file"),
        (["--state", "/proc/self/cmdline"], "cannot be used"),
        (["--tls-key", "/dev/null"], "a TLS key needs a TLS certificate"),
        (["--tls-cert", "/dev/null"], "the TLS certificate /dev/null and its key cannot be used"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_1(arguments: list[str], reason: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "iqm_mock_server", *arguments],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert reason in line


def test_a_missing_extra_is_one_line_that_says_what_to_install() -> None:
    # Isolated from site-packages there is no Flask and no simulator, as after installing without the extra.
    code = (
        f"import sys; sys.path.insert(0, {PACKAGE_PARENT!r}); "
        "from iqm_mock_server.__main__ import main; sys.exit(main([]))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-I", "-c", code], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (1, "")
    [line] = done.stderr.splitlines()
    assert 'pip install "qdmikit[mock]"' in line
    assert "flask" in line


def test_importing_the_package_and_its_plugin_imports_nothing_heavy() -> None:
    code = (
        "import sys, iqm_mock_server, iqm_mock_server.pytest_plugin; "
        "print(sorted({'flask', 'qiskit', 'numpy', 'pydantic', 'werkzeug'} & sys.modules.keys())); "
        "iqm_mock_server.create_app; print('flask' in sys.modules, 'qiskit' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=ENVIRONMENT, check=True
    )
    # The server itself never needs Qiskit: the simulator has a process of its own.
    assert done.stdout.splitlines() == ["[]", "True False"]


def test_the_package_says_when_a_name_does_not_exist() -> None:
    with pytest.raises(AttributeError, match="'nope'"):
        iqm_mock_server.nope  # noqa: B018
    assert set(dir(iqm_mock_server)) >= {"create_app", "serve"}


def test_the_plugin_gives_a_server_configured_by_its_marker(tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(
        """
import urllib.error, urllib.request
import pytest

pytestmark = pytest.mark.iqm_mock_server(token="from the module".replace(" ", "-"), seed=1)

@pytest.mark.iqm_mock_server(seed=2)
def test_options_of_the_closest_marker_win(iqm_mock_server):
    settings = iqm_mock_server.app.extensions["iqm_mock_server"].settings
    assert (iqm_mock_server.token, settings.seed) == ("from-the-module", 2)
"""
    )
    arguments = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--strict-markers",
        "-W",
        "error",
        # An editable install's hook is imported before pytest can rewrite its assertions; it has none.
        "-W",
        "ignore:Module already imported so cannot be rewritten:pytest.PytestAssertRewriteWarning",
        "-p",
        "no:cacheprovider",
    ]
    # Where the package is installed its entry point loads the plugin; naming it again would register it
    # twice.
    if "iqm_mock_server" not in installed_pytest_plugins():
        arguments += ["-p", "iqm_mock_server.pytest_plugin"]
    done = subprocess.run(
        [*arguments, str(tmp_path)],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
        cwd=tmp_path,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def installed_pytest_plugins() -> set[str]:
    from importlib.metadata import entry_points

    return {point.name for point in entry_points(group="pytest11")}
