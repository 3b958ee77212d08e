# SPDX-License-Identifier: Apache-2.0
"""Jobs of `qdmikit.slurm` on a real Slurm without accounting."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from guarded_cluster import with_plugin

from qdmikit.slurm import (
    JobCancelled,
    JobFailed,
    JobState,
    SlurmExecutor,
    SlurmUnreachable,
    SubmissionRejected,
    attach,
    scheduler,
)
from qdmikit.slurm.executors import outputs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cluster import Cluster
    from site_file import SiteFile

CALLS = Path(__file__).parents[1] / "python" / "slurm"


@pytest.fixture(scope="module")
def slurm(plugin: Path) -> Iterator[Cluster]:
    """Run a cluster of whoever runs the tests: their Python and their files are nobody else's."""
    with with_plugin(plugin) as running:
        yield running


@pytest.fixture(autouse=True)
def _on_the_cluster(slurm: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_CONF", str(slurm.conf))
    monkeypatch.setenv("PATH", os.environ["PATH"] + ":/usr/sbin:/sbin")
    monkeypatch.setenv("PYTHONPATH", str(CALLS))


def text(content: str) -> Callable[[Path], None]:
    def fill(folder: Path) -> None:
        (folder / "text.txt").write_text(content)

    return fill


def pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe")


def test_one_call(slurm: Cluster, folder: Path) -> None:
    (job,) = SlurmExecutor(folder / "jobs").submit("calls.copy", [text("a")], name="copy")
    assert (job.output(60) / "copy.txt").read_text() == "a"
    assert slurm.job(job.job_id)["JobName"] == "copy"
    assert slurm.idle_again()


def test_several_calls_are_one_array(slurm: Cluster, folder: Path) -> None:
    jobs = SlurmExecutor(folder / "jobs").submit(
        "calls.copy", [text(str(n)) for n in range(4)], name="copies"
    )
    assert [(output / "copy.txt").read_text() for output in outputs(jobs, 60)] == list("0123")
    assert len({job.job_id.split("_")[0] for job in jobs}) == 1
    assert slurm.idle_again()


def test_a_call_that_raises(slurm: Cluster, folder: Path) -> None:
    (job,) = SlurmExecutor(folder / "jobs").submit("calls.fail", [text("this")], name="fail")
    with pytest.raises(JobFailed, match="ValueError: cannot go on with this"):
        job.output(60)
    assert slurm.idle_again()


def test_a_call_that_vanishes_does_not_hang(slurm: Cluster, folder: Path) -> None:
    (job,) = SlurmExecutor(folder / "jobs").submit("calls.vanish", [text("")], name="vanish")
    with pytest.raises(JobFailed, match="FAILED"):
        job.output(60)
    assert slurm.idle_again()


def test_an_element_that_fails_has_its_own_words_only(slurm: Cluster, folder: Path) -> None:
    one, other = SlurmExecutor(folder / "jobs").submit(
        "calls.tell_and_vanish", [text("one"), text("other")], name="t"
    )
    with pytest.raises(JobFailed, match="words of one") as failure:
        one.output(60)
    assert "words of other" not in str(failure.value)
    with pytest.raises(JobFailed, match="words of other"):
        other.output(60)
    assert slurm.idle_again()


def test_other_parameters_of_slurm_come_beside_the_licence(slurm: Cluster, folder: Path) -> None:
    executor = SlurmExecutor(
        folder / "jobs", licenses="qpu_garnet:1", additional_parameters={"comment": "mine"}
    )
    (job,) = executor.submit("calls.copy", [text("a")], name="copy")
    known = slurm.job(job.job_id)
    assert (known["Licenses"], known["Comment"]) == ("qpu_garnet:1", "mine")
    job.wait(60)
    assert slurm.idle_again()


def test_a_job_has_all_of_its_time_limit(slurm: Cluster, folder: Path) -> None:
    """Slurm looks at limits every half minute; nothing may end a job of a minute before that."""
    (job,) = SlurmExecutor(folder / "jobs", minutes=1).submit("calls.block", [pipe], name="block")
    slurm.in_state(job.job_id, "RUNNING")
    with pytest.raises(JobFailed, match="TIMEOUT"):
        job.output(150)
    assert int(slurm.job(job.job_id)["RunTime"].split(":")[1]) >= 1
    assert slurm.idle_again()


def test_a_job_is_not_given_up_while_slurmctld_is_away(
    plugin: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_plugin(plugin) as own:
        monkeypatch.setenv("SLURM_CONF", str(own.conf))
        (job,) = SlurmExecutor(folder / "jobs").submit("calls.block", [pipe], name="block")
        with (job.folder / "input" / "pipe").open("w") as answer:  # the call has opened it: it runs
            with own.without_controller():
                for ask in (job.done, job.cancel):
                    with pytest.raises(SlurmUnreachable, match="scontrol ping"):
                        ask()
            assert job.state is JobState.RUNNING
            answer.write("done")
        assert (job.output(60) / "copy.txt").read_text() == "done"


def test_a_job_that_the_plugin_rejects_ends_with_its_message(
    slurm: Cluster, site: SiteFile, folder: Path
) -> None:
    site.write('[devices.garnet]\nurl = "https://garnet.example.org"\nlicense = "qpu_garnet"\n')
    (job,) = SlurmExecutor(folder / "jobs", qdmi_device="garnet").submit(
        "calls.copy", [text("a")], name="copy"
    )
    with pytest.raises(JobFailed, match=r"qdmikit: rejected: .*Submit with: --licenses=qpu_garnet:1"):
        job.output(60)
    assert slurm.idle_again()


def test_a_submission_that_is_refused(slurm: Cluster, site: SiteFile, folder: Path) -> None:
    site.write('[devices.garnet]\nurl = "https://garnet.example.org"\n')
    executor = SlurmExecutor(folder / "jobs", qdmi_device="aurora")
    with pytest.raises(SubmissionRejected, match="there is no quantum device 'aurora' at this site"):
        executor.submit("calls.copy", [text("a")], name="copy")
    with pytest.raises(SubmissionRejected, match=r"[Ii]nvalid partition"):
        SlurmExecutor(folder / "jobs", partition="no-such").submit("calls.copy", [text("a")], name="copy")
    assert slurm.idle_again()


def test_cancelling_a_running_and_a_waiting_job(slurm: Cluster, folder: Path) -> None:
    executor = SlurmExecutor(folder / "jobs", licenses="qpu_garnet:1")
    (running,) = executor.submit("calls.block", [pipe], name="block")
    slurm.in_state(running.job_id, "RUNNING")
    (waiting,) = executor.submit("calls.block", [pipe], name="block")
    assert waiting.state is JobState.PENDING
    for job in (waiting, running):
        job.cancel()
        with pytest.raises(JobCancelled):
            job.output(60)
    assert slurm.idle_again()


def test_another_process_comes_back_to_a_job(slurm: Cluster, folder: Path) -> None:
    (job,) = SlurmExecutor(folder / "jobs").submit("calls.copy", [text("a")], name="copy")
    program = (
        "import sys; from qdmikit.slurm import attach; "
        "print((attach(sys.argv[1]).output(60) / 'copy.txt').read_text())"
    )
    other = subprocess.run(
        [sys.executable, "-c", program, job.folder], check=True, capture_output=True, text=True
    )
    assert other.stdout == "a\n"
    assert attach(job.folder).job_id == job.job_id
    assert slurm.idle_again()


def test_fifty_jobs_at_once_all_finish(slurm: Cluster, folder: Path) -> None:
    executor = SlurmExecutor(folder / "jobs")
    jobs = [executor.submit("calls.copy", [text(str(n))], name="copy")[0] for n in range(50)]
    assert [(output / "copy.txt").read_text() for output in outputs(jobs, 400)] == [str(n) for n in range(50)]
    assert len({job.job_id for job in jobs}) == 50
    assert slurm.idle_again()


def test_accounting_is_asked_about_jobs_that_slurmctld_has_forgotten(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert scheduler.asked("999999") == (None, "", "")
    sacct = folder / "sacct"
    sacct.write_text('#!/bin/sh\ncase "$*" in *"-j 999999 "*) echo "CANCELLED by 0|0:15";; esac\n')
    sacct.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    assert scheduler.asked("999999") == ("CANCELLED", "", "0:15")
    assert scheduler.asked("999998") == (None, "", "")
