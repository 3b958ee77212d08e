# SPDX-License-Identifier: Apache-2.0
"""The runner of tiers: nothing that did not plainly pass may count as passed, and nothing may be left out."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from tools import run_tiers, steps, test_environments, tier_plan, tier_results


class Checkout:
    """A small checkout with tiers of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "tests").mkdir()

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))

    def plan(self, tiers: str) -> tier_plan.Plan:
        self.write("tiers.toml", tiers)
        return tier_plan.load(self.root / "tiers.toml", self.root)

    def run(self, tiers: str, *extra: str) -> int:
        plan = self.plan(tiers)
        return run_tiers.run(plan, plan.suite("test"), self.root / "logs", extra)


ONE_TIER = """
[tiers.python]
kind = "pytest"
suites = ["test"]
paths = ["tests/python"]
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Checkout:
    monkeypatch.setattr(test_environments, "VENV", Path(sys.prefix))
    return Checkout(tmp_path)


def last_line(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out.splitlines()[-1]


def test_passing_tests_pass_and_are_counted(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("tests/python/test_a.py", "def test_1(): pass\ndef test_2(): pass\n")
    assert checkout.run(ONE_TIER) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[-4].split() == ["tier", "passed", "failed", "seconds"]
    assert lines[-3].split()[:3] == ["python", "2", "0"]
    assert lines[-1] == "2 passed, 0 failed"


@pytest.mark.parametrize(
    "body",
    [
        "def test_1(): assert False",
        "import pytest\ndef test_1(): pytest.skip('not today')",
        "import pytest\npytest.skip('no', allow_module_level=True)\ndef test_1(): pass",
        "import pytest\n@pytest.mark.xfail\ndef test_1(): assert False",
        "import pytest\n@pytest.mark.xfail(strict=True)\ndef test_1(): pass",
        "import pytest\n@pytest.fixture\ndef f(): raise OSError\ndef test_1(f): pass",
        "import pytest\n@pytest.fixture\ndef f():\n  yield\n  raise OSError\ndef test_1(f): pass",
        "import no_such_module\ndef test_1(): pass",
        "import os\ndef test_1(): os._exit(0)",
    ],
    ids=[
        "fails",
        "skips",
        "skips-module",
        "xfails",
        "xpasses",
        "setup",
        "teardown",
        "import",
        "dies-with-exit-code-0",
    ],
)
def test_whatever_did_not_plainly_pass_has_failed(
    checkout: Checkout, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    checkout.write("tests/python/test_a.py", body)
    checkout.write("tests/python/test_b.py", "def test_fine(): pass")
    assert checkout.run(ONE_TIER) == 1
    assert int(last_line(capsys).split()[2]) >= 1


def test_a_tier_without_a_test_has_failed(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("tests/python/test_a.py", "")
    assert checkout.run(ONE_TIER) == 1
    assert last_line(capsys) == "0 passed, 1 failed"


def test_a_file_in_no_tier_fails_the_run(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("tests/python/test_a.py", "def test_1(): pass")
    checkout.write("tests/elsewhere/test_b.py", "def test_1(): pass")
    assert checkout.run(ONE_TIER) == 1
    output = capsys.readouterr().out
    assert "tests/elsewhere/test_b.py: no tier" in output
    assert output.splitlines()[-1] == "1 passed, 1 failed"


def test_a_tier_that_only_check_would_run_is_refused(checkout: Checkout) -> None:
    checkout.write("tests/python/test_a.py", "def test_1(): pass")
    with pytest.raises(steps.StepError, match="no tier of test"):
        checkout.plan(ONE_TIER.replace('"test"]', '"check"]'))


def test_a_file_that_pytest_does_not_collect_fails_the_run(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write("tests/python/test_a.py", "def test_1(): pass")
    checkout.write("tests/python/misnamed.py", "def test_2(): assert False")
    assert checkout.run(ONE_TIER) == 1
    assert "tests/python/misnamed.py: defines tests, none of which ran" in capsys.readouterr().out


def test_a_selection_says_nothing_of_what_it_leaves_out(checkout: Checkout) -> None:
    checkout.write("tests/python/test_a.py", "def test_1(): pass")
    checkout.write("tests/python/test_b.py", "def test_2(): assert False")
    assert checkout.run(ONE_TIER, "-k", "test_1") == 0


def test_a_tier_that_does_not_end_is_stopped(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("tests/python/test_a.py", "import signal\ndef test_1(): signal.pause()")
    assert checkout.run(ONE_TIER + "minutes = 0.02") == 1
    assert "stopped, not done after 0.02 minutes" in capsys.readouterr().out


def test_what_a_tier_started_ends_with_the_run(checkout: Checkout, root: Path) -> None:
    started = checkout.root / "started"
    os.mkfifo(started)
    checkout.write(
        "tests/python/test_a.py",
        f"""
        import os
        import pathlib
        import signal

        def test_that_never_ends():
            pathlib.Path({str(started)!r}).write_text(str(os.getpid()))
            signal.pause()
        """,
    )
    checkout.write("tiers.toml", ONE_TIER)
    script = f"""
