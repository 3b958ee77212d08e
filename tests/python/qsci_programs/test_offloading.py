# SPDX-License-Identifier: Apache-2.0
"""Stages as jobs, here processes of this machine: Figure 11's flags, failures, and coming back to a job."""

from __future__ import annotations

import contextlib
import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

import qdmikit
from qdmikit.qsci import MOLECULES, Progress, Recovery, offloading, run_qsci
from qdmikit.slurm import JobFailed, LocalExecutor, attach

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from iqm_mock_server import MockServer
    from qdmikit.qsci.stages import Tell
    from qdmikit.slurm import Executor, Job

H2, LIH = MOLECULES["H2"].atom, MOLECULES["LiH"].atom
STAGES = ["qsci-estimate", "qsci-sample", "qsci-postprocess"]
RECOVERY: dict[str, Any] = {
    "active_space": (2, 5),
    "optimizer": "none",
    "shots": 300,
    "recovery": Recovery(samples_per_batch=20, batches=2, iterations=2, largest=3),
    "seed": 2,
}


class Counting(LocalExecutor):
    """Remembers what it was asked to submit."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.calls: list[tuple[str, int]] = []

    def submit(self, function: str, fill: Sequence[Callable[[Path], None]], *, name: str) -> list[Job]:
        self.calls.append((name, len(fill)))
        return super().submit(function, fill, name=name)


class Killed(BaseException):
    """The process ends here; nothing that follows it in the run happens."""


class KillingAtJob(Progress):
    """Ends the run when the job of a stage runs."""

    def __init__(self, stage: str) -> None:
        self._stage = stage

    @contextlib.contextmanager
    def stage(self, name: str, where: str) -> Iterator[Tell]:
        def tell(text: str) -> None:
            if name == self._stage and text.startswith("job "):
                raise Killed

        with super().stage(name, where):
            yield tell


def submissions(server: MockServer) -> int:
    return sum(entry.method == "POST" for entry in server.ledger.requests())


def on(server: MockServer, **others: Any) -> dict[str, Any]:  # noqa: ANN401 - as run_qsci takes them
    return {
        "atom": H2, "simulator": False, "device": "qdmikit.iqm", "session": {"base_url": server.url},
        "mapper": "parity", "maxiter": 3, "shots": 500, "seed": 1, **others,
    }  # fmt: skip


def test_the_flags_change_where_it_runs_and_not_what_comes_back(
    iqm_mock_server: MockServer, tmp_path: Path
) -> None:
    jobs = Counting(tmp_path / "jobs")
    modes: list[tuple[bool | Executor, bool]] = [(False, True), (jobs, True), (False, False), (jobs, False)]
    asked = on(iqm_mock_server)
    runs = [
        run_qsci(**{**asked, "offload": offload, "simulator": simulator, "directory": tmp_path / str(number)})
        for number, (offload, simulator) in enumerate(modes)
    ]
    for result in runs:
        assert result.e_qsci == pytest.approx(result.e_fci, abs=1.6e-3)
    # A simulator in a job is the same simulator.
    counts = [(tmp_path / str(number) / "sample" / "counts.json").read_bytes() for number in (0, 1)]
    assert counts[0] == counts[1]
    assert runs[1].e_qsci == runs[0].e_qsci
    assert runs[1].estimate == runs[0].estimate
    assert jobs.calls == [(stage, 1) for stage in [*STAGES, *STAGES]]


def test_stages_can_run_in_different_places(tmp_path: Path) -> None:
    jobs = Counting(tmp_path / "jobs")
    run_qsci(H2, optimizer="none", seed=1, offload={"sample": jobs}, directory=tmp_path / "run")
    assert jobs.calls == [("qsci-sample", 1)]
    with pytest.raises(
        qdmikit.InvalidArgument, match="offload names problem; stages that can run as jobs are"
    ):
        run_qsci(H2, offload={"problem": jobs}, directory=tmp_path / "other")


def test_batches_of_recovery_are_one_array_and_are_not_solved_again(tmp_path: Path) -> None:
    here = run_qsci(LIH, **RECOVERY)
    jobs = Counting(tmp_path / "jobs")
    asked = {**RECOVERY, "offload": {"postprocess": jobs}, "directory": tmp_path / "run"}
    with pytest.raises(Killed):
        run_qsci(LIH, **asked, progress=KillingAtJob("postprocess"))
    there = run_qsci(LIH, **asked)
    assert there.e_qsci == pytest.approx(here.e_qsci, abs=1e-10)
    assert there.dimension == here.dimension
    # The first array was there when the run came back.
    arrays = list((tmp_path / "run" / "jobs").glob("batches-*.json"))
    assert len(arrays) > 1
    assert jobs.calls == [("qsci-batches", 2)] * len(arrays)


@pytest.mark.iqm_mock_server(instant=True)
@pytest.mark.parametrize("again", ["as a job", "in this process"])
def test_a_run_that_comes_back_waits_for_the_job_it_left_behind(
    iqm_mock_server: MockServer, tmp_path: Path, again: str
) -> None:
    jobs = Counting(tmp_path / "jobs")
    asked = on(iqm_mock_server, directory=tmp_path / "run")
    with pytest.raises(Killed):
        run_qsci(**asked, offload=jobs, progress=KillingAtJob("estimate"))
    assert not (tmp_path / "run" / "estimate").exists()
    result = run_qsci(**asked, offload=jobs if again == "as a job" else False)
    assert result.estimate is not None
    assert submissions(iqm_mock_server) == result.estimate.evaluations + 1
    assert [name for name, _ in jobs.calls] == (STAGES if again == "as a job" else STAGES[:1])


def test_a_job_that_failed_is_told_and_submitted_again_when_the_run_is(tmp_path: Path) -> None:
    run, jobs = tmp_path / "run", Counting(tmp_path / "jobs")
    asked: dict[str, Any] = {"optimizer": "none", "seed": 1, "directory": run}
    first = run_qsci(H2, **asked)
    shutil.rmtree(run / "sample")
    shutil.rmtree(run / "postprocess")
    whole = (run / "estimate" / "estimate.json").read_bytes()
    (run / "estimate" / "estimate.json").write_bytes(whole[:10])
    with pytest.raises(JobFailed, match=r"RunMismatch: .*estimate\.json of a QSCI run cannot be read"):
        run_qsci(H2, **asked, offload=jobs)
    (run / "estimate" / "estimate.json").write_bytes(whole)
    again = run_qsci(H2, **asked, offload=jobs)
    assert again.e_qsci == first.e_qsci
    assert [name for name, _ in jobs.calls] == ["qsci-sample", "qsci-sample", "qsci-postprocess"]


def test_a_job_whose_folder_was_removed_is_submitted_again(tmp_path: Path) -> None:
    jobs = Counting(tmp_path / "jobs")
    asked: dict[str, Any] = {"optimizer": "none", "seed": 1, "directory": tmp_path / "run", "offload": jobs}
    with pytest.raises(Killed):
        run_qsci(H2, **asked, progress=KillingAtJob("sample"))
    [place] = json.loads((tmp_path / "run" / "jobs" / "sample.json").read_text())["jobs"]
    attach(place).wait(60)
    shutil.rmtree(place)
    shutil.rmtree(tmp_path / "run" / "sample")
    assert run_qsci(H2, **asked).shots == 10_000


def test_a_stage_that_does_not_come_back_names_the_storage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offloading, "_SHARED_STORAGE_SECONDS", 0.2)
    run = tmp_path / "run"
    run_qsci(H2, optimizer="none", seed=1, directory=run)
    shutil.rmtree(run / "sample")
    submitted = offloading.submit_stage(LocalExecutor(tmp_path / "jobs"), run, "sample")
    submitted[0].output(60)
    shutil.rmtree(run / "sample")
    with pytest.raises(JobFailed, match=r"sample is not there\. Remedy: keep the run on storage"):
        offloading.await_stage(run, "sample", submitted, lambda text: None)  # noqa: ARG005


def test_offloading_needs_a_machine_that_submits_jobs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(qdmikit.NotSupported, match="no sbatch"):
        run_qsci(H2, offload=True, directory=tmp_path / "run")
