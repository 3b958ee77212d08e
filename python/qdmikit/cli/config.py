# SPDX-License-Identifier: Apache-2.0
"""`qdmikit config`: where devices are configured, and what wins."""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qdmikit import registry
from qdmikit.cli import output
from qdmikit.cli.exit_codes import ExitCode
from qdmikit.cli.opening import JsonOption, device_ids
from qdmikit.cli.reporting import UsageError, reported
from qdmikit.masking import masked_session

if TYPE_CHECKING:
    from qdmikit.ranks import Level
    from qdmikit.registry import DeviceEntry

app = typer.Typer(
    help="Where devices are configured, and what wins; docs/configuration.md tells the rules.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("path")
@reported("look for the configuration")
def path(as_json: JsonOption = False) -> None:
    """List all places where manifests are looked for, the strongest first, and what was found there."""
    from qdmikit.configuration import configured_places
    from qdmikit.packages import package_level

    places, files = configured_places()
    rows: list[dict[str, object]] = []
    for strength, equals in enumerate(places):
        rows += [
            _place_row(strength, place.rank, place.variable, place.path, place.found) for place in equals
        ]
    rows.append(_place_row(len(places), "package", None, None, package_level(files)))
    if as_json:
        output.print_json({"places": rows})
        return
    from qdmikit.cli.tables import places_table

    output.print_result(places_table(rows))


@app.command("show")
@reported("show the configuration")
def show(
    device: Annotated[
        str | None,
        typer.Argument(help="The device's id; all devices if left out.", autocompletion=device_ids),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a device is opened with, and which manifest says so; secrets are masked."""
    with warnings.catch_warnings(record=True) as problems:
        warnings.simplefilter("always")
        entries = registry.devices() if device is None else [registry.find(device)]
    for problem in problems:
        output.say(f"warning: {problem.message}")
    documents = [_device_row(entry) for entry in entries]
    if as_json:
        output.print_json({"devices": documents})
        return
    for entry in entries:
        _print_device(entry)


@app.command("check")
@reported("check {file}")
def check(
    file: Annotated[Path, typer.Argument(help="A manifest.")],
    as_json: JsonOption = False,
) -> None:
    """Check a manifest as if it were in the user's configuration: form, secrets, who can write it."""
    from qdmikit.configuration import read_configured

    if not file.exists():
        raise UsageError(f"there is no {file}")
    level = read_configured(file)
    problems = _problems(level)
    devices = [each for manifest in level.manifests for each in manifest.devices]
    missing = [
        f"device '{each.id}': there is no library {each.library.path}"
        for each in devices
        if each.library is not None and not each.library.path.exists()
    ]
    code = ExitCode.CONFIGURATION if problems or missing else ExitCode.OK
    if as_json:
        document = {
            "file": str(file),
            "ok": code is ExitCode.OK,
            "devices": [each.id for each in devices],
            "problems": [*problems, *missing],
            "exit_code": int(code),
        }
        output.print_json(document)
    else:
        for problem in [*problems, *missing]:
            output.print_result(f"PROBLEM {problem}")
        if code is ExitCode.OK:
            output.print_result(
                f"{file} is a good manifest of {', '.join(each.id for each in devices) or 'nothing'}"
            )
    raise typer.Exit(code)


def _problems(level: "Level") -> list[str]:
    errors = [*level.unusable, *(error for manifest in level.manifests for _, error in manifest.broken)]
    return [str(error) for error in errors]


def _place_row(
    strength: int, rank: str, variable: str | None, where: Path | None, level: "Level | None"
) -> dict[str, object]:
    found = level is not None
    return {
        "strength": strength,
        "rank": rank,
        "variable": variable,
        "path": None if where is None else str(where),
        "found": found,
        "manifests": [str(manifest.source) for manifest in level.manifests] if level else [],
        "problems": _problems(level) if level else [],
    }


def _device_row(entry: "DeviceEntry") -> dict[str, object]:
    output.MASKER.add_session(entry.session)
    shown = masked_session(entry.session)
    return {
        "id": entry.id,
        "library": str(entry.library),
        "prefix": entry.prefix,
        "rank": entry.rank,
        "source": str(entry.source),
        "session": [
            {"key": name, "value": shown[name], "source": str(entry.session_sources[name])} for name in shown
        ],
        "manifests": [
            {"rank": claim.rank, "source": str(claim.source), "role": claim.role}
            for claim in registry.claims(entry.id)
        ],
    }


def _print_device(entry: "DeviceEntry") -> None:
    output.print_result(f"{entry.id}: {entry.library}, prefix {entry.prefix}")
    shown = masked_session(entry.session)
    for name, value in shown.items():
        output.print_result(f"  {name} = {value}    ({entry.session_sources[name]})")
    for claim in registry.claims(entry.id):
        output.print_result(f"  {claim.role}: {claim.source} ({claim.rank})")
