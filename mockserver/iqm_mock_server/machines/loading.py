# SPDX-License-Identifier: Apache-2.0
"""Where machine files come from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid5

from pydantic import ValidationError

from iqm_mock_server.machines.model import Machine
from iqm_mock_server.schemas.problems import describe

if TYPE_CHECKING:
    from collections.abc import Sequence

_FOLDER = Path(__file__).parent


def builtin_machines() -> list[str]:
    """Return the names of the machines that come with the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def load_machine(name: str) -> Machine:
    """Read a machine.

    Parameters
    ----------
    name
        Name of a built-in machine; such a name, a colon and a suffix, which serves that machine under this
        alias and an id of its own; or the path of a machine file (anything that ends in ``.json``).

    Raises
    ------
    ValueError
        When there is no such built-in machine, the alias is not allowed, or the file does not describe a
        machine.
    OSError
        When the file cannot be read.
    """
    if name.endswith(".json"):
        return _read(Path(name))
    base, colon, _ = name.partition(":")
    if base not in builtin_machines():
        raise ValueError(
            f"unknown machine {name!r}: built in are {', '.join(builtin_machines())}; "
            "a machine of your own is given as a path that ends in .json"
        )
    machine = _read(_FOLDER / f"{base}.json")
    if not colon:
        return machine
    renamed = machine.model_dump() | {"alias": name, "id": uuid5(machine.id, name)}
    try:
        return Machine.model_validate(renamed)
    except ValidationError as error:
        raise ValueError(f"{name!r} cannot be an alias: {describe(error)}") from error


def load_machines(names: Sequence[str]) -> list[Machine]:
    """Read machines that are to be served together.

    Raises
    ------
    ValueError
        As `load_machine`, and when two of them have the same alias or id.
    OSError
        When a file cannot be read.
    """
    machines = [load_machine(name) for name in names]
    for what in ("alias", "id"):
        values = [str(getattr(machine, what)) for machine in machines]
        if twice := sorted({value for value in values if values.count(value) > 1}):
            raise ValueError(f"two machines have the same {what} {', '.join(twice)}")
    return machines


def _read(path: Path) -> Machine:
    try:
        return Machine.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path} does not describe a machine: {describe(error)}") from error
