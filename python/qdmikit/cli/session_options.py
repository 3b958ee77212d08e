# SPDX-License-Identifier: Apache-2.0
"""Session parameters on the command line, where no secret may stand: every user of a machine can read it."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qdmikit.cli import output
from qdmikit.cli.reporting import UsageError
from qdmikit.masking import is_secret
from qdmikit.session import PARAMETERS

if TYPE_CHECKING:
    from collections.abc import Sequence

_LARGEST = 2**20
_SECRET_ARGUMENT = re.compile(r"(?:--session=|-s|--)?(token|password)=(?!@(?!@))", re.IGNORECASE)
_USER_INFO = re.compile(r"^[a-z][a-z0-9+.-]*://[^/]*@", re.IGNORECASE)

SessionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--session",
        "-s",
        metavar="KEY=VALUE",
        help="A session parameter; KEY=@FILE takes it from a file, the only way for secrets. Repeatable.",
    ),
]
BaseUrlOption = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Short for --session base_url=URL.")
]
AuthFileOption = Annotated[
    Path | None, typer.Option("--auth-file", metavar="FILE", help="Short for --session auth_file=FILE.")
]


def session_parameters(
    given: Sequence[str] | None, base_url: str | None = None, auth_file: Path | None = None
) -> dict[str, str]:
    """Read session parameters from the command line.

    Parameters
    ----------
    given
        Texts of the form ``KEY=VALUE`` or ``KEY=@FILE``.
    base_url, auth_file
        What the options of that name were given.

    Returns
    -------
    dict of str to str
        Keyed like the arguments of `qdmikit.open_device`. Secrets are known to the output's masker.

    Raises
    ------
    UsageError
        If one is not of that form, there twice, or a secret. No value is in the text.
    """
    texts = [f"base_url={base_url}"] if base_url is not None else []
    texts += [f"auth_file={auth_file}"] if auth_file is not None else []
    session: dict[str, str] = {}
    for text in [*texts, *(given or ())]:
        key, separator, value = text.partition("=")
        name = key.replace("-", "_")
        if not separator or name not in PARAMETERS:
            # Without a '=' all of it may be a secret.
            shown = f"'{key}' is no session parameter" if separator else "--session needs KEY=VALUE"
            raise UsageError(f"{shown}. There are {', '.join(PARAMETERS)}")
        if name in session:
            raise UsageError(f"the session parameter {name} is given more than once")
        session[name] = _value(name, value)
    output.MASKER.add_session(session)
    return session


def session_arguments(
    given: Sequence[str] | None, base_url: str | None = None, auth_file: Path | None = None
) -> list[str]:
    """Return what gives a later command the same session parameters; there is no secret in it."""
    arguments = [part for text in given or () for part in ("--session", text)]
    arguments += ["--base-url", base_url] if base_url is not None else []
    return arguments + (["--auth-file", str(auth_file)] if auth_file is not None else [])


def refuse_secrets(arguments: Sequence[str]) -> None:
    """Refuse secrets anywhere among the arguments of the command, before anything repeats them.

    Parameters
    ----------
    arguments
        All of them.

    Raises
    ------
    UsageError
        If there is one. It is not in the text.
    """
    for argument in arguments:
        found = _SECRET_ARGUMENT.match(argument)
        if found:
            raise _given_away(found[1].lower())


def _given_away(name: str) -> UsageError:
    return UsageError(
        f"the {name} is a secret, and every user of this machine can read the arguments of commands. "
        f"Remedy: write it to a file that only you can read (chmod 600) and give --session {name}=@FILE. "
        "The one that was given should be replaced: it may be in your shell's history"
    )


def _value(name: str, value: str) -> str:
    if value.startswith("@@"):
        value = value[1:]
    elif value.startswith("@"):
        return _content(name, Path(value[1:]))
    if is_secret(name):
        output.MASKER.add([value])
        raise _given_away(name)
    if _USER_INFO.match(value):
        output.MASKER.add([value])
        raise UsageError(
            f"the session parameter {name} has a user or password inside its address, and every user of this "
            f"machine can read the arguments of commands. Remedy: give {name}=@FILE, or leave them out"
        )
    return value


def _content(name: str, path: Path) -> str:
    what = f"the session parameter {name}=@{path}"
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:  # waits for no pipe
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise UsageError(f"{what} cannot be read: {path} is no regular file")
            content = file.read(_LARGEST + 1)
        text = content.decode()
    except OSError as error:
        raise UsageError(
            f"{what} cannot be read: {error.strerror}. Remedy: check the path and its rights"
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"{what} cannot be read: it is no UTF-8 text") from None
    if len(content) > _LARGEST:
        raise UsageError(f"{what} is larger than {_LARGEST} bytes")
    if is_secret(name) and status.st_mode & (stat.S_IRGRP | stat.S_IROTH):
        output.say(
            f"warning: others can read the {name} in {path} (mode {stat.S_IMODE(status.st_mode):04o}). "
            f"Remedy: chmod 600 {path}"
        )
    value = text.removesuffix("\n").removesuffix("\r")
    if not value:
        raise UsageError(f"{what}: the file is empty")
    return value
