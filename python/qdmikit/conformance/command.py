# SPDX-License-Identifier: Apache-2.0
"""Test a QDMI 1.4 device library from the command line."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import difflib
import fnmatch
import importlib
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from qdmikit.conformance import session_values
from qdmikit.conformance.item import Item, all_items
from qdmikit.conformance.loading import obstacle
from qdmikit.conformance.profile import Parameters, Profile
from qdmikit.conformance.profile_file import read_profile_fields
from qdmikit.conformance.reports import FORMATS, Report, area
from qdmikit.conformance.runner import Outcome, Result, run

if TYPE_CHECKING:
    from collections.abc import Sequence

PASSED, FAILED, USAGE, NOT_LOADED, INTERRUPTED = 0, 1, 2, 3, 130

_LOADING = 30.0
_EXIT_CODES = """\
exit codes: 0 everything that applies passed; 1 an item failed; 2 wrong usage; 3 the library cannot be loaded
or has no functions of that prefix; 130 interrupted. docs/conformance.md describes profiles and reports."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}\nFor help: {self.prog} --help\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments
        Those of the process when left out.

    Returns
    -------
    int
        The exit code.
    """
    parser = _parser()
    options, unknown = parser.parse_known_args(arguments)
    if unknown:
        # Only the names: behind a '=' there may be a secret.
        parser.error(f"unknown arguments: {' '.join(each.partition('=')[0] for each in unknown)}")
    try:
        items = _items(options.item)
        if options.list:
            for item in items:
                numbers = " ".join(map(str, item.numbers))
                print(f"{area(item):<9}  {item.name:<62}  {numbers}")
            return PASSED
        profile = _profile(options)
    except ValueError as problem:
        parser.error(str(problem))
    reason = obstacle(profile, options.time_limit or _LOADING)
    if reason:
        print(f"{parser.prog}: {_without_secrets(profile, reason)}", file=sys.stderr)
        return NOT_LOADED
    if options.time_limit:
        items = [dataclasses.replace(item, seconds=options.time_limit) for item in items]
    try:
        # Opened before the run: that a report has no place to go should be known before it is made.
        output = options.output.open("w", encoding="utf-8") if options.output else None
    except OSError as problem:
        parser.error(f"{options.output} cannot be written: {problem.strerror}")
    with output or contextlib.nullcontext():
        try:
            report = _report(profile, items, options.parallel)
        except KeyboardInterrupt:
            print(f"{parser.prog}: interrupted", file=sys.stderr)
            return INTERRUPTED
        print(FORMATS[options.format](report), end="", file=output)
    if output:
        print(report.totals)
    return FAILED if report.count(Outcome.FAILED) else PASSED


def _report(profile: Profile, items: Sequence[Item], parallel: int) -> Report:
    begin = time.monotonic()
    results = run(profile, items, parallel=parallel, done=_progress(len(items)))
    clean = (dataclasses.replace(each, reason=_without_secrets(profile, each.reason)) for each in results)
    return Report(profile, tuple(clean), time.monotonic() - begin)


def _progress(count: int) -> Any:  # noqa: ANN401 - a function of a result, or none
    """Return what tells people at a terminal how far the run is."""
    if not sys.stderr.isatty():
        return None
    numbers = iter(range(1, count + 1))

    def tell(result: Result) -> None:
        print(f"[{next(numbers)}/{count}] {result.outcome.value}: {result.item.name}", file=sys.stderr)

    return tell


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m qdmikit.conformance", description=__doc__, epilog=_EXIT_CODES, allow_abbrev=False
    )
    add = parser.add_argument
    add("--library", type=Path, help="the device library; the profile may have it")
    add("--prefix", help="what the names of its functions begin with; the profile may have it")
    add(
        *("--session", "-s"),
        action="extend",
        nargs="+",
        default=[],
        metavar="KEY=VALUE",
        help="a session parameter: KEY=VALUE, or KEY=@FILE to read it from a file, as token and password"
        f" must be; keys are {', '.join(session_values.NAMES)}",
    )
    add(
        "--profile",
        help="what the suite must know about the device: a .toml or .json file, or MODULE:ATTRIBUTE, which"
        " is a Profile or a function of the library and the session that returns one",
    )
    add(
        "--item",
        action="extend",
        nargs="+",
        default=[],
        metavar="NAME",
        help="run only these items; * and ? stand for letters",
    )
    add("--list", action="store_true", help="list items with the numbers of QDMI's checklist, and end")
    add("--format", choices=FORMATS, default="text", help="of the report (default: %(default)s)")
    add("--output", type=Path, metavar="FILE", help="write the report there, and only its totals here")
    add(
        "--parallel",
        type=_positive(int),
        default=1,
        metavar="N",
        help="items at a time (default: %(default)s)",
    )
    add("--time-limit", type=_positive(float), metavar="S", help="seconds for each item, in place of its own")
    return parser


def _positive(kind: type[float]) -> Any:  # noqa: ANN401 - what argparse takes as a type
    def convert(text: str) -> float:
        number = kind(text)
        if not 0 < number < float("inf"):
            raise ValueError
        return number

    convert.__name__ = "positive number"
    return convert


def _items(patterns: Sequence[str]) -> list[Item]:
    items = all_items()
    if not patterns:
        return list(items)
    for pattern in patterns:
        if not fnmatch.filter([item.name for item in items], pattern):
            close = difflib.get_close_matches(pattern, [item.name for item in items], 1, 0.5)
            hint = f"did you mean {close[0]}?" if close else "--list shows all"
            raise ValueError(f"there is no item {pattern!r}; {hint}")
    return [item for item in items if any(fnmatch.fnmatchcase(item.name, pattern) for pattern in patterns)]


def _profile(options: argparse.Namespace) -> Profile:
    session = session_values.from_arguments(options.session, Path())
    name = options.profile or ""
    if name.endswith((".toml", ".json")):
        fields = read_profile_fields(Path(name))
    elif name:
        made = _imported(name, options.library, session)
        fields = {field.name: getattr(made, field.name) for field in dataclasses.fields(made)}
    else:
        fields = {}
    fields["session"] = {**fields.get("session", {}), **session}
    for key in ("library", "prefix"):
        if getattr(options, key) is not None:
            fields[key] = getattr(options, key)
        elif key not in fields:
            raise ValueError(f"--{key} is missing, and no profile has it")
    fields["library"] = fields["library"].absolute()  # so that the loader does not look for it elsewhere
    return Profile(**fields)


def _imported(name: str, library: Path | None, session: Parameters) -> Profile:
    module, colon, attribute = name.partition(":")
    if not colon or not module or not attribute:
        raise ValueError(f"--profile {name} is neither a .toml or .json file nor MODULE:ATTRIBUTE")
    try:
        found = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as problem:
        raise ValueError(f"--profile {name}: {problem}") from None
    if callable(found):
        if library is None:
            raise ValueError(f"--profile {name} is a function of the library: --library is missing")
        found = found(library, session)
    if not isinstance(found, Profile):
        raise ValueError(f"--profile {name} is no Profile, but a {type(found).__name__}")  # noqa: TRY004 - usage
    return found


def _without_secrets(profile: Profile, text: str) -> str:
    # What a device says before it crashes ends up in reports, and these in archives.
    for name in session_values.SECRET:
        secret = profile.session.get(session_values.NAMES[name], "")
        if len(secret) > 3:
            text = text.replace(secret, f"<{name}>")
    return text
