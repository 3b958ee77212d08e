# SPDX-License-Identifier: Apache-2.0
"""What a tier's tests did, read from the JUnit XML that pytest and CTest write."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DETAIL_LINES = 12
_NOT_PASSED = ("failure", "error", "skipped")


@dataclass
class Outcome:
    """Result of one tier.

    Parameters
    ----------
    tier
        Its name.
    passed
        Number of tests that passed.
    failures
        One line for each that did not, skipped and expectedly failing ones included.
    seconds
        Wall time.
    """

    tier: str
    passed: int = 0
    failures: list[str] = field(default_factory=list)
    seconds: float = 0.0


@dataclass(frozen=True)
class JUnit:
    """Content of a JUnit file.

    Parameters
    ----------
    passed
        Names of the tests that passed.
    failures
        A line for each other test.
    files
        Test files that had a test, where the writer names them (pytest does with ``junit_family=xunit1``).
    """

    passed: tuple[str, ...]
    failures: tuple[str, ...]
    files: frozenset[str]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all tests, passed or not."""
        return self.passed + tuple(line.partition(": ")[0] for line in self.failures)


def read_junit(path: Path) -> JUnit:
    """Read a JUnit file; whatever did not plainly pass has failed.

    Parameters
    ----------
    path
        The file (JUnit XML as pytest and CTest write it).

    Returns
    -------
    JUnit
        Its content.
    """
    passed: list[str] = []
    failures: list[str] = []
    files: set[str] = set()
    for case in ET.parse(path).getroot().iter("testcase"):  # noqa: S314 - we had it written ourselves
        where = case.get("classname") or ""
        name = case.get("name") or "?"
        label = name if where in ("", name) else f"{where}::{name}"
        if case.get("file"):
            files.add(str(case.get("file")))
        verdicts = [child for child in case if child.tag in _NOT_PASSED]
        # CTest says "disabled" or "notrun" in an attribute alone.
        status = case.get("status", "run")
        if verdicts:
            message = (verdicts[0].get("message") or "").strip().partition("\n")[0]
            kind = "skipped, which counts as failed" if verdicts[0].tag == "skipped" else verdicts[0].tag
            failures.append(
                f"{label}: {kind}" + (f": {message}" if message else "") + _detail(case, verdicts[0])
            )
        elif status != "run":
            failures.append(f"{label}: {status}")
        else:
            passed.append(label)
    return JUnit(tuple(passed), tuple(failures), frozenset(files))


def _detail(case: ET.Element, verdict: ET.Element) -> str:
    """Give the end of what a test said: pytest's traceback, or the output that CTest caught."""
    text = verdict.text or case.findtext("system-out") or ""
    lines = text.strip().splitlines()[-DETAIL_LINES:] if verdict.tag != "skipped" else []
    return "".join(f"\n    {line}" for line in lines)


def missing_files(expected: Iterable[str], result: JUnit) -> list[str]:
    """Tell which test files no test came from.

    Parameters
    ----------
    expected
        Files that define tests.
    result
        What ran.

    Returns
    -------
    list of str
        A failure line for each.
    """
    return [f"{file}: defines tests, none of which ran" for file in sorted(set(expected) - result.files)]


def missing_google_tests(expected: Mapping[str, str], result: JUnit) -> list[str]:
    """Tell which GoogleTest cases did not run, parameterised and typed ones understood.

    Parameters
    ----------
    expected
        ``Suite.Name`` to its file.
    result
        What ran.

    Returns
    -------
    list of str
        A failure line for each.
    """
    missing = []
    for test, file in sorted(expected.items()):
        suite, name = test.split(".")
        instance = re.compile(rf"(?:^|[/.]){suite}(?:[/<].*)?\.{name}(?:/|$)")
        if not any(instance.search(ran) for ran in result.names):
            missing.append(f"{test}: is in {file} but did not run (is the file in a CMake target?)")
    return missing


def table(outcomes: list[Outcome]) -> str:
    """Lay out the table that ends a run.

    Parameters
    ----------
    outcomes
        One per tier.

    Returns
    -------
    str
        The table and, as its last line, ``N passed, N failed``.
    """
    width = max([len(outcome.tier) for outcome in outcomes] + [4])
    lines = [f"{'tier':<{width}}  {'passed':>6}  {'failed':>6}  {'seconds':>7}"]
    lines += [f"{o.tier:<{width}}  {o.passed:>6}  {len(o.failures):>6}  {o.seconds:>7.1f}" for o in outcomes]
    passed = sum(outcome.passed for outcome in outcomes)
    failed = sum(len(outcome.failures) for outcome in outcomes)
    return "\n".join([*lines, "", f"{passed} passed, {failed} failed"])
