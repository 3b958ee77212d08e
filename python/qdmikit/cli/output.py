# SPDX-License-Identifier: Apache-2.0
"""What the command prints: results to standard output, all else to standard error, secrets nowhere."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from qdmikit.masking import Masker

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rich.console import Console, RenderableType

_UNFOLDED = 10_000
MASKER = Masker()
"""Knows the secrets of this process."""


def print_json(document: Mapping[str, object]) -> None:
    """Print a result for programs."""
    print(json.dumps(MASKER.value(document), indent=2, ensure_ascii=False))


def print_result(result: RenderableType) -> None:
    """Print a result for people: a text or one of Rich's tables."""
    if isinstance(result, str):
        print(MASKER.text(result))
        return
    console = _console()
    with console.capture() as captured:
        console.print(result)
    print(MASKER.text(captured.get()), end="")


def say(message: str) -> None:
    """Tell something that is no result."""
    print(f"qdmikit: {MASKER.text(message)}", file=sys.stderr)


def _console() -> Console:
    from rich.console import Console

    console = Console()
    # Elsewhere than on a terminal nothing is gained by folding lines, and paths are lost.
    return console if console.is_terminal else Console(width=_UNFOLDED)
