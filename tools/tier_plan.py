# SPDX-License-Identifier: Apache-2.0
"""The tiers of tiers.toml, and which of them owns a test file."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tools import steps
from tools.steps import StepError
from tools.test_environments import Environment, from_table

if TYPE_CHECKING:
    from pathlib import Path

KINDS = ("pytest", "ctest", "command")
TEST_SUFFIXES = (".py", ".c", ".cpp", ".sh", ".js")
_PYTHON_TEST = re.compile(r"^\s*(?:async\s+)?def\s+test_\w+", re.MULTILINE)
_GOOGLE_TEST = re.compile(r"^\s*(?:TYPED_)?TEST(?:_[FP])?\(\s*(\w+)\s*,\s*(\w+)\s*\)", re.MULTILINE)


@dataclass(frozen=True)
class Tier:
    """Tests that run together.

    Parameters
    ----------
    name
        Name in the table at the end.
    kind
        ``pytest``, ``ctest`` or ``command``; of the last, each command counts as one test.
    suites
        Which of ``check`` and ``test`` run it.
    paths
        Folders or files it runs, relative to the checkout. It owns every test file in them.
    environment
        Environment whose Python runs it.
    needs
        Further environments that must stand; their folders are passed on as ``QDMIKIT_VENV_<NAME>``.
    commands
        For ``command``: name to program and arguments. ``{python}`` is the environment's interpreter.
    build
        For ``ctest``: the build tree.
    variables
        Environment variables to set; ``{root}`` is the checkout.
    minutes
        After so long it is stopped and has failed.
    """

    name: str
    kind: str
    suites: tuple[str, ...]
    paths: tuple[str, ...] = ()
    environment: str = "dev"
    needs: tuple[str, ...] = ()
    commands: dict[str, list[str]] = field(default_factory=dict)
    build: str = "build/dev"
    variables: dict[str, str] = field(default_factory=dict)
    minutes: float = 15.0

    def owns(self, file: str) -> bool:
        """Tell whether a file is in one of this tier's paths.

        Parameters
        ----------
        file
            Path relative to the checkout.

        Returns
        -------
        bool
            Whether it is.
        """
        return any(file == path or file.startswith(path.rstrip("/") + "/") for path in self.paths)


@dataclass(frozen=True)
class Plan:
    """All of tiers.toml.

    Parameters
    ----------
    root
        The checkout it speaks of.
    tiers
        In the order they run.
    environments
        By name.
    """

    root: Path
    tiers: tuple[Tier, ...]
    environments: dict[str, Environment]

    def suite(self, name: str) -> tuple[Tier, ...]:
        """Give the tiers of ``check`` or ``test``.

        Parameters
        ----------
        name
            The suite.

        Returns
        -------
        tuple of Tier
            In order.
        """
        return tuple(tier for tier in self.tiers if name in tier.suites)


def load(file: Path, root: Path) -> Plan:
    """Read tiers.toml.

    Parameters
    ----------
    file
        The file.
    root
        The checkout its paths are relative to.

    Returns
    -------
    Plan
        What it says.

    Raises
    ------
    StepError
        It says something that cannot be: an unknown key, kind or environment, a path that is not there.
    """
    table: dict[str, Any] = tomllib.loads(file.read_text())
    environments = from_table(table.get("environments", {}))
    tiers = []
    for name, entry in table.get("tiers", {}).items():
        try:
            values: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in entry.items()}
            tier = Tier(name, **values)
        except TypeError as error:
            raise StepError(f"{file.name}: [tiers.{name}]: {error}") from error
        wrong = [
            f"kind {tier.kind!r} is none of {', '.join(KINDS)}" if tier.kind not in KINDS else "",
            "no suites: nothing would run it"
            if not set(tier.suites) <= {"check", "test"} or not tier.suites
            else "",
            "no commands" if tier.kind == "command" and not tier.commands else "",
            "no paths" if tier.kind != "command" and not tier.paths else "",
            *(f"no such path: {path}" for path in tier.paths if not (root / path).exists()),
            *(f"no such environment: {e}" for e in (tier.environment, *tier.needs) if e not in environments),
        ]
        for reason in filter(None, wrong):
            raise StepError(f"{file.name}: [tiers.{name}]: {reason}")
        tiers.append(tier)
    in_test = {(tier.kind, path) for tier in tiers if "test" in tier.suites for path in tier.paths}
    for tier in tiers:
        if tier.suites == ("check",) and not all((tier.kind, path) in in_test for path in tier.paths):
            raise StepError(
                f"{file.name}: [tiers.{tier.name}]: in check, but no tier of test, which is everything, "
                "has its paths"
            )
    return Plan(root, tuple(tiers), environments)


def test_files(root: Path) -> list[str]:
    """List every source file below ``tests`` that a tier has to own.

    Parameters
    ----------
    root
        The checkout.

    Returns
    -------
    list of str
        Paths relative to the checkout.
    """
    if not (root / "tests").is_dir():
        return []
    return [str(path.relative_to(root)) for path in steps.files_below([root / "tests"], TEST_SUFFIXES)]


def unowned(plan: Plan) -> list[str]:
    """List the test files that no tier of ``test`` runs.

    Parameters
    ----------
    plan
        The tiers.

    Returns
    -------
    list of str
        Paths relative to the checkout.
    """
    tiers = plan.suite("test")
    return [file for file in test_files(plan.root) if not any(tier.owns(file) for tier in tiers)]


def expected_python_files(tier: Tier, root: Path) -> set[str]:
    """List the files of a tier that define Python tests: each must show up in its results.

    Parameters
    ----------
    tier
        The tier.
    root
        The checkout.

    Returns
    -------
    set of str
        Paths relative to the checkout.
    """
    owned = (file for file in test_files(root) if file.endswith(".py") and tier.owns(file))
    return {file for file in owned if _PYTHON_TEST.search((root / file).read_text())}


def expected_google_tests(tier: Tier, root: Path) -> dict[str, str]:
    """List the GoogleTest cases that a tier's C++ files define: each must show up in its results.

    Parameters
    ----------
    tier
        The tier.
    root
        The checkout.

    Returns
    -------
    dict
        ``Suite.Name`` to the file that defines it.
    """
    owned = (file for file in test_files(root) if file.endswith(".cpp") and tier.owns(file))
    return {
        f"{suite}.{name}": file
        for file in owned
        for suite, name in _GOOGLE_TEST.findall((root / file).read_text())
        if not name.startswith("DISABLED_")
    }
