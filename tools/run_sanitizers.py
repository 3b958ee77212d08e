# SPDX-License-Identifier: Apache-2.0
"""Build the C++ tests under the sanitizers and run them: client, device and sitepolicy.

.venv/bin/python -m tools.run_sanitizers             # address and undefined behaviour, then threads
.venv/bin/python -m tools.run_sanitizers tsan
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from tools import steps, tier_results, trees
from tools.steps import ROOT, StepError

SOAK_SECONDS = 30
AT_A_TIME = 2
TEST_SECONDS = 300
FAILURES_SHOWN = 10


@dataclass(frozen=True)
class Sanitizer:
    """One way of instrumenting the code.

    Parameters
    ----------
    preset
        CMake preset that builds so.
    options
        What the sanitizers' run-time libraries are told.
    left_out
        Tests that say nothing here, as a regular expression; empty leaves out none.
    """

    preset: str
    options: dict[str, str]
    left_out: str = ""


SANITIZERS = {
    sanitizer.preset: sanitizer
    for sanitizer in (
        Sanitizer(
            "asan",
            {
                "ASAN_OPTIONS": "detect_leaks=1:strict_string_checks=1",
                "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
            },
            # A C program of QDMI's own that is not instrumented: the run-time library refuses to come second.
            left_out=r"^device_defines_every_qdmi_function$",
        ),
        Sanitizer(
            "tsan",
            {"TSAN_OPTIONS": "second_deadlock_stack=1:history_size=4"},
            # DDSIM's library is not ours and not instrumented: what its threads agree upon is not seen.
            left_out=r"^client\.Ddsim\.",
        ),
    )
}


def run(sanitizer: Sanitizer) -> tier_results.Outcome:
    """Build and run the tests under one sanitizer.

    Parameters
    ----------
    sanitizer
        Which.

    Returns
    -------
    Outcome
        What came of it. What kept the tests from running is a failure in it.
    """
    outcome = tier_results.Outcome(sanitizer.preset)
    try:
        tree = trees.build(sanitizer.preset, ["all"])
    except StepError as error:
        outcome.failures.append(str(error))
        return outcome
    started = time.monotonic()
    xml = steps.LOGS / f"sanitizers-{sanitizer.preset}.xml"
    xml.unlink(missing_ok=True)
    log = xml.with_suffix(".log")
    command = ["ctest", "--test-dir", str(tree), "--output-junit", str(xml), "--output-on-failure"]
    command += ["--no-tests=error", "--parallel", str(AT_A_TIME), "--timeout", str(TEST_SECONDS)]
    if sanitizer.left_out:
        command += ["--exclude-regex", sanitizer.left_out]
    print(f"· testing in build/{sanitizer.preset}", flush=True)
    with log.open("wb") as output:
        code = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **sanitizer.options, "QDMIKIT_SOAK_SECONDS": str(SOAK_SECONDS)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    outcome.seconds = time.monotonic() - started
    if xml.exists():
        result = tier_results.read_junit(xml)
        outcome.passed = len(result.passed)
        outcome.failures += result.failures
    if not outcome.failures and (code or not outcome.passed):
        outcome.failures.append(f"ctest: exit code {code}, {outcome.passed} tests passed\n{steps.tail(log)}")
    return outcome


@steps.command_line
def main() -> int:
    """Run what the command line asks for.

    Returns
    -------
    int
        1 when a test failed or a sanitizer reported.
    """
    parser = argparse.ArgumentParser(
        prog="python -m tools.run_sanitizers", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("presets", nargs="*", metavar="|".join(SANITIZERS), help="none means all")
    names = parser.parse_args().presets
    if unknown := [name for name in names if name not in SANITIZERS]:
        parser.error(f"no such sanitizer: {', '.join(unknown)}; there are: {', '.join(SANITIZERS)}")
    outcomes = [run(sanitizer) for name, sanitizer in SANITIZERS.items() if not names or name in names]
    for outcome in filter(lambda outcome: outcome.failures, outcomes):
        print(f"\n=== {outcome.tier}")
        print("\n".join(outcome.failures[:FAILURES_SHOWN]))
        if len(outcome.failures) > FAILURES_SHOWN:
            print(f"... and {len(outcome.failures) - FAILURES_SHOWN} more")
        print(f"whole log: build/logs/sanitizers-{outcome.tier}.log")
    rows = [
        (outcome.tier, str(outcome.passed), str(len(outcome.failures)), f"{outcome.seconds:.1f}")
        for outcome in outcomes
    ]
    print("\n" + trees.table(("sanitizer", "passed", "failed", "seconds"), rows))
    return 1 if any(outcome.failures for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
