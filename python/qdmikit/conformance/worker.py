# SPDX-License-Identifier: Apache-2.0
"""The process of one item: reads what to run from stdin and writes the verdict to the file it is given."""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback

from qdmikit.conformance.expectations import NotApplicable, Violation
from qdmikit.conformance.profile import from_json
from qdmikit.conformance.runner import Outcome
from qdmikit.conformance.subject import Subject


def main() -> None:
    """Run one item."""
    request = json.load(sys.stdin)
    test = getattr(importlib.import_module(request["module"]), request["name"])
    try:
        test(Subject(from_json(request["profile"])))
        outcome, reason = Outcome.PASSED, ""
    except NotApplicable as why:
        outcome, reason = Outcome.NOT_APPLICABLE, str(why)
    except Violation as why:
        outcome, reason = Outcome.FAILED, str(why)
    except Exception:  # noqa: BLE001 - whatever it is, it is the verdict
        outcome, reason = Outcome.FAILED, traceback.format_exc()
    with os.fdopen(int(sys.argv[1]), "w") as report:
        json.dump({"outcome": outcome.value, "reason": reason}, report)


if __name__ == "__main__":
    main()
