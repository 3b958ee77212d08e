# SPDX-License-Identifier: Apache-2.0
"""A chemistry workflow in its four ways: here or as jobs, on a simulator or a quantum computer."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from aurora import ANOTHER, SITE, UNLICENSED, exports, server
from guarded_cluster import with_plugin

from qdmikit.qsci import MOLECULES, run_qsci, write_report
from qdmikit.slurm import SubmissionRejected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cluster import Cluster
    from site_file import SiteFile

    from iqm_mock_server import MockServer
    from qdmikit.qsci import QSCIResult

CHEMICAL_ACCURACY = 1.6e-3
EXAMPLES = Path(__file__).parents[2] / "examples" / "qsci"
FIGURE_9 = """\
#SBATCH --partition=quantum
#SBATCH --time=00:15:00
#SBATCH --job-name=qsci-demo

export QDMI_ENDPOINT="${QDMI_ENDPOINT:?}"
export QDMI_AUTH_FILE="${QDMI_AUTH_FILE:?}"
export QDMI_BACKEND_ALIAS="aurora-default"

srun python run_qsci.py --shots 10000
"""
ASKED: dict[str, dict[str, Any]] = {
    "H2": {"mapper": "parity", "maxiter": 4},
    "LiH": {"optimizer": "none"},
    "N2": {"optimizer": "none"},
}
WAYS = [(False, True), (True, True), (False, False), (True, False)]
"""Values of the flags: offload, simulator."""


@pytest.fixture(scope="module")
def slurm(plugin: Path) -> Iterator[Cluster]:
    """Run a cluster of whoever runs the tests: their Python and their files are nobody else's."""
    with with_plugin(plugin) as running:
        yield running


@pytest.fixture(autouse=True)
def _on_the_cluster(slurm: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_CONF", str(slurm.conf))
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}:/usr/sbin:/sbin")
    monkeypatch.setenv("SBATCH_PARTITION", "quantum")


def four_ways(
    name: str, site: SiteFile, tokens: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, *, ideal: bool
) -> list[QSCIResult]:
    """Calculate a molecule in each way.

    Of the quantum computer this process knows from its user's exports, and a job from the plugin.
    """
    molecule, results = MOLECULES[name], []
    for offload, simulator in WAYS:
        with server(ideal=ideal) as running, monkeypatch.context() as patch:
            site.write(UNLICENSED.format(url=running.url, tokens=tokens))
            if not offload:
                for variable, value in exports(running.url, tokens).items():
                    patch.setenv(variable, value)
            result = run_qsci(
                molecule.atom,
                molecule.basis,
                offload,
                simulator,
                device="qdmikit.iqm",
                active_space=molecule.active_space,
                seed=5,
                directory=folder / f"{offload}-{simulator}",
                **ASKED[name],
            )
            assert (submissions(running) > 0) is not simulator
        results.append(result)
    return results


def submissions(server: MockServer) -> int:
    return sum(entry.method == "POST" for entry in server.ledger.requests())


def counts(folder: Path) -> list[bytes]:
    """Return what was counted in each way, as its file has it."""
    return [
        (folder / f"{offload}-{simulator}" / "sample" / "counts.json").read_bytes()
        for offload, simulator in WAYS
    ]


def untimed(result: QSCIResult) -> dict[str, Any]:
    return {name: value for name, value in result.to_dict().items() if name != "timings"}


