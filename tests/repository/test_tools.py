# SPDX-License-Identifier: Apache-2.0
"""The programs behind the Makefile: what each does at its edges."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from tools import dev_environment, run_benchmarks, steps, wheel_matrix


def run(*command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )


def fake(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Give a folder to put before PATH: a machine that lacks ccache, whose user may not install."""
    folder = tmp_path / "bin"
    fake(folder, "dpkg-query", 'case "$*" in *ccache*) exit 1 ;; *) printf installed ;; esac')
    fake(folder, "id", "echo 1000")
    fake(folder, "sudo", "exit 1")
    fake(folder, "apt-get", 'echo "apt-get $*" >>"$APT_RECORD"')
    return folder


def test_a_missing_system_package_is_named_in_the_command_that_installs_it(root: Path, machine: Path) -> None:
    result = run(root / "tools/system-packages", "build", "test", PATH=f"{machine}:{os.environ['PATH']}")
    assert result.returncode == 1
    assert "sudo apt-get update && sudo apt-get install --no-install-recommends ccache\n" in result.stderr


def test_root_installs_what_is_missing_and_nothing_else(root: Path, machine: Path, tmp_path: Path) -> None:
    fake(machine, "id", "echo 0")
    record = tmp_path / "apt"
    result = run(
        root / "tools/system-packages",
        "build",
        "test",
        PATH=f"{machine}:{os.environ['PATH']}",
        APT_RECORD=str(record),
    )
    assert result.returncode == 0, result.stderr
    assert record.read_text().splitlines() == [
        "apt-get -q -y update",
        "apt-get -q -y install --no-install-recommends ccache",
    ]


def test_apt_is_not_called_when_nothing_is_missing(root: Path, machine: Path, tmp_path: Path) -> None:
    fake(machine, "dpkg-query", "printf installed")
    record = tmp_path / "apt"
    result = run(
        root / "tools/system-packages", "test", PATH=f"{machine}:{os.environ['PATH']}", APT_RECORD=str(record)
    )
    assert result.returncode == 0
    assert not record.exists()


def test_what_apt_says_is_shown_when_it_fails(root: Path, machine: Path) -> None:
    fake(machine, "id", "echo 0")
    fake(machine, "apt-get", "echo 'E: no network today' >&2; exit 100")
    result = run(root / "tools/system-packages", "test", PATH=f"{machine}:{os.environ['PATH']}")
    assert result.returncode == 1
    assert "E: no network today" in result.stderr
    assert "apt-get could not install: ccache" in result.stderr


def test_a_python_that_will_not_do_is_named_with_the_reason(root: Path, tmp_path: Path) -> None:
    fake(tmp_path, "python2.6", "echo 'is 2.6, 3.11 to 3.13 are supported' >&2; exit 1")
    result = run(root / "tools/find-python", QDMIKIT_PYTHON=str(tmp_path / "python2.6"))
    assert result.returncode == 1
    assert "python2.6: is 2.6, 3.11 to 3.13 are supported" in result.stderr
    assert "QDMIKIT_PYTHON=" in result.stderr


def test_the_python_that_is_found_can_build(root: Path) -> None:
    result = run(root / "tools/find-python")
    assert result.returncode == 0, result.stderr
    version = run(result.stdout.strip(), "-c", "import sys, venv, ensurepip; print(*sys.version_info[:2])")
    assert tuple(map(int, version.stdout.split())) >= (3, 11)


@pytest.mark.parametrize("program", ["setup", "bare-machine"])
def test_a_wrong_call_is_answered_with_the_right_one(root: Path, program: str) -> None:
    result = run(root / "tools" / program)
    assert result.returncode == 2
    assert result.stderr.startswith(f"usage: tools/{program} ")


@pytest.mark.parametrize(
    "module",
    [
        path.stem
        for path in sorted(Path(steps.__file__).parent.glob("*.py"))
        if "def main()" in path.read_text()
    ],
)
def test_every_tool_can_be_imported_without_running(root: Path, module: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", f"import tools.{module}"],
        cwd=root,
        check=False,
        capture_output=True,
        text=True,
    )
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


def test_a_failed_step_shows_output_command_and_cure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "LOGS", tmp_path / "logs")
    with pytest.raises(steps.StepError) as failure:
        steps.run("frobnicating", ["sh", "-c", "echo the reason; exit 3"], log="frob", cure="Plug it in.")
    for part in (
        "the reason",
        "frobnicating: failed with exit code 3",
        "sh -c",
        "logs/frob.log",
        "Plug it in.",
    ):
        assert part in str(failure.value)
    with pytest.raises(steps.StepError, match="cannot start no-such-program"):
        steps.run("x", ["no-such-program"], log="x")
    assert "frobnicating" in capsys.readouterr().out


def test_a_fingerprint_changes_with_names_contents_and_values(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("x")
    second.write_text("x")
    prints = [
        steps.fingerprint(first),
        steps.fingerprint(second),
        steps.fingerprint(first, "v"),
        steps.fingerprint(),
    ]
    first.write_text("y")
    prints.append(steps.fingerprint(first))
    assert len(set(prints)) == len(prints)
    assert steps.fingerprint(second, ["v"]) == steps.fingerprint(second, ["v"])


def test_a_missing_python_of_the_matrix_is_an_error_that_names_it() -> None:
    with pytest.raises(steps.StepError, match=r"There is no Python 3\.2,"):
        wheel_matrix.interpreter("3.2")


def test_an_unknown_benchmark_is_an_error_that_names_it() -> None:
    with pytest.raises(steps.StepError, match="bench has no such-a-thing"):
        run_benchmarks.programs(["such-a-thing"])


def test_every_target_of_the_makefile_is_explained_and_set_up(root: Path) -> None:
    makefile = (root / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    targets = set(phony[1].split()) - {"help"}
    assert targets == {"demo", "check", "test", "lint", "bench", "docs", "wheel-matrix", "clean"}
    assert set(re.findall(r"'make ([\w-]+) ", makefile)) == targets
    for purpose in re.findall(r"tools/setup (\w+)", makefile):
        assert purpose in dev_environment.PURPOSES


def test_ci_runs_what_the_readme_says(root: Path) -> None:
    ci = root / ".ci" / "run"
    assert os.access(ci, os.X_OK)
    assert "exec make test" in ci.read_text()
    assert "make test" in (root / "README.md").read_text()
