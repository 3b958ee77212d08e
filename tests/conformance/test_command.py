# SPDX-License-Identifier: Apache-2.0
"""`python -m qdmikit.conformance`: what it runs and answers, and that its arguments hold no secret."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from qdmikit.conformance import all_items, command, session_values
from qdmikit.session import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from qdmikit.conformance import Profile

    Run = Callable[..., tuple[int, str, str]]

TOML = Path(__file__).parent / "toy" / "profile.toml"
QUICK = ("--item", "null_sessions_are_refused")


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Give the command, which returns its exit code, and what it wrote."""

    def call(*arguments: object) -> tuple[int, str, str]:
        try:
            code = command.main([str(argument) for argument in arguments])
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else -1
        out, err = capsys.readouterr()
        return code, out, err

    return call


@pytest.fixture
def toy(toy_profile: Profile) -> tuple[str, ...]:
    return ("--library", str(toy_profile.library), "--profile", str(TOML))


@pytest.fixture
def wrong_toy(toy_profile: Profile, tmp_path: Path) -> tuple[str, ...]:
    """Give a toy whose histograms lack a shot, in a profile that names the library."""
    profile = tmp_path / "wrong.toml"
    head = f'library = "{toy_profile.library}"\nenvironment.TOY_MUTATION = "the histogram lacks a shot"\n'
    profile.write_text(head + TOML.read_text())
    return (
        *("--profile", str(profile), "--parallel", "2"),
        *("--item", "the_histogram_adds_up", "null_sessions_are_refused"),
    )


def test_a_device_that_does_everything_right_is_0(run: Run, toy: tuple[str, ...]) -> None:
    code, out, err = run(*toy, "--item", "null_*", "freeing_null_does_nothing", "--parallel", 2)
    assert (code, err) == (0, "")
    assert "FAILED" not in out
    assert out.splitlines()[-1].startswith("4 items: 4 passed, 0 failed, 0 not applicable; ")


def test_a_device_with_a_mistake_is_1_and_its_failures_come_first(
    run: Run, wrong_toy: tuple[str, ...]
) -> None:
    code, out, _ = run(*wrong_toy)
    assert code == 1
    assert out.splitlines()[2:4] == [
        "FAILED the_histogram_adds_up",
        "    the counts of 100 shots add up to 99",
    ]
    assert "passed" in next(line for line in out.splitlines() if line.endswith("null_sessions_are_refused"))
    assert "2 items: 1 passed, 1 failed, 0 not applicable" in out


def test_the_module_is_a_command(toy: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "qdmikit.conformance", *toy, *QUICK],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "null_sessions_are_refused" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--library is missing"),
        (("--library", "x.so"), "--prefix is missing"),
        (("--library", "x.so", "--item", "the_histogram_adds"), "did you mean the_histogram_adds_up?"),
        (("--parallel", "0"), "--parallel"),
        (("--time-limit", "inf"), "--time-limit"),
        (("--format", "html"), "--format"),
        (("--profile", "nonsense"), "neither a .toml or .json file nor MODULE:ATTRIBUTE"),
        (("--profile", "no_such_module:profile"), "No module named 'no_such_module'"),
        (("--profile", "json:no_such_attribute"), "no_such_attribute"),
        (("--profile", "json:__name__"), "is no Profile, but a str"),
        (("--profile", "json:loads"), "is a function of the library: --library is missing"),
        (("--profile", "missing.toml"), "missing.toml cannot be read: No such file"),
        (("--session", "colour=blue"), "there is no session parameter 'colour'; there are base_url, token"),
        (("--session", "token=@/nonexistent/file"), "token: /nonexistent/file cannot be read"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_wrong(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--session", "token=s3cret"), "give token=@FILE"),
        (("--session", "base_url=http://localhost", "password=s3cret"), "give password=@FILE"),
        (("-s", "token", "s3cret"), "one has no '='"),
        (("--sesion", "token=s3cret"), "unknown arguments: --sesion token"),
        (("--token=s3cret",), "unknown arguments: --token"),
    ],
)
def test_secrets_in_arguments_are_refused_and_not_repeated(
    run: Run, arguments: tuple[str, ...], said: str
) -> None:
    code, out, err = run("--library", "x.so", "--prefix", "X", *arguments)
    assert (code, out) == (2, "")
    assert "s3cret" not in err
    assert said in err


