# SPDX-License-Identifier: Apache-2.0
"""`qdmikit show`: what a device is."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from qdmikit.cli import output
from qdmikit.cli.opening import DeviceArgument, JsonOption, open_device, showing
from qdmikit.cli.reporting import reported
from qdmikit.cli.session_options import AuthFileOption, BaseUrlOption, SessionOption, session_parameters


class Figure(StrEnum):
    """What sites are coloured by."""

    T1 = "t1"
    T2 = "t2"
    FIDELITY = "fidelity"


@reported("show {device}")
def show(
    device: DeviceArgument,
    plot: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw the lattice into a file (.png, .svg, .pdf) as well."),
    ] = None,
    color: Annotated[
        list[Figure] | None,
        typer.Option(help="What to colour sites by in the plot; repeatable. All that are known if left out."),
    ] = None,
    session: SessionOption = None,
    base_url: BaseUrlOption = None,
    auth_file: AuthFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Open a device and print its sites with T1, T2 and the best fidelity of each operation there."""
    parameters = session_parameters(session, base_url, auth_file)
    if plot is not None:
        from qdmikit.plotting import check_plot_file

        check_plot_file(plot)  # before a machine is asked
    opened = open_device(device, parameters)
    if plot is not None:
        from qdmikit.plotting import save_plot

        with showing(f"drawing {device}"):
            save_plot(opened, plot, colors=[each.value for each in color] if color else None)
    if as_json:
        from qdmikit.cli.documents import device_document

        output.print_json(device_document(opened))
        return
    from qdmikit.cli.tables import device_table

    output.print_result(device_table(opened))
