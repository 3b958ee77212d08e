# SPDX-License-Identifier: Apache-2.0
"""The program that tells what a site file does to a job."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SITE = """
[devices.garnet]
url = "https://garnet.example.org"
tokens_file = "{tokens}"
partitions = ["quantum"]
groups = ["{group}"]
license = "qpu_garnet"
[devices.garnet.env]
url = ["IQM_SERVER_URL"]
token = ["IQM_TOKEN"]
[devices.open]
url = "https://open.example.org"
[partitions.quantum]
default_device = "garnet"
"""


class Told(NamedTuple):
    """What the program printed, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def check(plugin: Path) -> Callable[..., Told]:
    program = plugin.parents[1] / "sitepolicy" / "qdmikit-site-check"

    def run(*words: str | Path) -> Told:
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        return Told(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture
def tokens(tmp_path: Path) -> Path:
    file = tmp_path / "tokens.json"
    file.write_text('{"access_token": "secret"}')
    file.chmod(0o600)
    return file


def written(tmp_path: Path, tokens: Path, group: str | None = None) -> Path:
    own = subprocess.run(["id", "-gn"], check=True, capture_output=True, text=True).stdout.strip()
    file = tmp_path / "site.toml"
    file.write_text(SITE.format(tokens=tokens, group=group or own))
    file.chmod(0o644)
    return file


def test_a_job_that_may_use_its_device(check: Callable[..., Told], tmp_path: Path, tokens: Path) -> None:
    told = check(written(tmp_path, tokens), "--partition", "quantum", "--licenses", "qpu_garnet:1")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "garnet: accepted",
        "  sets   IQM_SERVER_URL=https://garnet.example.org",
        "  sets   QDMI_ENDPOINT=https://garnet.example.org",
        f"  sets   QDMI_AUTH_FILE={tokens}",
        "  unsets IQM_TOKEN",
    ]


def test_all_devices_as_json(check: Callable[..., Told], tmp_path: Path, tokens: Path) -> None:
    told = check(written(tmp_path, tokens), "--json")
    assert told.code == 0
    report = json.loads(told.out)
    assert report["default_devices"] == {"quantum": "garnet"}
    garnet, opened = report["devices"]
    assert (garnet["device"], garnet["accepted"], garnet["reason"]) == ("garnet", True, None)
    assert garnet["environment"]["IQM_TOKEN"] is None
    assert opened["environment"] == {"QDMI_ENDPOINT": "https://open.example.org"}


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("--device", "garnet", "--partition", "classical"), "cannot be used from partition 'classical'"),
        (("--device", "garnet", "--licenses", "other:1"), "needs a licence"),
        (("--device", "aurora"), "there is no quantum device 'aurora' at this site"),
    ],
)
def test_a_job_that_may_not(
    check: Callable[..., Told], tmp_path: Path, tokens: Path, words: tuple[str, ...], reason: str
) -> None:
    told = check(written(tmp_path, tokens), *words)
    assert told.code == 1
    assert "rejected: " in told.out
    assert reason in told.out


def test_a_group_that_the_user_is_not_in(check: Callable[..., Told], tmp_path: Path, tokens: Path) -> None:
    told = check(written(tmp_path, tokens, group="no-such-group"), "--device", "garnet")
    assert told.code == 1
    assert "is for members of these groups: no-such-group" in told.out


def test_a_tokens_file_is_judged_as_the_user_would_see_it(
    check: Callable[..., Told], tmp_path: Path, tokens: Path
) -> None:
    told = check(written(tmp_path, tokens, group="games"), "--device", "garnet", "--as", "games")
    if os.geteuid() == 0:
        assert told.code == 1
        assert f"the tokens file {tokens} cannot be read: Permission denied" in told.out
    else:
        assert "only root can look at files as games would" in told.out


def test_a_tokens_file_that_is_no_good(check: Callable[..., Told], tmp_path: Path, tokens: Path) -> None:
    tokens.chmod(0o604)
    told = check(written(tmp_path, tokens), "--device", "garnet")
    assert told.code == 1
    assert "is open to everybody on this machine" in told.out
    assert "secret" not in told.out + told.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("/no/such/file",), "the site file /no/such/file cannot be read: No such file or directory"),
        ((), "one site file must be named"),
        (("a", "b"), "one site file must be named"),
        (("a", "--no-such-option"), "see qdmikit-site-check --help"),
    ],
)
def test_what_is_no_good_ends_with_2(check: Callable[..., Told], words: tuple[str, ...], reason: str) -> None:
    told = check(*words)
    assert (told.code, told.out) == (2, "")
    assert reason in told.err


def test_an_unknown_user(check: Callable[..., Told], tmp_path: Path, tokens: Path) -> None:
    told = check(written(tmp_path, tokens), "--as", "no-such-user")
    assert told.code == 2
    assert "there is no user 'no-such-user' on this machine" in told.err


def test_a_broken_file_is_told_with_its_line(check: Callable[..., Told], tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text("[devices.garnet]\nurl = 3\n")
    file.chmod(0o644)
    told = check(file)
    assert told.code == 2
    assert f"{file}:2: 'url' of device 'garnet' must be a text" in told.err


def test_the_example_is_a_site_file(check: Callable[..., Told], tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / "examples" / "slurm" / "site.toml"
    installed = tmp_path / "site.toml"
    installed.write_text(example.read_text())
    installed.chmod(0o644)
    told = check(installed, "--device", "borealis", "--partition", "classical")
    assert told == (0, "borealis: accepted\n  sets   QDMI_ENDPOINT=http://borealis.cluster.example.org\n", "")
    refused = check(installed, "--device", "aurora", "--partition", "classical")
    assert (refused.code, "Submit to: --partition=quantum" in refused.out) == (1, True)
