# SPDX-License-Identifier: Apache-2.0
"""Which test is for which item of QDMI's conformance checklist: writes tests/conformance/COVERAGE.md.

Three sources, all read without being run: the `@item(…)` of the suite in `qdmikit.conformance.items`, the
marker `@pytest.mark.checklist(…)` of Python tests, and `tests/conformance/white_box.toml` for C++ tests.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import defaultdict
from typing import TYPE_CHECKING

from tools import steps
from tools.steps import ROOT, StepError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ITEMS = "python/qdmikit/conformance/items"
FOLDER = "tests/conformance"
COVERAGE = f"{FOLDER}/COVERAGE.md"
_GOOGLE_TEST = re.compile(r"^TEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.MULTILINE)


def checklist(root: Path) -> dict[str, dict[int, str]]:
    """Return part to number to what must hold."""
    table = tomllib.loads((root / FOLDER / "checklist.toml").read_text())
    return {part: {int(number): text for number, text in items.items()} for part, items in table.items()}


def google_tests(root: Path) -> frozenset[str]:
    """Return the names of all GoogleTests below tests/cpp."""
    sources = steps.files_below([root / "tests" / "cpp"], (".cpp",))
    return frozenset(
        f"{suite}.{name}" for path in sources for suite, name in _GOOGLE_TEST.findall(path.read_text())
    )


def suite_items(root: Path) -> dict[int, list[str]]:
    """Return number to items of the suite."""
    found = defaultdict(list)
    for path in steps.files_below([root / ITEMS], (".py",)):
        for function, numbers in _decorated(path, "item"):
            for number in numbers:
                found[number].append(function)
    return dict(found)


def python_tests(root: Path) -> dict[int, list[str]]:
    """Return number to marked Python tests."""
    found = defaultdict(list)
    for path in steps.files_below([root / "tests"], (".py",)):
        for function, numbers in _decorated(path, "pytest.mark.checklist"):
            for number in numbers:
                found[number].append(f"{path.relative_to(root)}::{function}")
    return dict(found)


def white_box(root: Path) -> dict[int, list[str]]:
    """Return number to C++ tests.

    Raises
    ------
    StepError
        One of them does not exist.
    """
    table = tomllib.loads((root / FOLDER / "white_box.toml").read_text())["tests"]
    known = google_tests(root)
    unknown = sorted({name for names in table.values() for name in names} - known)
    if unknown:
        raise StepError(f"white_box.toml names tests that are not in tests/cpp: {', '.join(unknown)}")
    return {int(number): names for number, names in table.items()}


def render(root: Path) -> str:
    """Write the table.

    Parameters
    ----------
    root
        The checkout.

    Returns
    -------
    str
        The text of COVERAGE.md.

    Raises
    ------
    StepError
        A test names an item that does not exist, or an item has no test.
    """
    parts = checklist(root)
    suite, white, marked = suite_items(root), white_box(root), python_tests(root)
    known = {number for items in parts.values() for number in items}
    covered = {*suite, *white, *marked}
    if covered - known:
        raise StepError(f"tests name items that are not in checklist.toml: {sorted(covered - known)}")
    if known - covered:
        raise StepError(f"no test is for these items of checklist.toml: {sorted(known - covered)}")
    lines = [
        "<!-- SPDX-License-Identifier: Apache-2.0 -->",
        "<!-- Written by `python -m tools.conformance_coverage` from the tests' own markers. -->",
        "# Which test is for which item",
        "",
        "*Any device*: items of `qdmikit.conformance`, run on our device by `test_our_device.py` and on",
        "mqt-core's simulator by `test_other_device.py`. *Our device*: C++ tests with transport and clock in",
        "their hands, and Python tests.",
    ]
    for part, items in parts.items():
        lines += [
            "",
            f"## {part.capitalize()}",
            "",
            "| # | What must hold | Any device | Our device |",
            "|--:|---|---|---|",
        ]
        for number, text in items.items():
            ours = [*white.get(number, []), *marked.get(number, [])]
            lines.append(f"| {number} | {text} | {_names(suite.get(number, []))} | {_names(ours)} |")
    return "\n".join(lines) + "\n"


def _names(names: list[str]) -> str:
    return " ".join(f"`{name}`" for name in names)


def _decorated(path: Path, decorator: str) -> Iterator[tuple[str, list[int]]]:
    for node in ast.walk(ast.parse(path.read_text(), str(path))):
        if isinstance(node, ast.FunctionDef):
            for each in node.decorator_list:
                if isinstance(each, ast.Call) and ast.unparse(each.func) == decorator:
                    yield node.name, [ast.literal_eval(number) for number in each.args]


@steps.command_line
def main() -> int:
    """Write COVERAGE.md of this checkout.

    Returns
    -------
    int
        0.
    """
    (ROOT / COVERAGE).write_text(render(ROOT))
    print(f"written: {COVERAGE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
