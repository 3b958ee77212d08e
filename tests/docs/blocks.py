# SPDX-License-Identifier: Apache-2.0
"""The code blocks of a Markdown page. CONTRIBUTING.md says which of them are run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_FENCE = re.compile(r"^(`{3,})(\S*).*\n(?P<body>(?:.*\n)*?)\1[ \t]*$", re.MULTILINE)
_NOT_RUN = re.compile(r"<!-- not run: \S.* -->\s*\Z")


@dataclass(frozen=True)
class Block:
    """A code block that is to be run.

    Parameters
    ----------
    language
        First word behind the fence.
    line
        Line of the page on which its code begins, from 1.
    code
        Its lines.
    """

    language: str
    line: int
    code: str


def blocks(page: Path, language: str) -> list[Block]:
    """List a page's blocks in one language, without those that are marked as not run.

    Parameters
    ----------
    page
        A Markdown file.
    language
        Such as ``python``.

    Returns
    -------
    list of Block
        In order.
    """
    text = page.read_text()
    return [
        Block(language, text.count("\n", 0, match.start("body")) + 1, match["body"])
        for match in _FENCE.finditer(text)
        if match[2] == language and not _NOT_RUN.search(text, 0, match.start())
    ]
