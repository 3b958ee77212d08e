# SPDX-License-Identifier: Apache-2.0
"""Subcommands of `qdmikit`."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

import qdmikit
from qdmikit.cli.tables import device_table, devices_table

app = typer.Typer(
    help="Look at QDMI devices.", no_args_is_help=True, add_completion=False, rich_markup_mode=None
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qdmikit {qdmikit.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Look at QDMI devices."""


@app.command()
def devices(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """List the devices that can be opened by id; loads none of them."""
    entries = qdmikit.devices()
    if as_json:
        # What a manifest presets for a session may be secret and stays out.
        rows = [
            {
                "id": entry.id,
                "library": str(entry.library),
                "prefix": entry.prefix,
                "source": str(entry.source),
            }
            for entry in entries
        ]
        typer.echo(json.dumps(rows, indent=2))
        return
    Console().print(devices_table(entries))


@app.command()
def show(
    device: Annotated[str, typer.Argument(help="The device's id, as `qdmikit devices` lists it.")],
    base_url: Annotated[str | None, typer.Option(help="The server's address.")] = None,
    auth_file: Annotated[
        Path | None,
        typer.Option(help="A file with credentials. There is no option for a token: others could read it."),
    ] = None,
) -> None:
    """Open a device and print its sites with T1, T2 and the best fidelity of each operation there."""
    try:
        opened = qdmikit.open_device(device, base_url=base_url, auth_file=auth_file)
        table = device_table(opened)
    except qdmikit.Error as error:
        typer.echo(f"qdmikit: cannot show {device}: {error}", err=True)
        raise typer.Exit(1) from None
    Console().print(table)
