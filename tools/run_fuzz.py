# SPDX-License-Identifier: Apache-2.0
"""Build the fuzz targets and run each for a while, two at a time, starting from its corpus.

.venv/bin/python -m tools.run_fuzz
.venv/bin/python -m tools.run_fuzz --seconds 20 results replies

Inputs that reach something new stay in build/fuzz/corpus, and the next run starts from them as well; an input
that fails stays in build/fuzz/findings. To run one again: build/fuzz/tests/fuzz/fuzz_<target> <file>
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tools import steps, trees
from tools.steps import ROOT, StepError

if TYPE_CHECKING:
    from pathlib import Path

SOURCES = ROOT / "tests" / "fuzz"
FOUND = ROOT / "build" / "fuzz" / "corpus"
FINDINGS = ROOT / "build" / "fuzz" / "findings"
AT_A_TIME = 2
# Beyond the time of a run: starting, reading the corpus, and writing down a finding.
GRACE_SECONDS = 120
_EXECUTIONS = re.compile(r"^stat::number_of_executed_units:\s*(\d+)", re.MULTILINE)
_FINDING = re.compile(r"^artifact_prefix=.*Test unit written to (\S+)", re.MULTILINE)
_SUMMARY = re.compile(
    r"^(?:SUMMARY: .*|does not hold: .*|.*runtime error: .*|terminate called .*|  what\(\): .*)$",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Result:
    """What a run of a target came to.

    Parameters
    ----------
    target
        Its name.
    executions
        How many inputs it ran; none when it ended before it could say so.
    problem
        What went wrong, in a few lines; empty when nothing did.
    """

    target: str
    executions: int | None
    problem: str


def targets(names: list[str]) -> list[str]:
    """List the targets to run.

    Parameters
    ----------
    names
        Those asked for; none means all.

    Returns
    -------
    list of str
        In alphabetical order.

    Raises
    ------
    StepError
        A name is not there, or a target has no corpus.
    """
    every = sorted(path.name.removesuffix("_fuzz.cpp") for path in SOURCES.glob("*_fuzz.cpp"))
    unknown = [name for name in names if name not in every]
    if unknown or not every:
        raise StepError(f"no fuzz target {' or '.join(unknown)}; there are: {', '.join(every) or 'none'}")
    bare = [name for name in every if not any((SOURCES / "corpus" / name).glob("*"))]
    if bare:
        raise StepError(f"no corpus in tests/fuzz/corpus for: {', '.join(bare)}")
    return [name for name in every if not names or name in names]


def run(target: str, seconds: int) -> Result:
    """Run one target.

    Parameters
    ----------
    target
        Its name.
    seconds
        For how long.

    Returns
    -------
    Result
        What came of it.
    """
    found = FOUND / target
    found.mkdir(parents=True, exist_ok=True)
    FINDINGS.mkdir(parents=True, exist_ok=True)
    log = steps.LOGS / f"fuzz-{target}.log"
    command: list[str | Path] = [
        ROOT / "build" / "fuzz" / "tests" / "fuzz" / f"fuzz_{target}",
        f"-max_total_time={seconds}",
        "-max_len=65536",
        "-rss_limit_mb=2048",
        "-timeout=10",
        "-print_final_stats=1",
        f"-artifact_prefix={FINDINGS / target}-",
        found,
        SOURCES / "corpus" / target,
    ]
    with log.open("wb") as output:
        try:
            code = subprocess.run(
                command,
                cwd=ROOT,
                env={**os.environ, "UBSAN_OPTIONS": "print_stacktrace=1"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=seconds + GRACE_SECONDS,
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            code = None
    text = log.read_text(errors="replace")
    executions = _EXECUTIONS.search(text)
    return Result(
        target,
        int(executions[1]) if executions else None,
        "" if code == 0 else _problem(code, text),
    )


def _problem(code: int | None, text: str) -> str:
    """Say what ended a run, and where its input is."""
    summary = list(dict.fromkeys(_SUMMARY.findall(text)))[:4]
    finding = _FINDING.search(text)
    how = "did not end in time" if code is None else f"exit code {code}"
    return "\n".join([how, *summary, *([f"input: {finding[1]}"] if finding else [])])


@steps.command_line
def main() -> int:
    """Run what the command line asks for.

    Returns
    -------
    int
        1 when a target failed.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.run_fuzz", description=__doc__.partition("\n")[0])
    parser.add_argument("targets", nargs="*", help="without the leading fuzz_; none means all")
    parser.add_argument("--seconds", type=int, default=60, help="how long each runs (60)")
    arguments = parser.parse_args()
    names = targets(arguments.targets)
    trees.build("fuzz", [f"fuzz_{name}" for name in names])
    print(
        f"· running {len(names)} fuzz targets, {arguments.seconds} s each, {AT_A_TIME} at a time", flush=True
    )
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        results = list(pool.map(lambda name: run(name, arguments.seconds), names))
    failed = [result for result in results if result.problem or not result.executions]
    for result in failed:
        print(f"\n=== {result.target}\n{result.problem or 'ran no input'}")
        print(f"whole log: build/logs/fuzz-{result.target}.log")
    rows = [
        (result.target, str(result.executions or "-"), "1" if result in failed else "0") for result in results
    ]
    print("\n" + trees.table(("target", "executions", "crashes"), rows))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
