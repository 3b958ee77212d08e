# SPDX-License-Identifier: Apache-2.0
"""Run the tests of ``make check``, ``make test`` or single tiers, and end with one table.

.venv/bin/python -m tools.run_tiers check|test
.venv/bin/python -m tools.run_tiers --tier python -- -k bell    # what follows -- goes to pytest or CTest
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from tools import steps, test_environments, tier_plan, tier_results
from tools.steps import ROOT, StepError
from tools.tier_results import Outcome

if TYPE_CHECKING:
    from pathlib import Path

    from tools.tier_plan import Plan, Tier

TIERS = ROOT / "tools" / "tiers.toml"
FAILURES_SHOWN = 25


class Runner:
    """Runs tiers, one after the other.

    Parameters
    ----------
    plan
        The tiers and environments.
    logs
        Folder for logs and JUnit files.
    extra
        Further arguments for pytest or CTest: a selection, so nothing is said of tests left out.
    """

    def __init__(self, plan: Plan, logs: Path, extra: tuple[str, ...] = ()) -> None:
        self._plan = plan
        self._logs = logs
        self._extra = extra
        self._live = sys.stdout.isatty()
        logs.mkdir(parents=True, exist_ok=True)

    def run(self, tier: Tier) -> Outcome:
        """Run one tier, its environments built first.

        Parameters
        ----------
        tier
            The tier.

        Returns
        -------
        Outcome
            Its result. What kept the tests from running is a failure in it.
        """
        outcome = Outcome(tier.name)
        started = time.monotonic()
        try:
            python, variables = self._surroundings(tier)
            run = {"pytest": self._pytest, "ctest": self._ctest, "command": self._commands}[tier.kind]
            run(tier, python, variables, outcome)
            if not outcome.passed and not outcome.failures:
                outcome.failures.append(f"{tier.name}: no test ran")
        except StepError as error:
            outcome.failures.append(f"{tier.name}: {error}")
        outcome.seconds = time.monotonic() - started
        self._report(outcome)
        return outcome

    def _surroundings(self, tier: Tier) -> tuple[Path, dict[str, str]]:
        """Build what the tier needs; give its interpreter and environment variables."""
        folder = test_environments.ready(self._plan.environments[tier.environment])
        variables = {
            **os.environ,
            **{name: value.replace("{root}", str(self._plan.root)) for name, value in tier.variables.items()},
            "QDMIKIT_PYTHON_PREFIX": str(folder),
        }
        # An installed wheel must not be mistaken for the checkout, nor a user's packages for its own.
        variables.pop("PYTHONPATH", None)
        variables["PYTHONNOUSERSITE"] = "1"
        for need in tier.needs:
            name = "QDMIKIT_VENV_" + "".join(c if c.isalnum() else "_" for c in need.upper())
            variables[name] = str(test_environments.ready(self._plan.environments[need]))
        return folder / "bin" / "python", variables

    def _pytest(self, tier: Tier, python: Path, variables: dict[str, str], outcome: Outcome) -> None:
        xml = self._fresh(tier, ".xml")
        # The script, not `python -m pytest`, which would put the checkout on the module path.
        pytest = [
            str(python),
            str(python.parent / "pytest"),
            f"--junit-xml={xml}",
            "-o",
            "junit_family=xunit1",
        ]
        code = self._execute(tier, [*pytest, *tier.paths, *self._extra], variables)
        result = self._read(tier, xml, code, outcome)
        if result and not self._extra:
            expected = tier_plan.expected_python_files(tier, self._plan.root)
            outcome.failures += tier_results.missing_files(expected, result)

    def _ctest(self, tier: Tier, _python: Path, variables: dict[str, str], outcome: Outcome) -> None:
        xml = self._fresh(tier, ".xml")
        ctest = ["ctest", "--test-dir", tier.build, "--output-junit", str(xml), "--output-on-failure"]
        ctest += ["--no-tests=error", "--parallel", str(os.cpu_count() or 1)]
        code = self._execute(tier, [*ctest, *self._extra], variables)
        result = self._read(tier, xml, code, outcome)
        if result and not self._extra:
            expected = tier_plan.expected_google_tests(tier, self._plan.root)
            outcome.failures += tier_results.missing_google_tests(expected, result)

    def _commands(self, tier: Tier, python: Path, variables: dict[str, str], outcome: Outcome) -> None:
        for name, command in tier.commands.items():
            filled = [part.replace("{python}", str(python)) for part in command]
            filled[0] = filled[0].replace("{bin}", str(python.parent))
            started = time.monotonic()
            code = self._execute(tier, filled, variables, part=name)
            if not self._live:
                print(
                    f"  {name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - started:.0f} s)",
                    flush=True,
                )
            if code == 0:
                outcome.passed += 1
            else:
                outcome.failures.append(f"{name}: exit code {code}\n{steps.tail(self._log(tier, name))}")

    def _read(self, tier: Tier, xml: Path, code: int, outcome: Outcome) -> tier_results.JUnit | None:
        if not xml.exists():
            outcome.failures.append(
                f"{tier.name}: exit code {code} and no results\n{steps.tail(self._log(tier))}"
            )
            return None
        result = tier_results.read_junit(xml)
        outcome.passed = len(result.passed)
        outcome.failures += result.failures
        if code and not outcome.failures:
            outcome.failures.append(f"{tier.name}: exit code {code}\n{steps.tail(self._log(tier))}")
        return result

    def _log(self, tier: Tier, part: str = "") -> Path:
        return self._logs / (f"{tier.name}.{part}.log" if part else f"{tier.name}.log")

    def _fresh(self, tier: Tier, suffix: str) -> Path:
        path = self._logs / f"{tier.name}{suffix}"
        path.unlink(missing_ok=True)
        return path

    def _execute(self, tier: Tier, command: list[str], variables: dict[str, str], part: str = "") -> int:
        """Run a command with its output in the tier's log; the last line is shown meanwhile."""
        log = self._log(tier, part)
        label = f"{tier.name} {part}".rstrip()
        if not self._live and not part:
            print(f"· {label}", flush=True)
        deadline = time.monotonic() + 60 * tier.minutes
        started = time.monotonic()
        with log.open("wb") as output:
            try:
                process = subprocess.Popen(
                    command,
                    cwd=self._plan.root,
                    env=variables,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,  # so that all it started can be stopped with it
                )
            except OSError as error:
                raise StepError(f"cannot start {command[0]}: {error.strerror}") from error
            try:
                while (left := deadline - time.monotonic()) > 0:
                    try:
                        return process.wait(timeout=min(1.0, left))
                    except subprocess.TimeoutExpired:
                        self._show(label, time.monotonic() - started, log)
                minutes = f"{tier.minutes:g} minutes"
                raise StepError(f"{label}: stopped, not done after {minutes}\n{steps.tail(log)}")
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def _show(self, label: str, seconds: float, log: Path) -> None:
        if self._live:
            columns = os.get_terminal_size().columns - 1
            last = steps.tail(log, 1)
            print(f"\r\033[K{f'· {label} {seconds:.0f} s  {last}'[:columns]}", end="", flush=True)

    def _report(self, outcome: Outcome) -> None:
        if self._live:
            print("\r\033[K", end="")
        verdict = f"{len(outcome.failures)} FAILED" if outcome.failures else "ok"
        print(f"  {outcome.tier}: {outcome.passed} passed, {verdict} ({outcome.seconds:.0f} s)", flush=True)