import pathlib, sys
from tools import run_tiers, steps, test_environments
test_environments.VENV = pathlib.Path(sys.prefix)
run_tiers.ROOT = pathlib.Path({str(checkout.root)!r})
run_tiers.TIERS = run_tiers.ROOT / "tiers.toml"
steps.LOGS = run_tiers.ROOT / "logs"
sys.argv[1:] = ["test"]
sys.exit(run_tiers.main())
"""
    with subprocess.Popen([sys.executable, "-c", script], cwd=root, stdout=subprocess.DEVNULL) as runner:
        pid = int(started.read_text())  # returns once the test runs
        runner.send_signal(signal.SIGTERM)
        assert runner.wait(timeout=30) == 128 + signal.SIGTERM
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_each_command_counts_as_one_test(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        checkout.run("""
        [tiers.lint]
        kind = "command"
        suites = ["test"]
        [tiers.lint.commands]
        good = ["{python}", "-c", "pass"]
        bad = ["{python}", "-c", "raise SystemExit('what is wrong')"]
        """)
        == 1
    )
    output = capsys.readouterr().out
    assert "what is wrong" in output
    assert output.splitlines()[-1] == "1 passed, 1 failed"


def test_tests_do_not_see_a_module_path_from_outside(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(checkout.root / "smuggled"))
    checkout.write("smuggled/smuggled_module.py", "")
    checkout.write(
        "tests/python/test_a.py",
        """
        import importlib.util
        import sys

        def test_path():
            assert importlib.util.find_spec("smuggled_module") is None
            assert "" not in sys.path
        """,
    )
    assert checkout.run(ONE_TIER) == 0


def test_an_environment_without_the_wheel_does_not_build_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []

    def record(_title: str, command: list[str | Path], **_: object) -> None:
        (tmp_path / "theirs").mkdir(exist_ok=True)
        commands.append([str(part) for part in command])

    monkeypatch.setattr(steps, "run", record)
    monkeypatch.setattr(test_environments, "wheel", lambda: pytest.fail("the wheel was built"))
    monkeypatch.setattr(test_environments, "VENVS", tmp_path)
    theirs = test_environments.Environment("theirs", ("somebody-elses==1",))
    assert test_environments.ready(theirs) == tmp_path / "theirs"
    assert commands[-1][-1] == "somebody-elses==1"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ('kind = "nose"\nsuites = ["test"]\npaths = ["tests"]', "kind 'nose'"),
        ('kind = "pytest"\nsuites = ["test"]', "no paths"),
        ('kind = "pytest"\nsuites = ["test"]\npaths = ["tests/gone"]', "no such path: tests/gone"),
        ('kind = "pytest"\nsuites = []\npaths = ["tests"]', "no suites"),
        ('kind = "command"\nsuites = ["test"]', "no commands"),
        (
            'kind = "pytest"\nsuites = ["test"]\npaths = ["tests"]\nenvironment = "x"',
            "no such environment: x",
        ),
        (
            'kind = "pytest"\nsuites = ["test"]\npaths = ["tests"]\npath = "x"',
            "unexpected keyword argument 'path'",
        ),
    ],
)
def test_a_plan_that_cannot_be_is_refused_with_the_reason(
    checkout: Checkout, entry: str, reason: str
) -> None:
    with pytest.raises(steps.StepError, match=reason):
        checkout.plan(f"[tiers.x]\n{entry}")


def test_a_tier_may_be_in_check_alone_if_another_one_runs_the_same_in_test(checkout: Checkout) -> None:
    plan = checkout.plan("""
        [tiers.quick]
        kind = "pytest"
        suites = ["check"]
        paths = ["tests"]
        [tiers.installed]
        kind = "pytest"
        suites = ["test"]
        paths = ["tests"]
    """)
    assert [tier.name for tier in plan.suite("test")] == ["installed"]


def test_every_state_of_ctest_but_run_has_failed(tmp_path: Path) -> None:
    xml = tmp_path / "ctest.xml"
    xml.write_text("""<testsuite name="x">
      <testcase name="A.Runs" classname="A.Runs" status="run"/>
      <testcase name="A.Fails" classname="A.Fails" status="fail"><failure message="Failed"/></testcase>
      <testcase name="A.Skips" classname="A.Skips" status="notrun"><skipped message="SKIP"/></testcase>
      <testcase name="A.Off" classname="A.Off" status="disabled"/>
    </testsuite>""")
    result = tier_results.read_junit(xml)
    assert result.passed == ("A.Runs",)
    assert [line.partition(":")[0] for line in result.failures] == ["A.Fails", "A.Skips", "A.Off"]


def test_a_google_test_in_no_cmake_target_has_failed(checkout: Checkout) -> None:
    checkout.write(
        "tests/cpp/a_test.cpp",
        """
        TEST(Plain, Runs) {}
        TEST_F(Fixture, Forgotten) {}
        TEST_P(Each, Case) {}
        TYPED_TEST(Typed, Case) {}
        """,
    )
    plan = checkout.plan('[tiers.cpp]\nkind = "ctest"\nsuites = ["test"]\npaths = ["tests/cpp"]')
    expected = tier_plan.expected_google_tests(plan.tiers[0], checkout.root)
    ran = tier_results.JUnit(("Plain.Runs", "All/Each.Case/0", "Typed/int.Case"), (), frozenset())
    assert [line.partition(":")[0] for line in tier_results.missing_google_tests(expected, ran)] == [
        "Fixture.Forgotten"
    ]


def test_this_checkout_leaves_no_test_file_out(root: Path) -> None:
    plan = tier_plan.load(root / "tools" / "tiers.toml", root)
    assert tier_plan.unowned(plan) == []
    assert {"cpp", "python", "mockserver"} < {tier.name for tier in plan.suite("check")}
