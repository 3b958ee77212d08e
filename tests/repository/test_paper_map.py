# SPDX-License-Identifier: Apache-2.0
"""docs/paper.md lists all of the paper, and names tests that exist."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

REQUIRED = [
    *(f"Table I, row {row}" for row in range(1, 6)),
    *(f"Table II, row {row}" for row in range(1, 11)),
    *(f"Table III, row {row}" for row in range(1, 14)),
    *(f"Figure {number}" for number in range(1, 13)),
    *(f"Section III-{letter}" for letter in "ABCD"),
    *(f"Section {section}-{letter}" for section in ("IV", "V") for letter in "ABC"),
    *(f"Section VI, step ({step})" for step in range(1, 9)),
]
NAME = re.compile(r"`([^`]+)`")
ROW = re.compile(r"^\| ((?:Table|Figure|Section) [^|]+?) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def rows(page: str) -> dict[str, str]:
    """Map each place to its cell of tests; a place that occurs twice is an error."""
    found: dict[str, str] = {}
    for place, _what, tests in ROW.findall(page):
        assert place not in found, f"{place} is listed twice"
        found[place] = tests.strip()
    return found


def problem(root: Path, name: str) -> str | None:
    """Tell why a name is not that of an existing test; None when it is."""
    path, _, test = name.partition("::")
    file = root / path
    if not test or not file.is_file():
        return f"{name}: no such file, or no test named"
    text = file.read_text()
    if path.endswith(".py"):
        pattern = rf"^\s*(?:async\s+)?def {re.escape(test)}\("
    else:
        suite, _, case = test.partition(".")
        pattern = rf"^\s*(?:TYPED_)?TEST(?:_[FP])?\(\s*{re.escape(suite)}\s*,\s*{re.escape(case)}\s*\)"
    return None if re.search(pattern, text, re.MULTILINE) else f"{name}: {path} has no such test"


def problems(root: Path, page: str) -> list[str]:
    """List what is wrong with a map."""
    listed = rows(page)
    found = [f"{place}: is missing" for place in REQUIRED if place not in listed]
    for place, cell in listed.items():
        names = NAME.findall(cell)
        if place not in REQUIRED:
            found.append(f"{place}: is not in the paper")
        if not names and cell != "not yet":
            found.append(f"{place}: names no test and does not say 'not yet'")
        found += [f"{place}: {reason}" for name in names if (reason := problem(root, name))]
    return found


def test_the_map_is_complete_and_names_existing_tests(root: Path) -> None:
    assert problems(root, (root / "docs" / "paper.md").read_text()) == []


@pytest.mark.parametrize(
    ("cell", "complaint"),
    [
        ("`tests/test_a.py::test_gone`", "has no such test"),
        ("`tests/gone.py::test_a`", "no such file"),
        ("`tests/test_a.py`", "no test named"),
        ("`tests/a.cpp::Suite.Gone`", "has no such test"),
        ("soon", "does not say 'not yet'"),
        ("`tests/test_a.py::test_a`", None),
        ("`tests/a.cpp::Suite.There`, `tests/test_a.py::test_a`", None),
        ("not yet", None),
    ],
)
def test_a_wrong_cell_is_found(tmp_path: Path, cell: str, complaint: str | None) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text("def test_a() -> None: ...\n")
    (tmp_path / "tests" / "a.cpp").write_text("TEST_F(Suite, There) {}\n")
    complete = "".join(f"| {place} | x | not yet |\n" for place in REQUIRED[1:])
    found = problems(tmp_path, f"| {REQUIRED[0]} | x | {cell} |\n{complete}")
    assert len(found) == (complaint is not None)
    assert complaint is None or complaint in found[0]


def test_a_missing_row_is_found(tmp_path: Path) -> None:
    complete = "".join(f"| {place} | x | not yet |\n" for place in REQUIRED[:-1])
    assert problems(tmp_path, complete) == [f"{REQUIRED[-1]}: is missing"]