def test_a_secret_comes_from_a_file(run: Run, toy_profile: Profile, tmp_path: Path) -> None:
    (tmp_path / "token.txt").write_text("toy\n")
    library = ("--library", toy_profile.library, "--prefix", "TOY")
    item = ("--item", "the_device_has_a_name_and_versions")
    assert run(*library, *item, "--session", f"token=@{tmp_path}/token.txt", "custom1=slow")[0] == 0
    code, out, _ = run(*library, *item)
    assert code == 1
    assert "session_init answered PERMISSIONDENIED" in out


def test_a_secret_is_blanked_in_what_a_device_says(run: Run, toy: tuple[str, ...], tmp_path: Path) -> None:
    # The reason of the failure happens to hold the token.
    (tmp_path / "token.txt").write_text("PERMISSION")
    code, out, _ = run(*toy, "--session", f"token=@{tmp_path}/token.txt", "--item", "the_id_is_text")
    assert code == 1
    assert "session_init answered <token>DENIED" in out


def test_without_a_profile_what_needs_programs_does_not_apply(
    run: Run, toy_profile: Profile, tmp_path: Path
) -> None:
    (tmp_path / "token.txt").write_text("toy")
    code, out, _ = run(
        *("--library", toy_profile.library, "--prefix", "TOY", "--session", f"token=@{tmp_path}/token.txt"),
        *("--parallel", 4, "--format", "json"),
    )
    assert code == 0
    report = json.loads(out)
    reasons = {
        item["name"]: item["reason"] for item in report["items"] if item["outcome"] == "not applicable"
    }
    assert reasons["the_histogram_adds_up"] == "the profile has no program `bell`"
    assert all(reasons.values())
    assert report["totals"]["passed"] >= 35


@pytest.mark.parametrize("what", ["missing", "text", "prefix", "other library"])
def test_a_library_that_cannot_be_loaded_is_3(
    run: Run, toy_profile: Profile, tmp_path: Path, what: str
) -> None:
    (tmp_path / "text.so").write_text("no library")
    import _ctypes

    library, prefix, said = {
        "missing": (tmp_path / "missing.so", "TOY", "there is no "),
        "text": (tmp_path / "text.so", "TOY", "cannot be loaded: "),
        "prefix": (toy_profile.library, "TOYS", "has no TOYS_QDMI_device_initialize; its prefix is TOY"),
        "other library": (Path(_ctypes.__file__), "TOY", "it is no QDMI device library"),
    }[what]
    report = tmp_path / "report.xml"
    code, out, err = run("--library", library, "--prefix", prefix, "--output", report)
    assert (code, out) == (3, "")
    assert said in err
    assert not report.exists()


def test_json_reports_have_their_schema(run: Run, wrong_toy: tuple[str, ...], toy_profile: Profile) -> None:
    code, out, _ = run(*wrong_toy, "--format", "json")
    report = json.loads(out)
    assert code == 1
    assert {key: report[key] for key in ("schema", "library", "prefix", "totals")} == {
        "schema": "qdmikit-conformance-1",
        "library": str(toy_profile.library),
        "prefix": "TOY",
        "totals": {"passed": 1, "failed": 1, "not applicable": 0},
    }
    failed = next(item for item in report["items"] if item["outcome"] == "failed")
    assert failed.pop("seconds") > 0
    assert report["seconds"] > 0
    assert failed == {
        "name": "the_histogram_adds_up",
        "area": "outcomes",
        "checklist": [62],
        "outcome": "failed",
        "reason": "the counts of 100 shots add up to 99",
    }


