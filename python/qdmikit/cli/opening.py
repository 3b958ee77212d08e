# SPDX-License-Identifier: Apache-2.0
"""Opening the device that an argument names, and completing such arguments."""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

import qdmikit
from qdmikit import registry
from qdmikit.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rich.status import Status


def device_ids(incomplete: str) -> list[str]:
    """List the ids that begin like that, without loading a library."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [entry.id for entry in registry.devices() if entry.id.startswith(incomplete)]


DeviceArgument = Annotated[
    str, typer.Argument(help="The device's id, as `qdmikit devices` lists it.", autocompletion=device_ids)
]
DeviceOption = Annotated[
    str,
    typer.Option(
        "--device", "-d", help="The device's id, as `qdmikit devices` lists it.", autocompletion=device_ids
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON; docs/cli.md describes it.")]


def open_device(device_id: str, session: Mapping[str, str]) -> qdmikit.Device:
    """Open a device, showing on a terminal that this is going on.

    Parameters
    ----------
    device_id
        Its id.
    session
        From `session_parameters`.

    Returns
    -------
    Device
        In a session of its own.

    Raises
    ------
    qdmikit.Error
        If it cannot be opened.
    """
    output.MASKER.add_session(registry.find(device_id).session)
    with showing(f"opening {device_id}"):
        return qdmikit.open_device(device_id, **session)


@contextmanager
def showing(what: str) -> Iterator[Status]:
    """Show on a terminal what is going on."""
    from rich.console import Console
    from rich.markup import escape

    console = Console(stderr=True)
    with console.status(escape(output.MASKER.text(what))) as status:
        yield status
