# SPDX-License-Identifier: Apache-2.0
"""Where machine files come from."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

from iqm_mock_server.machines.model import Machine

_FOLDER = Path(__file__).parent


def builtin_machines() -> list[str]:
    """Return the names of the machines that come with the package."""
    return sorted(path.stem for path in _FOLDER.glob("*.json"))


def load_machine(name: str) -> Machine:
    """Read a machine.

    Parameters
    ----------
    name
        Name of a built-in machine, or the path of a machine file (anything that ends in ``.json``).

    Raises
    ------
    ValueError
        When there is no such built-in machine, or the file does not describe a machine.
    OSError
        When the file cannot be read.
    """
    if name.endswith(".json"):
        path = Path(name)
    elif name in builtin_machines():
        path = _FOLDER / f"{name}.json"
    else:
        raise ValueError(
            f"unknown machine {name!r}: built in are {', '.join(builtin_machines())}; "
            "a machine of your own is given as a path that ends in .json"
        )
    try:
        return Machine.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise ValueError(f"{path} does not describe a machine: {error}") from error
