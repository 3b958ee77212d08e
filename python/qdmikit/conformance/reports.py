# SPDX-License-Identifier: Apache-2.0
"""What came of a run, for people and for programs."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET  # only written

from qdmikit.conformance.runner import Outcome

if TYPE_CHECKING:
    from qdmikit.conformance.item import Item
    from qdmikit.conformance.profile import Profile
    from qdmikit.conformance.runner import Result

SCHEMA = "qdmikit-conformance-1"

_CONTROL = re.compile(r"[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Report:
    """Results, and what they are about.

    Parameters
    ----------
    profile
        The device.
    results
        In the order of the items.
    seconds
        How long the run took.
    """

    profile: Profile
    results: tuple[Result, ...]
    seconds: float

    def count(self, outcome: Outcome) -> int:
        """Return how many items have an outcome."""
        return Counter(result.outcome for result in self.results)[outcome]

    @property
    def totals(self) -> str:
        """The numbers of items by outcome, in one line."""
        counts = ", ".join(f"{self.count(outcome)} {outcome.value}" for outcome in Outcome)
        return f"{len(self.results)} items: {counts}; {self.seconds:.1f} s"


def area(item: Item) -> str:
    """Return what an item is about: the name of its module."""
    return item.module.rpartition(".")[2]


def printable(text: str) -> str:
    """Return text without control characters: a device may write them, XML and terminals bear none."""
    return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def as_text(report: Report) -> str:
    """Write failures with their reasons, a table of all items, and the totals."""
    lines = [f"{report.profile.library}, prefix {report.profile.prefix}", ""]
    for result in report.results:
        if result.outcome is Outcome.FAILED:
            lines.append(f"FAILED {result.item.name}")
            lines += [f"    {line}" for line in printable(result.reason).splitlines()]
            lines.append("")
    for result in report.results:
        row = (
            f"{result.outcome.value:<14}  {result.seconds:6.1f} s  {area(result.item):<9}  {result.item.name}"
        )
        if result.outcome is Outcome.NOT_APPLICABLE:
            row += f": {printable(result.reason)}"
        lines.append(row)
    return "\n".join([*lines, "", report.totals, ""])


def as_json(report: Report) -> str:
    """Write an object; docs/conformance.md describes it."""
    written = {
        "schema": SCHEMA,
        "library": str(report.profile.library),
        "prefix": report.profile.prefix,
        "seconds": round(report.seconds, 3),
        "totals": {outcome.value: report.count(outcome) for outcome in Outcome},
        "items": [
            {
                "name": result.item.name,
                "area": area(result.item),
                "checklist": list(result.item.numbers),
                "outcome": result.outcome.value,
                "reason": result.reason,
                "seconds": round(result.seconds, 3),
            }
            for result in report.results
        ],
    }
    return json.dumps(written, indent=2) + "\n"


def as_junit(report: Report) -> str:
    """Write JUnit's XML: a failure for what failed, `skipped` for what does not apply."""
    numbers = {
        "tests": str(len(report.results)),
        "failures": str(report.count(Outcome.FAILED)),
        "errors": "0",
        "skipped": str(report.count(Outcome.NOT_APPLICABLE)),
        "time": f"{report.seconds:.3f}",
    }
    suites = ET.Element("testsuites", numbers)
    suite = ET.SubElement(suites, "testsuite", {"name": "qdmikit.conformance", **numbers})
    properties = ET.SubElement(suite, "properties")
    for name, value in (("library", str(report.profile.library)), ("prefix", report.profile.prefix)):
        ET.SubElement(properties, "property", name=name, value=printable(value))
    for result in report.results:
        case = ET.SubElement(
            suite,
            "testcase",
            classname=f"qdmikit.conformance.{area(result.item)}",
            name=result.item.name,
            time=f"{result.seconds:.3f}",
        )
        reason = printable(result.reason)
        if result.outcome is Outcome.FAILED:
            failure = ET.SubElement(case, "failure", message=reason.partition("\n")[0])
            failure.text = reason
        elif result.outcome is Outcome.NOT_APPLICABLE:
            ET.SubElement(case, "skipped", message=reason)
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


FORMATS = {"text": as_text, "json": as_json, "junit": as_junit}
