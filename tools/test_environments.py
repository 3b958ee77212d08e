# SPDX-License-Identifier: Apache-2.0
"""Named virtual environments below ``.venvs``, most with the built wheel; each is built once and shared.

They are described in tiers.toml::

    [environments.wheel]
    requirements = ["{wheel}[cli,qiskit,mock]"]   # {wheel}: the built wheel
    groups = ["test"]                             # dependency groups of pyproject.toml
"""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

from tools import steps
from tools.dev_environment import NETWORK_CURE, PYTHON, VENV
from tools.steps import ROOT, StepError
from tools.wheel import wheel

if TYPE_CHECKING:
    from pathlib import Path

VENVS = ROOT / ".venvs"


@dataclasses.dataclass(frozen=True)
class Environment:
    """One virtual environment.

    Parameters
    ----------
    name
        Folder below ``.venvs``.
    requirements
        What pip installs; ``{wheel}`` stands for the built wheel.
    groups
        Dependency groups of pyproject.toml to install as well.
    interpreter
        The Python it is made from.
    """

    name: str
    requirements: tuple[str, ...]
    groups: tuple[str, ...] = ()
    interpreter: str = sys.executable


def ready(environment: Environment) -> Path:
    """Build an environment unless it stands already.

    Parameters
    ----------
    environment
        What it holds.

    Returns
    -------
    Path
        Its folder. The one named ``dev`` is ``.venv``.

    Raises
    ------
    StepError
        A requirement could not be installed.
    """
    if environment.name == "dev":
        return VENV
    # The one without it need not be made anew whenever a source file changes.
    built = wheel() if any("{wheel}" in requirement for requirement in environment.requirements) else None
    groups = [part for group in environment.groups for part in ("--group", group)]
    project = ROOT / "pyproject.toml" if groups else None
    made_from = steps.fingerprint(built, project, str(ROOT), dataclasses.astuple(environment))
    folder = VENVS / environment.name
    record = folder / "made-from"
    if record.exists() and record.read_text() == made_from and _works(folder):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    log = f"environment-{environment.name}"
    creating: list[str | Path] = [environment.interpreter, "-m", "venv", "--without-pip", folder]
    steps.run(f"creating .venvs/{environment.name}", creating, log=log, quiet=True)
    # One pip serves all. Python compiles what a test imports, and most of what is installed no test imports:
    # compiling all of it takes longer than the installation.
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--python", folder / "bin" / "python"]
    options = ("--disable-pip-version-check", "--no-input")
    requirements = [requirement.replace("{wheel}", str(built)) for requirement in environment.requirements]
    steps.run(
        f"filling .venvs/{environment.name}",
        [*pip, *options, "install", "--no-compile", *requirements, *groups],
        log=log,
        cure=NETWORK_CURE,
    )
    record.write_text(made_from)
    return folder


def _works(folder: Path) -> bool:
    try:
        return subprocess.run([folder / "bin" / "python", "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def from_table(table: dict[str, dict[str, list[str]]]) -> dict[str, Environment]:
    """Read the ``[environments]`` of tiers.toml.

    Parameters
    ----------
    table
        Environment name to ``requirements`` and ``groups``.

    Returns
    -------
    dict
        The environments by name, ``dev`` included.

    Raises
    ------
    StepError
        A table has a key that means nothing.
    """
    environments = {"dev": Environment("dev", ())}
    for name, entry in table.items():
        unknown = entry.keys() - {"requirements", "groups"}
        if unknown or not entry.get("requirements"):
            raise StepError(
                f"tiers.toml: [environments.{name}] needs requirements, may have groups, has {sorted(entry)}"
            )
        environments[name] = Environment(name, tuple(entry["requirements"]), tuple(entry.get("groups", ())))
    return environments
