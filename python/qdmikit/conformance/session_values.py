# SPDX-License-Identifier: Apache-2.0
"""Session parameters as people write them: `base_url=http://localhost:8000 token=@token.txt`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qdmikit.conformance.enumerators import SessionParameter

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from qdmikit.conformance.profile import Parameters

NAMES: Mapping[str, SessionParameter] = {
    "base_url": SessionParameter.BASEURL,
    "token": SessionParameter.TOKEN,
    "auth_file": SessionParameter.AUTHFILE,
    "auth_url": SessionParameter.AUTHURL,
    "username": SessionParameter.USERNAME,
    "password": SessionParameter.PASSWORD,
    "custom1": SessionParameter.CUSTOM1,
    "custom2": SessionParameter.CUSTOM2,
    "custom3": SessionParameter.CUSTOM3,
    "custom4": SessionParameter.CUSTOM4,
    "custom5": SessionParameter.CUSTOM5,
}
"""The names that `qdmikit.open_device` knows them by."""

SECRET = frozenset({"token", "password"})
"""Those that other users of a machine must not read in its list of processes."""


def parameter(name: str) -> SessionParameter:
    """Return the parameter of a name.

    Raises
    ------
    ValueError
        When there is none.
    """
    if name not in NAMES:
        raise ValueError(f"there is no session parameter {name!r}; there are {', '.join(NAMES)}")
    return NAMES[name]


def resolved(name: str, value: str, folder: Path) -> str:
    """Return a value, read from a file when it is `@FILE`.

    Parameters
    ----------
    name
        Of the parameter.
    value
        Itself, or a file that has it. The line's end is no part of it.
    folder
        Where relative paths begin.

    Raises
    ------
    ValueError
        When the file cannot be read, or holds no text. The value is never told.
    """
    if value.startswith("@"):
        path = folder / value[1:]
        try:
            value = path.read_text().removesuffix("\n").removesuffix("\r")
        except OSError as problem:
            reason = problem.strerror
            raise ValueError(f"{name}: {path} cannot be read: {reason}") from None
        except UnicodeDecodeError:
            raise ValueError(f"{name}: {path} is no text in UTF-8") from None
    if "\0" in value:
        raise ValueError(f"{name} has a NUL in it")
    return value


def from_arguments(arguments: Iterable[str], folder: Path) -> Parameters:
    """Read `key=value` and `key=@FILE`.

    Parameters
    ----------
    arguments
        Of the command line.
    folder
        Where relative paths begin.

    Raises
    ------
    ValueError
        When one of them is malformed, or is a secret that stands there in clear.
    """
    found: Parameters = {}
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if not equals:
            # It may be the secret of somebody who forgot the key, so it is not repeated.
            raise ValueError("a session parameter is written key=value or key=@FILE; one has no '='")
        number = parameter(name)
        if name in SECRET and not value.startswith("@"):
            raise ValueError(
                f"{name} on the command line can be read by everybody on this machine;"
                f" write it into a file and give {name}=@FILE"
            )
        found[number] = resolved(name, value, folder)
    return found
