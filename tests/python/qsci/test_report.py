# SPDX-License-Identifier: Apache-2.0
"""Reports of runs on a noisy computer: dimension, curve and random control stand side by side."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import qdmikit
from qdmikit.qsci import MOLECULES, QSCIResult, run_qsci, write_report

if TYPE_CHECKING:
    from pathlib import Path

    from iqm_mock_server import MockServer

pytestmark = pytest.mark.iqm_mock_server(machine="garnet", instant=True)


def on_garnet(server: MockServer, name: str, **options: Any) -> QSCIResult:  # noqa: ANN401
    molecule = MOLECULES[name]
    return run_qsci(
        molecule.atom,
        molecule.basis,
        simulator=False,
        device="qdmikit.iqm",
        session={"base_url": server.url},
        active_space=molecule.active_space,
        seed=1,
        **options,
    )


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("H2", {"mapper": "parity", "maxiter": 5}),
        ("LiH", {"ansatz": "lucj", "optimizer": "none", "shots": 2000}),
    ],
    ids=["H2", "LiH"],
)
def test_a_noisy_run_is_reported_beside_its_control(
    iqm_mock_server: MockServer, tmp_path: Path, name: str, options: dict[str, Any]
) -> None:
    result = on_garnet(iqm_mock_server, name, **options)
    files = write_report(result, tmp_path / "report")
    assert sorted(file.name for file in files) == [
        "determinants.png",
        "energies.png",
        "findings.md",
        "result.json",
    ]
    document = json.loads((tmp_path / "report" / "result.json").read_text())
    control = document["random_control"]
    assert document["dimension"] <= document["sector_dimension"]
    assert [point["dimension"] for point in control["curve"]] == [size for size, _ in document["curve"]]
    assert document["two_qubit_gates"] > 0
    text = (tmp_path / "report" / "findings.md").read_text()
    assert f"{result.dimension} of {result.sector_dimension} determinants" in text
    assert "uniformly random bitstrings give" in text
    for size in result.curve:
        assert f"\n| {size} |" in text
    # At these sizes random bits are as accurate, and that is said.
    assert result.random_control.energy == pytest.approx(result.e_fci, abs=1.6e-3)
    assert "Random bits reach chemical accuracy as well" in text or "Random bits do no worse" in text
    if name == "LiH":
        # Random bits keep one of forty; a computer without noise would keep all.
        assert 0.2 < result.keep_fraction < 0.9
        assert result.random_control.keep_fraction < 0.05


def test_drawings_show_curve_and_control(iqm_mock_server: MockServer, tmp_path: Path) -> None:
    result = on_garnet(iqm_mock_server, "H2", mapper="parity", optimizer="none")
    figure = result.plot(tmp_path / "energies.svg")
    (axes,) = figure.axes
    labels = {text.get_text() for text in axes.get_legend().get_texts()}
    assert {"most frequent", "random, median of 19", "QSCI from random bits"} <= labels
    assert (tmp_path / "energies.svg").stat().st_size > 1000
    with pytest.raises(qdmikit.InvalidArgument, match="must end with"):
        result.plot(tmp_path / "energies.doc")
