# SPDX-License-Identifier: Apache-2.0
"""`qdmikit doctor`: why a device cannot be used, and what to do."""

from typing import TYPE_CHECKING, Annotated

import typer

from qdmikit import registry
from qdmikit.cli import output
from qdmikit.cli.exit_codes import ExitCode, code_of
from qdmikit.cli.opening import JsonOption, device_ids
from qdmikit.cli.reporting import reported
from qdmikit.cli.session_options import AuthFileOption, BaseUrlOption, SessionOption, session_parameters

if TYPE_CHECKING:
    from qdmikit.doctor import Finding

_SIGNS = {"ok": "ok     ", "note": "note   ", "warning": "WARNING", "problem": "PROBLEM"}


@reported("examine the devices")
def doctor(
    device: Annotated[
        str | None,
        typer.Argument(help="The device's id; all devices if left out.", autocompletion=device_ids),
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="How long opening one device may take.")
    ] = 60.0,
    session: SessionOption = None,
    base_url: BaseUrlOption = None,
    auth_file: AuthFileOption = None,
    as_json: JsonOption = False,
) -> None:
    """Examine what is configured, from where, and whether it can be used; say what to do where it cannot.

    The exit code is 0 when there is no problem, else that of the first one.
    """
    from qdmikit.doctor import examine

    parameters = session_parameters(session, base_url, auth_file)
    _know_secrets()
    findings = []
    for finding in examine(device, parameters, seconds=timeout):
        findings.append(finding)
        if not as_json:
            _print(finding)
    problems = [finding for finding in findings if finding.level == "problem"]
    warnings = [finding for finding in findings if finding.level == "warning"]
    code = code_of(problems[0].category or "device") if problems else ExitCode.OK
    if as_json:
        output.print_json(
            {
                "findings": [_document(finding) for finding in findings],
                "problems": len(problems),
                "warnings": len(warnings),
                "exit_code": int(code),
            }
        )
    else:
        output.print_result(f"{len(problems)} problems, {len(warnings)} warnings")
    raise typer.Exit(code)


def _know_secrets() -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the examination tells
        for entry in registry.devices():
            output.MASKER.add_session(entry.session)


def _print(finding: "Finding") -> None:
    output.print_result(f"{_SIGNS[finding.level]} {finding.subject}: {finding.tried}: {finding.answer}")
    if finding.remedy:
        output.print_result(f"{'':8}remedy: {finding.remedy}")


def _document(finding: "Finding") -> dict[str, object]:
    return {
        "check": finding.check,
        "level": finding.level,
        "subject": finding.subject,
        "tried": finding.tried,
        "answer": finding.answer,
        "remedy": finding.remedy,
        "category": finding.category,
        "details": dict(finding.details),
    }
