# SPDX-License-Identifier: Apache-2.0
"""The command, the pytest plugin, and what importing the package costs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import iqm_mock_server

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE_PARENT = str(Path(iqm_mock_server.__file__).parents[1])
ENVIRONMENT = {**os.environ, "PYTHONPATH": PACKAGE_PARENT}


@contextmanager
def command(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a server in a process of its own; yields it with the URL it printed."""
    with subprocess.Popen(
        [sys.executable, "-m", "iqm_mock_server", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=ENVIRONMENT,
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            ready = process.stdout.readline()
            if ready != "ready\n":
                assert process.stderr is not None
                pytest.fail(process.stderr.read())
            yield process, url
        finally:
            process.kill()


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


def test_it_prints_its_url_then_ready_and_ends_cleanly_on_sigterm() -> None:
    with command("--machine", "garnet", "--port", "0", "--ideal", "--seed", "7") as (process, url):
        assert get(url) == 200
        assert end(process, signal.SIGTERM) == (0, "", "")


def test_it_takes_its_token_from_a_file_and_ends_cleanly_on_sigint(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("s3cret\n")
    with command("--token-file", str(file)) as (process, url):
        assert get(url) == 401
        assert get(url, "s3cret") == 200
        assert end(process, signal.SIGINT) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--machine", "nope"], "unknown machine 'nope'"),
        (["--machine", "/does/not/exist.json"], "No such file"),
        (["--token-file", "/dev/null"], "is empty"),
        (["--duration", "-1"], "duration must be"),
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
