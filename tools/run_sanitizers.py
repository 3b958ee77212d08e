# SPDX-License-Identifier: Apache-2.0
"""Build the C++ tests and the Python module under the sanitizers and run what tests them.

.venv/bin/python -m tools.run_sanitizers             # address and undefined behaviour, then threads
.venv/bin/python -m tools.run_sanitizers tsan
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

from tools import sanitized_python, steps, tier_results, trees
from tools.steps import ROOT, StepError

SOAK_SECONDS = 30
AT_A_TIME = 2
TEST_SECONDS = 300
FAILURES_SHOWN = 10
ASAN_OPTIONS = "detect_leaks=1:strict_string_checks=1"


@dataclass(frozen=True)
class Sanitizer:
    """One way of instrumenting the code.

    Parameters
    ----------
    preset
        CMake preset that builds so.
    options
        What the sanitizers' run-time libraries are told.
    run_time
        Their name; an interpreter that is not instrumented has to load it first.
    python
        Tests of the Python package.
    of_python
        What the run-time libraries are told in those.
    left_out
        C++ tests that say nothing here, as a regular expression; empty leaves out none.
    """

    preset: str
    options: dict[str, str]
    run_time: str
    python: tuple[str, ...]
    of_python: dict[str, str] = field(default_factory=dict)
    left_out: str = ""


SANITIZERS = {
    sanitizer.preset: sanitizer
    for sanitizer in (
        Sanitizer(
            "asan",
            {
                "ASAN_OPTIONS": ASAN_OPTIONS,
                "UBSAN_OPTIONS": "halt_on_error=1:print_stacktrace=1",
            },
            "libasan.so",
            # test_package is about files that an installation has, and this is none.
            ("--ignore=tests/python/client/test_package.py", "tests/python/client", "tests/python/live"),
            {
                # An allocation is the interpreter's if the interpreter called the allocator: one caller is
                # compared with the list, not all of them.
                "ASAN_OPTIONS": f"{ASAN_OPTIONS}:malloc_context_size=2",
                "LSAN_OPTIONS": f"suppressions={ROOT / 'tools' / 'leaks-of-python.txt'}:print_suppressions=0",
            },
            # A C program of QDMI's own that is not instrumented: the run-time library refuses to come second.
            left_out=r"^device_defines_every_qdmi_function$",
        ),
        Sanitizer(
            "tsan",
            {"TSAN_OPTIONS": "second_deadlock_stack=1:history_size=4"},
            "libtsan.so",
            ("tests/python/client/test_asynchronous.py", "tests/python/client/test_waiting.py"),
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
    command = ["ctest", "--test-dir", str(tree), "--output-on-failure"]
    command += ["--no-tests=error", "--parallel", str(AT_A_TIME), "--timeout", str(TEST_SECONDS)]
    if sanitizer.left_out:
        command += ["--exclude-regex", sanitizer.left_out]
    variables = {**sanitizer.options, "QDMIKIT_SOAK_SECONDS": str(SOAK_SECONDS)}
    _test("", [*command, "--output-junit", "{xml}"], variables, outcome)
    variables |= sanitized_python.variables(tree, sanitizer.run_time)
    variables |= sanitizer.of_python
    variables["QDMIKIT_TEST_LIBRARY_DIR"] = str(tree / "tests" / "cpp" / "client")
    _test("-python", sanitized_python.command("--junit-xml={xml}", *sanitizer.python), variables, outcome)
    outcome.seconds = time.monotonic() - started
    return outcome


def _test(name: str, command: list[str], variables: dict[str, str], outcome: tier_results.Outcome) -> None:
    """Run a command that writes its results to ``{xml}``, and add them to the outcome."""
    xml = steps.LOGS / f"sanitizers-{outcome.tier}{name}.xml"
    xml.unlink(missing_ok=True)
    log = xml.with_suffix(".log")
    print(f"· testing in build/{outcome.tier}{name.replace('-', ', ')}", flush=True)
    with log.open("wb") as output:
        code = subprocess.run(
            [part.replace("{xml}", str(xml)) for part in command],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        ).returncode
    result = tier_results.read_junit(xml) if xml.exists() else tier_results.JUnit((), (), frozenset())
    outcome.passed += len(result.passed)
    outcome.failures += result.failures
    if not result.failures and (code or not result.passed):
        outcome.failures.append(
            f"{command[0]}: exit code {code}, {len(result.passed)} tests passed\n{steps.tail(log)}"
        )


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
