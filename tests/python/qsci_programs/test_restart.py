# SPDX-License-Identifier: Apache-2.0
"""A run that was killed goes on where it was; the server's ledger tells whether anything ran twice."""

from __future__ import annotations

import contextlib
import json
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from qdmikit.qsci import MOLECULES, Progress, RunInUse, RunMismatch, run_qsci
from qdmikit.qsci.stages import STAGES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from iqm_mock_server import MockServer
    from qdmikit.qsci import QSCIResult
    from qdmikit.qsci.stages import Tell

H2 = MOLECULES["H2"].atom
SMALL: dict[str, Any] = {"mapper": "parity", "maxiter": 4, "precision": 0.05, "shots": 500, "seed": 1}

KILLED = """
import contextlib, json, sys
from qdmikit.qsci import Progress, run_qsci

class Printing(Progress):
    @contextlib.contextmanager
    def stage(self, name, where):
        yield lambda text: print(name, text, flush=True)

run_qsci(**json.loads(sys.argv[1]), progress=Printing())
"""


class Killed(BaseException):
    """The process ends here; nothing that follows it in the run happens."""


class KillingAfter(Progress):
    """Ends the run when a stage has ended."""

    def __init__(self, stage: str) -> None:
        self.last = stage
        self.begun: list[str] = []

    @contextlib.contextmanager
    def stage(self, name: str, where: str) -> Iterator[Tell]:
        self.begun.append(name)
        with super().stage(name, where) as tell:
            yield tell
        if name == self.last:
            raise Killed


def on(server: MockServer, folder: Path, **others: Any) -> QSCIResult:  # noqa: ANN401 - as run_qsci takes them
    return run_qsci(H2, **arguments(server, folder), **others)


def arguments(server: MockServer, folder: Path) -> dict[str, Any]:
    session = {"base_url": server.url}
    return {
        "simulator": False,
        "device": "qdmikit.iqm",
        "session": session,
        "directory": str(folder),
        **SMALL,
    }


def submissions(server: MockServer) -> int:
    return sum(entry.method == "POST" for entry in server.ledger.requests())


@pytest.mark.iqm_mock_server(instant=True)
@pytest.mark.parametrize("stage", list(STAGES))
def test_a_run_killed_after_a_stage_repeats_no_finished_work(
    iqm_mock_server: MockServer, tmp_path: Path, stage: str
) -> None:
    with pytest.raises(Killed):
        on(iqm_mock_server, tmp_path, progress=KillingAfter(stage))
    before = submissions(iqm_mock_server)
    watching = KillingAfter("none")
    result = on(iqm_mock_server, tmp_path, progress=watching)
    order = list(STAGES)
    assert watching.begun == order[order.index(stage) + 1 :]
    assert result.estimate is not None
    # One job for each evaluation and one for the samples, in both runs together.
    assert submissions(iqm_mock_server) == result.estimate.evaluations + 1
    assert (
        before
        == {
            "problem": 0,
            "ansatz": 0,
            "estimate": result.estimate.evaluations,
            "sample": result.estimate.evaluations + 1,
            "postprocess": result.estimate.evaluations + 1,
        }[stage]
    )


@pytest.mark.iqm_mock_server(instant=True)
def test_a_process_killed_within_the_loop_repeats_no_finished_evaluation(
    iqm_mock_server: MockServer, tmp_path: Path
) -> None:
    asked = {"atom": H2, **arguments(iqm_mock_server, tmp_path)}
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, json.dumps(asked)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    evaluated = next(line for line in process.stdout if line.startswith("estimate 2 evaluations"))
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=30)
    at_death = submissions(iqm_mock_server)
    result = on(iqm_mock_server, tmp_path)
    assert result.estimate is not None
    kept = result.estimate.evaluations + 1
    # At most the one that was under way when the process died ran in vain.
    assert kept <= submissions(iqm_mock_server) <= kept + 1
    assert evaluated
    assert at_death >= 2


def test_finished_runs_answer_from_their_files(tmp_path: Path) -> None:
    first = run_qsci(H2, directory=tmp_path, seed=3)
    watching = KillingAfter("none")
    again = run_qsci(H2, directory=tmp_path, progress=watching)
    assert again == first
    assert watching.begun == []
    assert set(STAGES) <= set(first.timings)


def test_a_run_with_other_settings_is_not_gone_on_with(tmp_path: Path) -> None:
    run_qsci(H2, directory=tmp_path, seed=3, optimizer="none")
    with pytest.raises(RunMismatch, match=r"another optimizer, shots\. Remedy"):
        run_qsci(H2, directory=tmp_path, seed=3, shots=7)
    with pytest.raises(RunMismatch, match="another seed"):
        run_qsci(H2, directory=tmp_path, seed=4, optimizer="none")


def test_two_processes_do_not_do_one_run(tmp_path: Path) -> None:
    class Trying(Progress):
        """Starts the run a second time while the first is under way."""

        @contextlib.contextmanager
        def stage(self, name: str, where: str) -> Iterator[Tell]:
            with super().stage(name, where) as tell, pytest.raises(RunInUse, match="Remedy: wait"):
                run_qsci(H2, directory=tmp_path, seed=3, optimizer="none")
            yield tell

    first = run_qsci(H2, directory=tmp_path, seed=3, optimizer="none", progress=Trying())
    assert run_qsci(H2, directory=tmp_path, seed=3, optimizer="none") == first


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(RunMismatch, match="no QSCI run"):
        run_qsci(H2, directory=tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    run_qsci(H2, directory=tmp_path, seed=3, optimizer="none")
    (tmp_path / "sample" / "counts.json").write_text('{"counts": ')
    (tmp_path / "postprocess" / "result.json").unlink()
    with pytest.raises(RunMismatch, match=r"postprocess/result\.json .* Remedy: remove the folder"):
        run_qsci(H2, directory=tmp_path, seed=3, optimizer="none")