def test_junit_reports_have_a_case_for_each_item(
    run: Run, wrong_toy: tuple[str, ...], tmp_path: Path
) -> None:
    path = tmp_path / "report.xml"
    code, out, _ = run(*wrong_toy, "options_of_jobs_are_checked", "--format", "junit", "--output", path)
    assert code == 1
    assert out.startswith("3 items: 2 passed, 1 failed, 0 not applicable; ")
    suites = ET.parse(path).getroot()  # noqa: S314 - written a moment ago
    (suite,) = suites.findall("testsuite")
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "errors": "0",
        "skipped": "0",
    }
    cases = {case.get("name"): case for case in suite.findall("testcase")}
    failure = cases["the_histogram_adds_up"].find("failure")
    assert failure is not None
    assert failure.get("message") == failure.text == "the counts of 100 shots add up to 99"
    assert cases["null_sessions_are_refused"].get("classname") == "qdmikit.conformance.sessions"
    assert len(cases["null_sessions_are_refused"]) == 0


def test_junit_reports_skip_what_does_not_apply(run: Run, toy_profile: Profile) -> None:
    code, out, _ = run(
        *("--library", toy_profile.library, "--prefix", "TOY", "--format", "junit"),
        *("--item", "what_cannot_be_retrieved_gives_no_handle"),
    )
    assert code == 0
    skipped = ET.fromstring(out).find("testsuite/testcase/skipped")  # noqa: S314 - written a moment ago
    assert skipped is not None
    assert skipped.get("message") == "the device does not retrieve jobs"


def test_control_characters_of_a_device_reach_no_report(toy_profile: Profile) -> None:
    from qdmikit.conformance import Outcome, Result
    from qdmikit.conformance.reports import Report, as_junit, as_text

    result = Result(all_items()[0], Outcome.FAILED, "a\x1b[2Jb\x00\n\ud800\uffff", 1.0)
    report = Report(toy_profile, (result,), 1.0)
    assert r"a\x1b[2Jb\x00" in as_text(report)
    failure = ET.fromstring(as_junit(report)).find(".//failure")  # noqa: S314 - written a moment ago
    assert failure is not None
    assert failure.get("message") == r"a\x1b[2Jb\x00"


def test_a_report_that_cannot_be_written_is_known_before_the_run(
    run: Run, toy: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "run", lambda *_, **__: pytest.fail("it was run"))
    code, _, err = run(*toy, "--output", tmp_path / "no" / "folder.txt")
    assert code == 2
    assert "folder.txt cannot be written: No such file or directory" in err


def test_a_time_limit_holds_for_every_item(run: Run, toy: tuple[str, ...]) -> None:
    code, out, _ = run(*toy, "--time-limit", 1, "--item", "a_time_out_comes_at_its_time")
    assert code == 1
    assert "did not end within 1 s" in out


def test_an_interrupted_run_says_so(run: Run, toy: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "run", interrupted)
    code, _, err = run(*toy)
    assert code == 130
    assert err.endswith(": interrupted\n")


def test_items_are_listed_without_a_library(run: Run) -> None:
    code, out, _ = run("--list")
    assert code == 0
    assert [line.split()[1] for line in out.splitlines()] == [item.name for item in all_items()]
    assert run("--list", "--item", "the_histogram*")[1].split() == ["outcomes", "the_histogram_adds_up", "62"]


@pytest.mark.parametrize("attribute", ["described", "describe"])
def test_a_profile_is_an_attribute_of_a_module(
    run: Run, toy_profile: Profile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, attribute: str
) -> None:
    (tmp_path / "toy_profiles.py").write_text(
        "from pathlib import Path\n"
        "from qdmikit.conformance import Profile, SessionParameter\n"
        "def describe(library, session):\n"
        "    return Profile(library, 'TOY', session={SessionParameter.TOKEN: 'toy', **session})\n"
        f"described = describe(Path({str(toy_profile.library)!r}), {{}})\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "toy_profiles", raising=False)
    library = ("--library", toy_profile.library) if attribute == "describe" else ()
    item = ("--item", "the_status_is_one_of_qdmis")
    assert run(*library, "--profile", f"toy_profiles:{attribute}", *item)[0] == 0
    code, out, _ = run(*library, "--profile", f"toy_profiles:{attribute}", *item, "-s", "custom1=backwards")
    assert code == 1
    assert "session_init answered INVALIDARGUMENT" in out


def test_session_parameters_have_the_names_of_the_client() -> None:
    assert {name: int(number.value) for name, number in PARAMETERS.items()} == {
        name: int(number) for name, number in session_values.NAMES.items()
    }