def run(plan: Plan, tiers: tuple[Tier, ...], logs: Path, extra: tuple[str, ...] = ()) -> int:
    """Run tiers and print what came of them.

    Parameters
    ----------
    plan
        All tiers: a test file that none of them owns is a failure.
    tiers
        Those to run.
    logs
        Folder for logs.
    extra
        Further arguments for pytest or CTest.

    Returns
    -------
    int
        0 when every test passed, else 1.
    """
    ownership = Outcome(
        "tiers",
        failures=[
            f"{file}: no tier of tools/tiers.toml owns it, so nothing would run it"
            for file in tier_plan.unowned(plan)
        ],
    )
    runner = Runner(plan, logs, extra)
    outcomes = [runner.run(tier) for tier in tiers]
    if ownership.failures:
        outcomes.insert(0, ownership)
    for outcome in filter(lambda outcome: outcome.failures, outcomes):
        print(f"\n=== {outcome.tier}")
        print("\n".join(outcome.failures[:FAILURES_SHOWN]))
        if len(outcome.failures) > FAILURES_SHOWN:
            print(f"... and {len(outcome.failures) - FAILURES_SHOWN} more")
        print(f"whole logs: {logs / outcome.tier}*.log")
    print("\n" + tier_results.table(outcomes))
    return 1 if any(outcome.failures for outcome in outcomes) else 0


@steps.command_line
def main() -> int:
    """Run what the command line asks for.

    Returns
    -------
    int
        The exit code.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.run_tiers", description=__doc__.partition("\n")[0])
    parser.add_argument("suite", nargs="?", choices=("check", "test"))
    parser.add_argument(
        "--tier", action="append", default=[], help="run this tier (may be given more than once)"
    )
    parser.add_argument("--list", action="store_true", help="list the tiers and what they own")
    # A shell starts what runs in its background with interrupts ignored, and that is inherited: tests that
    # interrupt their own child processes would wait for ever.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # So that what a tier started is stopped with it also when we are told to end.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    own, extra = _split(sys.argv[1:])
    arguments = parser.parse_args(own)
    plan = tier_plan.load(TIERS, ROOT)
    if arguments.list:
        for tier in plan.tiers:
            print(
                f"{tier.name:<16} {'+'.join(tier.suites):<11} {tier.environment:<11} {' '.join(tier.paths)}"
            )
        return 0
    if bool(arguments.suite) == bool(arguments.tier):
        parser.error("name a suite, or tiers with --tier")
    names = {tier.name for tier in plan.tiers}
    for name in arguments.tier:
        if name not in names:
            parser.error(f"no tier {name!r}; there are: {', '.join(sorted(names))}")
    tiers = plan.suite(arguments.suite) if arguments.suite else plan.tiers
    chosen = tuple(tier for tier in tiers if not arguments.tier or tier.name in arguments.tier)
    return run(plan, chosen, steps.LOGS, extra)


def _split(arguments: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Part the arguments at ``--``."""
    if "--" not in arguments:
        return arguments, ()
    at = arguments.index("--")
    return arguments[:at], tuple(arguments[at + 1 :])


if __name__ == "__main__":
    sys.exit(main())
