# SPDX-License-Identifier: Apache-2.0
"""`qdmikit qsci` where its packages are not installed; what it calculates is tested where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.python.command.conftest import Machine


def test_without_the_chemistry_packages_it_says_what_to_install(machine: Machine) -> None:
    done = machine.run("qsci", "--molecule", "H2", "--report", "report")
    assert done.code == 3
    assert "qdmikit.qsci needs pyscf" in done.err
    assert "pip install 'qdmikit[cli,plot,qsci,sqd]'" in done.err
    assert not (machine.home / "report").exists()
