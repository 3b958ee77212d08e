# SPDX-License-Identifier: Apache-2.0
"""Rules that hold for every source file of the checkout."""

from __future__ import annotations

import ast
import os
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOT_OURS = {
    ".git", ".venv", ".venvs", ".deps", ".cache", "build", "dist", "_build", "__pycache__",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis",
}  # fmt: skip
SOURCE_NAMES = {"CMakeLists.txt", "Makefile"}
SOURCE_SUFFIXES = {
    ".py",
    ".pyi",
    ".cpp",
    ".hpp",
    ".h",
    ".c",
    ".cmake",
    ".sh",
    ".toml",
    ".js",
    ".css",
    ".html",
}
ABOVE_THE_WAIST = ("python/qdmikit", "cpp/client", "bindings")


def files(folder: Path) -> Iterator[Path]:
    for directory, subdirectories, names in os.walk(folder):
        subdirectories[:] = [name for name in subdirectories if name not in NOT_OURS]
        for name in names:
            path = folder.__class__(directory, name)
            if path.is_file():
                yield path


def is_source(path: Path) -> bool:
    if path.name in SOURCE_NAMES or path.suffix in SOURCE_SUFFIXES:
        return True
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def test_every_source_file_names_its_licence_in_its_first_lines(root: Path) -> None:
    licence = re.compile(r"SPDX-License-Identifier: (Apache-2\.0|GPL-2\.0-or-later)\b")
    sources = [path for path in files(root) if is_source(path)]
    assert len(sources) > 50, "the search no longer finds the sources"
    lacking = []
    for path in sources:
        # An empty __init__.py holds nothing to license.
        head = "\n".join(path.read_text().splitlines()[:5])
        found = licence.search(head)
        if path.stat().st_size and not (
            found and (found[1] == "Apache-2.0" or "cpp/spank" in path.as_posix())
        ):
            lacking.append(str(path.relative_to(root)))
    assert lacking == []


@pytest.mark.parametrize("folder", ABOVE_THE_WAIST)
def test_nothing_above_the_waist_names_the_vendor(root: Path, folder: str) -> None:
    vendor = re.compile(r"iqm(?!_?json)", re.IGNORECASE)
    texts = [path for path in files(root / folder) if path.suffix != ".so"]
    assert texts, f"{folder} is empty"
    named = [
        f"{path.relative_to(root)}:{number}: {line.strip()}"
        for path in texts
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if vendor.search(line)
    ]
    assert named == []


def test_no_public_text_speaks_of_the_machine_it_was_written_on(root: Path) -> None:
    private = re.compile(r"(?<![\w.])/(?:work|home/\w+|root)/")
    named = [
        f"{path.relative_to(root)}:{number}"
        for path in files(root)
        if path.suffix in {*SOURCE_SUFFIXES, ".md", ".json", ".in"}
        and path.name not in ("test_source_files.py",)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if private.search(line)
    ]
    assert named == []


def test_no_product_module_looks_into_the_working_directory_for_code(root: Path) -> None:
    # Path.cwd(), os.getcwd() and sys.path are how code from wherever a user happens to stand gets loaded.
    suspects = []
    for package in ("python/qdmikit", "python/qdmikit_iqm"):
        for path in files(root / package):
            if path.suffix == ".py":
                suspects += [
                    f"{path.relative_to(root)}:{node.lineno}: {ast.unparse(node)}"
                    for node in ast.walk(ast.parse(path.read_text()))
                    if isinstance(node, ast.Attribute)
                    and (ast.unparse(node) in {"os.getcwd", "Path.cwd", "sys.path"})
                ]
    assert suspects == []


def test_no_file_holds_two_ideas(root: Path) -> None:
    sources = (path for path in files(root) if path.suffix in {".py", ".cpp", ".hpp", ".h", ".c"})
    lengths = {str(path.relative_to(root)): len(path.read_text().splitlines()) for path in sources}
    assert {name: length for name, length in lengths.items() if length > 450} == {}
