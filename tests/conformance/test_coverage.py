# SPDX-License-Identifier: Apache-2.0
"""Every item of QDMI's checklist has a test, and the table of them is up to date."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tools import conformance_coverage, steps  # noqa: E402 - the checkout's own


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Give a copy of what the table is made from."""
    for folder in (conformance_coverage.ITEMS, conformance_coverage.FOLDER, "tests/cpp"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text() + text)


def test_the_table_is_what_the_tests_say() -> None:
    written = (ROOT / conformance_coverage.COVERAGE).read_text()
    assert written == conformance_coverage.render(ROOT), "run: python -m tools.conformance_coverage"


def test_the_checklist_is_complete() -> None:
    numbers = [number for items in conformance_coverage.checklist(ROOT).values() for number in items]
    assert numbers == [*range(1, 80), *range(107, 115)]


def test_what_the_suite_itself_knows_is_what_is_read_from_its_text() -> None:
    from qdmikit.conformance import all_items

    known = {(item.name, number) for item in all_items() for number in item.numbers}
    items = conformance_coverage.suite_items(ROOT)
    assert known == {(name, number) for number, names in items.items() for name in names}


def test_a_cpp_test_that_does_not_exist_is_named(checkout: Path) -> None:
    append(checkout / "tests/conformance/white_box.toml", '26 = ["Sessions.AreMadeUp"]\n')
    with pytest.raises(steps.StepError, match=r"Sessions\.AreMadeUp"):
        conformance_coverage.render(checkout)


def test_an_item_without_a_test_is_named(checkout: Path) -> None:
    append(checkout / "tests/conformance/checklist.toml", '115 = "Nobody tests it"\n')
    with pytest.raises(steps.StepError, match=r"no test .*\[115\]"):
        conformance_coverage.render(checkout)


def test_a_marker_for_an_item_that_does_not_exist_is_refused(checkout: Path) -> None:
    (checkout / "tests/conformance/test_more.py").write_text(
        "import pytest\n@pytest.mark.checklist(12, 999)\ndef test_more(): ...\n"
    )
    with pytest.raises(steps.StepError, match=r"\[999\]"):
        conformance_coverage.render(checkout)


def test_marked_python_tests_are_listed(checkout: Path) -> None:
    (checkout / "tests/conformance/test_more.py").write_text(
        "import pytest\n@pytest.mark.checklist(12)\ndef test_more(): ...\n"
    )
    assert "`tests/conformance/test_more.py::test_more`" in conformance_coverage.render(checkout)