@pytest.mark.parametrize("name", ASKED)
def test_where_it_runs_changes_no_byte_and_what_it_runs_on_no_energy(
    slurm: Cluster, site: SiteFile, tokens: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    simulated, offloaded, on_qpu, on_qpu_offloaded = four_ways(
        name, site, tokens, folder, monkeypatch, ideal=True
    )
    counted = counts(folder)
    assert counted[0] == counted[1]
    assert counted[2] == counted[3]
    assert untimed(offloaded) == untimed(simulated)
    assert untimed(on_qpu_offloaded) == untimed(on_qpu)
    assert on_qpu.e_qsci == pytest.approx(simulated.e_qsci, abs=CHEMICAL_ACCURACY)
    assert slurm.idle_again()


def test_reports_on_a_noisy_computer_differ_in_the_flags_and_what_was_counted(
    slurm: Cluster, site: SiteFile, tokens: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = four_ways("H2", site, tokens, folder, monkeypatch, ideal=False)
    reports = []
    for number, result in enumerate(results):
        write_report(result, folder / f"report-{number}")
        reports.append(json.loads((folder / f"report-{number}" / "result.json").read_text()))
    counted = counts(folder)
    assert counted[0] == counted[1]
    assert counted[2] == counted[3]
    assert counted[0] != counted[2]
    for (_, simulator), report in zip(WAYS, reports, strict=True):
        assert report.keys() == reports[0].keys()
        machine = report["settings"].pop("machine")
        assert machine["kind"] == ("exact" if simulator else "qdmi")
        assert report["settings"] == reports[0]["settings"]
        for fact in ("e_hf", "e_ccsd", "e_fci", "sector_dimension", "shots"):
            assert report[fact] == reports[0][fact]
    assert slurm.idle_again()


@pytest.mark.parametrize("configured_by", ["the user's exports", "the plugin"])
def test_figure_9_as_it_is_printed(
    slurm: Cluster, site: SiteFile, tokens: Path, folder: Path, configured_by: str
) -> None:
    shutil.copy(EXAMPLES / "run_qsci.py", folder)
    with server() as running:
        if configured_by == "the plugin":
            site.write(UNLICENSED.format(url=running.url, tokens=tokens))
            exported = {}
        else:
            site.write(ANOTHER)
            exported = exports(running.url, tokens)
        job, out, err = slurm.batch(FIGURE_9, folder=folder, env=exported)
        assert job["JobState"] == "COMPLETED", err
        assert submissions(running) > 1
    report = json.loads((folder / "qsci-report" / "result.json").read_text())
    assert report["shots"] == 10_000
    assert float(out.split()[0]) == pytest.approx(report["e_fci"], abs=0.021)
    assert slurm.idle_again()


def test_the_command_holds_a_licence_only_while_it_uses_the_computer(
    slurm: Cluster, site: SiteFile, tokens: Path, folder: Path
) -> None:
    with server() as running:
        site.write(SITE.format(url=running.url, tokens=tokens))
        done = slurm.run(
            "qdmikit", "qsci", "--molecule", "H2", "--mapper", "parity", "--maxiter", "3", "--shots", "500",
            "--device", "qdmikit.iqm", "--offload", "--partition", "classical",
            "--quantum-partition", "quantum", "--qdmi-device", "aurora", "--licenses", "qpu_garnet:1",
            "--report", "report",
            cwd=folder, timeout=120,
        )  # fmt: skip
        assert done.code == 0, done.err
        evaluations = json.loads((folder / "report" / "result.json").read_text())["estimate"]["evaluations"]
        assert submissions(running) == evaluations + 1
    ran = {}
    for call in (folder / "report" / "run" / "jobs").glob("*/0000/call.json"):
        job = slurm.job(json.loads(call.read_text())["job_id"])
        ran[job["JobName"]] = (job["Partition"], job["Licenses"])
    assert ran == {
        "qsci-estimate": ("quantum", "qpu_garnet:1"),
        "qsci-sample": ("quantum", "qpu_garnet:1"),
        "qsci-postprocess": ("classical", "(null)"),
    }
    assert slurm.idle_again()


def test_the_example_s_script_is_figure_9() -> None:
    lines = (EXAMPLES / "submit.sh").read_text().splitlines()
    code = [line for line in lines if line and not line.startswith(("# ", "#!"))]
    assert code == [line for line in FIGURE_9.splitlines() if line]


def test_a_run_whose_jobs_are_rejected_says_so_and_keeps_what_was_done(
    slurm: Cluster, site: SiteFile, tokens: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.write(UNLICENSED.format(url="https://qc.example.org", tokens=tokens))
    asked: dict[str, Any] = {"atom": MOLECULES["H2"].atom, "directory": folder / "run", "optimizer": "none"}
    monkeypatch.setenv("SBATCH_PARTITION", "no-such-partition")
    with pytest.raises(SubmissionRejected, match="invalid partition"):
        run_qsci(**asked, offload=True)
    assert {path.name for path in (folder / "run").iterdir()} >= {"problem", "ansatz"}
    monkeypatch.setenv("SBATCH_PARTITION", "classical")
    assert run_qsci(**asked, offload=True).shots == 10_000
    assert slurm.idle_again()
