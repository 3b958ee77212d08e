# SPDX-License-Identifier: Apache-2.0
"""How far a run is: nothing, or a line for each stage on the terminal."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qdmikit.qsci.stages import Tell


class Progress:
    """Shows nothing. A subclass shows more."""

    def reused(self, stage: str) -> None:
        """Learn that a stage was done by an earlier run."""

    @contextlib.contextmanager
    def stage(self, name: str, where: str) -> Iterator[Tell]:  # noqa: ARG002 - for those that show it
        """Accompany a stage; what it yields is called with a few words, now and then.

        Parameters
        ----------
        name
            Of the stage.
        where
            Where it runs.
        """
        yield lambda text: None  # noqa: ARG005


class TerminalProgress(Progress):
    """Shows each stage on standard error with Rich: what it does, and how long it took."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)

    def reused(self, stage: str) -> None:
        """Say that a stage was done before."""
        self._console.print(f"[dim]· {stage:<12} done before[/dim]")

    @contextlib.contextmanager
    def stage(self, name: str, where: str) -> Iterator[Tell]:
        """Show what a stage does while it does it, and a line when it is done."""
        from rich.markup import escape

        begun = time.perf_counter()
        last = [""]
        with self._console.status(f"{name}: {escape(where)}") as status:

            def tell(text: str) -> None:
                last[0] = text
                status.update(f"{name}: {escape(text)}")

            yield tell
        seconds = time.perf_counter() - begun
        self._console.print(f"[green]✓[/green] {name:<12} {seconds:7.1f} s  {escape(last[0] or where)}")
