# SPDX-License-Identifier: Apache-2.0
"""How a command that fails says so: what was attempted, what came back, what to do, and an exit code."""

from __future__ import annotations

import functools
import traceback
import warnings
from typing import TYPE_CHECKING, ParamSpec, TypeVar

import typer

import qdmikit
from qdmikit.cli import output
from qdmikit.cli.exit_codes import ExitCode, code_of
from qdmikit.diagnosis import diagnose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")


class UsageError(Exception):
    """The command was used wrongly. The text says what to do."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C came while a job was waited for. The text says how to come back to it."""


def reported(attempt: str) -> Callable[[Callable[Parameters, Answer]], Callable[Parameters, Answer]]:
    """Make a command report its failures and warnings.

    Parameters
    ----------
    attempt
        What the command does, for the sentence "cannot ...", with its parameters in braces.

    Returns
    -------
    callable
        A decorator of a command. With its parameter `as_json`, failures are printed as JSON as well.
    """

    def decorate(command: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
        @functools.wraps(command)
        def wrapper(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Answer:
            as_json = bool(kwargs.get("as_json", False))
            attempted = attempt.format_map(kwargs)
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("always", RuntimeWarning)
                    warnings.simplefilter("always", UserWarning)
                    warnings.showwarning = lambda message, *_, **__: output.say(f"warning: {message}")
                    return command(*args, **kwargs)
            except UsageError as error:
                _report(attempted, str(error), {"type": "UsageError"}, "", ExitCode.USAGE, as_json=as_json)
                raise typer.Exit(ExitCode.USAGE) from None
            except qdmikit.Error as error:
                raise typer.Exit(_report_error(attempted, error, as_json=as_json)) from None
            except KeyboardInterrupt as error:
                said = str(error) or "interrupted"
                output.say(said)
                if as_json:
                    details = {"type": "Interrupted", "message": said, "exit_code": int(ExitCode.INTERRUPTED)}
                    output.print_json({"error": details})
                raise typer.Exit(ExitCode.INTERRUPTED) from None
            except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
                raise
            except Exception:  # noqa: BLE001 - it is told in full; only secrets are taken out
                output.say(f"cannot {attempted}; this is a mistake of qdmikit's:\n{traceback.format_exc()}")
                raise typer.Exit(ExitCode.FAILED) from None

        return wrapper

    return decorate


def _report_error(attempt: str, error: qdmikit.Error, *, as_json: bool) -> ExitCode:
    diagnosis = diagnose(error)
    details = {
        "type": type(error).__name__,
        "kind": error.kind,
        "status": error.status,
        "function": error.function,
        "library": None if error.library is None else str(error.library),
        "http_status": error.http_status,
        "error_code": error.error_code,
        "request_id": error.request_id,
        "server_errors": [dict(each) for each in error.server_errors],
    }
    text = "\n".join([str(error), *getattr(error, "__notes__", ())])
    code = code_of(diagnosis.category)
    _report(attempt, text, details, diagnosis.remedy, code, as_json=as_json)
    return code


def _report(
    attempt: str, text: str, details: Mapping[str, object], remedy: str, code: ExitCode, *, as_json: bool
) -> None:
    output.say(f"cannot {attempt}: {text}")
    if remedy and "Remedy: " not in text:
        output.say(f"remedy: {remedy}")
    if as_json:
        output.print_json({"error": {**details, "message": text, "remedy": remedy, "exit_code": int(code)}})
