# SPDX-License-Identifier: Apache-2.0
"""The file in which an operator says which quantum devices there are."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass
class SiteFile:
    """What an operator edits.

    Parameters
    ----------
    path
        Of the site file.
    folder
        Where tokens files are.
    """

    path: Path
    folder: Path

    def write(self, text: str) -> None:
        """Put another text in its place."""
        new = self.path.with_suffix(".new")
        new.write_text(text)
        new.chmod(0o644)
        new.replace(self.path)

    def tokens_file(
        self, name: str, *, token: str | None = None, mode: int = 0o600, user: str | None = None
    ) -> Path:
        """Write a tokens file; by default one that a job of its owner can read."""
        file = self.folder / name
        file.unlink(missing_ok=True)
        file.write_text(f'{{"access_token": "{token or "a-token"}"}}')
        if user:
            shutil.chown(file, user)
        file.chmod(mode)
        return file
