# SPDX-License-Identifier: Apache-2.0
"""The command `qdmikit`, put together from its subcommands."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

import qdmikit
from qdmikit.cli import calibrate, config, devices, doctor, job, qsci, run, show, slurm
from qdmikit.cli.exit_codes import ExitCode
from qdmikit.cli.reporting import reported
from qdmikit.cli.session_options import refuse_secrets


class _Guarded(TyperGroup):
    """Looks for secrets before an error about the arguments could repeat them."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Click's, or Typer's own
        reported("begin")(refuse_secrets)(args)
        parsed: list[str] = super().parse_args(ctx, args)
        return parsed


app = typer.Typer(
    cls=_Guarded,
    help="Find, examine and use QDMI devices.",
    epilog="Exit codes: " + "; ".join(f"{int(code)}: {code.meaning}" for code in ExitCode),
    no_args_is_help=True,
    # A traceback with the values of variables would show secrets; failures are reported by `reporting`.
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("devices")(devices.devices)
app.command("show")(show.show)
app.command("run")(run.run)
app.command("job")(job.job)
app.command("calibrate")(calibrate.calibrate)
app.command("doctor")(doctor.doctor)
app.command("qsci")(qsci.qsci)
app.add_typer(config.app, name="config")
app.add_typer(slurm.app, name="slurm")


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
    """Find, examine and use QDMI devices."""
