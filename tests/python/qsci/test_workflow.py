# SPDX-License-Identifier: Apache-2.0
"""`run_qsci`: its arguments, and the problems and states it starts from."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING

import pytest

import qdmikit
from qdmikit.qsci import (
    MOLECULES,
    InvalidProblem,
    MissingLibrary,
    build_ansatz,
    build_problem,
    find_molecule,
    postprocess,
    run_qsci,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from qdmikit.qsci import Problem

H2 = MOLECULES["H2"].atom


def test_a_run_without_a_directory_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run_qsci(H2, optimizer="none", seed=1).shots == 10_000
    assert list(tmp_path.iterdir()) == []


def test_a_device_has_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("QDMIKIT_DEVICE", raising=False)
    with pytest.raises(qdmikit.InvalidArgument, match=r"needs a device.*QDMIKIT_DEVICE.*qdmikit\.iqm"):
        run_qsci(H2, simulator=False)


def test_the_environment_names_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QDMIKIT_DEVICE", "mqt.ddsim.default")
    result = run_qsci(H2, simulator=False, mapper="parity", optimizer="none", shots=500)
    assert result.settings["machine"]["device"] == "mqt.ddsim.default"
    assert result.e_qsci == pytest.approx(result.e_fci, abs=1e-6)


def test_secrets_are_not_written_into_the_run(tmp_path: Path) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="token would be written") as raised:
        run_qsci(H2, simulator=False, device="qdmikit.iqm", session={"token": "s3cret"}, directory=tmp_path)
    assert "s3cret" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []


# --- problems and states ------------------------------------------------------------------------------------


def test_references_are_those_of_the_literature(problem: Callable[[str], Problem]) -> None:
    hydrogen = problem("H2")
    assert hydrogen.e_hf == pytest.approx(-1.1169989967540)
    assert hydrogen.e_fci == pytest.approx(-1.1373060357534)
    assert hydrogen.e_ccsd == pytest.approx(hydrogen.e_fci, abs=1e-6)
    assert problem("N2").sector_dimension == 400


def test_energies_are_the_same_every_time_thanks_to_symmetry() -> None:
    molecule = MOLECULES["N2-stretched"]
    first, second = (build_problem(molecule.atom, molecule.basis, (6, 6)) for _ in range(2))
    assert abs(first.h2 - second.h2).max() < 1e-9


@pytest.mark.parametrize(
    ("atom", "options", "complaint"),
    [
        ("Xx 0 0 0", {}, "cannot build the molecule"),
        ("H 0 0 0; H 0 0 1", {"basis": "no-such-basis"}, "cannot build the molecule"),
        ("H 0 0 0", {}, "1 electrons; only closed shells"),
        ("H 0 0 0; H 0 0 1", {"active_space": (4, 4)}, "does not fit"),
        ("H 0 0 0; H 0 0 1", {"active_space": (2, 1)}, "does not fit"),
    ],
)
def test_impossible_problems_are_refused(atom: str, options: dict[str, object], complaint: str) -> None:
    with pytest.raises(InvalidProblem, match=complaint):
        build_problem(atom, **options)  # type: ignore[arg-type]


def test_impossible_states_are_refused(problem: Callable[[str], Problem]) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match="give uccsd, lucj or hf"):
        build_ansatz(problem("H2"), "magic")  # type: ignore[arg-type]
    with pytest.raises(qdmikit.InvalidArgument, match="Jordan-Wigner mapping only"):
        build_ansatz(problem("H2"), "lucj", mapper="parity")
    with pytest.raises(qdmikit.InvalidArgument, match="no mapper"):
        build_ansatz(problem("H2"), mapper="braid")  # type: ignore[arg-type]


def test_molecules_come_by_name_by_file_and_as_they_are(tmp_path: Path) -> None:
    assert find_molecule("lih") is MOLECULES["LiH"]
    file = tmp_path / "hydrogen.xyz"
    file.write_text("2\nhydrogen\nH 0 0 0\nH 0 0 0.735\n")
    assert build_problem(find_molecule(str(file)).atom).e_hf == pytest.approx(-1.1169989967540)
    assert find_molecule(H2).atom == H2
    with pytest.raises(InvalidProblem, match="did you mean LiH"):
        find_molecule("Li-H")
    file.write_text("3\n\nH 0 0 0\n")
    with pytest.raises(InvalidProblem, match="announces 3 atoms and has 1"):
        find_molecule(str(file))
    with pytest.raises(InvalidProblem, match="cannot be read"):
        find_molecule(str(tmp_path / "none.xyz"))


@pytest.mark.parametrize("package", ["pyscf", "qiskit_nature"])
def test_a_missing_package_is_named_with_its_extra(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, "qdmikit.qsci")
    with pytest.raises(ImportError, match=rf"needs {package}: pip install .qdmikit\[qsci\]"):
        importlib.import_module("qdmikit.qsci")


@pytest.mark.parametrize(("package", "ask"), [("ffsim", "lucj"), ("qiskit_addon_sqd", "product")])
def test_a_missing_extra_is_named_when_it_is_needed(
    problem: Callable[[str], Problem], package: str, ask: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    asked: dict[str, Callable[[], object]] = {
        "lucj": lambda: build_ansatz(problem("H2"), "lucj"),
        "product": lambda: postprocess({"0101": 1}, problem("H2"), solver="product"),
    }
    with pytest.raises(MissingLibrary, match=r"pip install .qdmikit\[sqd\]"):
        asked[ask]()
