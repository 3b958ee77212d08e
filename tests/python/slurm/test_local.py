# SPDX-License-Identifier: Apache-2.0
"""Calls as processes of this machine, and their files."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import qdmikit
from qdmikit.slurm import Job, JobCancelled, JobFailed, JobState, LocalExecutor, attach, files

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture(autouse=True)
def _importable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


def text(content: str) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        (folder / "text.txt").write_text(content)

    return fill


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def test_what_a_call_writes_is_its_output(executor: LocalExecutor) -> None:
    one, other = executor.submit("calls.copy", [text("a"), text("b")], name="copies")
    assert (one.output(60) / "copy.txt").read_text() == "a"
    assert (other.output(60) / "copy.txt").read_text() == "b"
    assert one.state is JobState.DONE
    assert one.job_id != other.job_id


def test_a_call_that_raises_fails_with_its_words_and_without_output(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.fail", [text("this")], name="failing")
    with pytest.raises(JobFailed, match="ValueError: cannot go on with this"):
        job.output(60)
    assert job.state is JobState.FAILED
    assert not (job.folder / "output").exists()


def test_a_process_that_vanishes_fails_with_the_end_of_its_log(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.vanish", [text("")], name="vanishing")
    with pytest.raises(JobFailed, match="going away"):
        job.output(60)


def test_a_function_that_is_not_there_is_named(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.no_such", [text("")], name="missing")
    with pytest.raises(JobFailed, match=r"AttributeError: .*no_such"):
        job.output(60)


def test_waiting_has_an_end_and_the_job_goes_on(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.block", [pipe], name="blocking")
    with pytest.raises(qdmikit.Timeout, match="goes on"):
        job.wait(0.2)
    assert job.state is JobState.RUNNING
    (job.folder / "input" / "pipe").write_text("done")
    assert (job.output(60) / "copy.txt").read_text() == "done"


def test_a_job_can_be_cancelled(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.block", [pipe], name="blocking")
    job.cancel()
    with pytest.raises(JobCancelled):
        job.output(60)
    job.cancel()
    assert job.state is JobState.CANCELLED


@pytest.mark.parametrize(("call", "end"), [("copy", JobState.DONE), ("vanish", JobState.FAILED)])
def test_cancelling_a_job_that_has_ended_changes_nothing(
    executor: LocalExecutor, call: str, end: JobState
) -> None:
    (job,) = executor.submit(f"calls.{call}", [text("a")], name=call)
    job.wait(60)
    job.cancel()
    assert job.state is end


def test_a_process_that_has_got_the_number_later_is_left_alone(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.vanish", [text("")], name="vanish")
    job.wait(60)
    with subprocess.Popen(["sleep", "100"], start_new_session=True) as stranger:
        try:
            _change(job, job_id=str(stranger.pid))
            again = attach(job.folder)
            assert again.state is JobState.FAILED
            again.cancel()
            assert stranger.poll() is None
        finally:
            stranger.kill()


def test_a_process_of_another_machine_is_not_judged(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.vanish", [text("")], name="vanish")
    job.wait(60)
    _change(job, process="elsewhere 1-2 345")
    again = attach(job.folder)
    for ask in (again.done, again.cancel):
        with pytest.raises(qdmikit.NotSupported, match="was started on elsewhere"):
            ask()


def _change(job: Job, **values: str) -> None:
    file = job.folder / files.CALL
    files.write_json(file, files.read_json(file) | values)


def test_waiting_ends_when_the_process_does(executor: LocalExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        time, "sleep", lambda _: pytest.fail("it must not sleep: the kernel tells of the end")
    )
    (job,) = executor.submit("calls.copy", [text("a")], name="copy")
    assert job.wait(60) is JobState.DONE


def test_another_process_can_come_back_to_a_job(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.block", [pipe], name="blocking")
    program = (
        "import sys; from qdmikit.slurm import attach; job = attach(sys.argv[1]); "
        "print(job.job_id, job.state.value, flush=True); print((job.output(60) / 'copy.txt').read_text())"
    )
    other = subprocess.Popen([sys.executable, "-c", program, job.folder], stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == f"{job.job_id} running\n"
    (job.folder / "input" / "pipe").write_text("done")
    assert other.communicate(timeout=60)[0] == "done\n"
    assert attach(job.folder).state is JobState.DONE


def test_only_the_owner_can_enter_the_folders(executor: LocalExecutor) -> None:
    (job,) = executor.submit("calls.copy", [text("a")], name="copy")
    job.wait(60)
    for folder in (job.folder.parent, job.folder.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_is_no_job_is_told(tmp_path: Path) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="is not the folder of a submitted job"):
        attach(tmp_path)


def test_nothing_cannot_be_submitted(executor: LocalExecutor) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="nothing to submit"):
        executor.submit("calls.copy", [], name="nothing")
