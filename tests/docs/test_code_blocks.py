# SPDX-License-Identifier: Apache-2.0
"""Every example of the documentation does what a reader will expect of it: it runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from blocks import Block, blocks

import qdmikit
import qdmikit_iqm

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
PAGES = [page for page in PAGES if "_build" not in page.parts]
SECONDS = 120

# Keeps the page's name and line numbers in tracebacks.
RUN_PAGE = """
import sys
from pathlib import Path
page, helpers = sys.argv[1:]
sys.path.insert(0, helpers)
from blocks import blocks
namespace = {"__name__": "__main__"}
for block in blocks(Path(page), "python"):
    exec(compile("\\n" * (block.line - 1) + block.code, page, "exec"), namespace)
"""


def pages_with(language: str) -> list[Path]:
    found = [page for page in PAGES if blocks(page, language)]
    assert found, f"no page has a {language} block any more"
    return found


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@pytest.mark.iqm_mock_server(ideal=True)
@pytest.mark.parametrize("page", pages_with("python"), ids=name)
def test_the_python_blocks_of_a_page_run_in_order(
    page: Path, surroundings: dict[str, str], tmp_path: Path
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", RUN_PAGE, page, Path(__file__).parent],
        env=surroundings,
        cwd=tmp_path,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.iqm_mock_server(ideal=True)
@pytest.mark.parametrize("page", pages_with("console"), ids=name)
def test_the_commands_of_a_page_succeed(page: Path, surroundings: dict[str, str], tmp_path: Path) -> None:
    commands = [
        line.removeprefix("$ ")
        for block in blocks(page, "console")
        for line in block.code.splitlines()
        if line.startswith("$ ")
    ]
    assert commands
    for command in commands:
        result = subprocess.run(
            ["sh", "-ec", command],
            env=surroundings,
            cwd=tmp_path,
            check=False,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        assert result.returncode == 0, f"{command}\n{result.stdout}{result.stderr}"


CPP_BLOCKS = [(page, block) for page in pages_with("cpp") for block in blocks(page, "cpp")]


def program(page: Path, block: Block) -> str:
    return f"{page.stem.lower()}-{block.line}"


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder with all C++ examples, compiled against the installed CMake package."""
    folder = tmp_path_factory.mktemp("cpp")
    lines = [
        "cmake_minimum_required(VERSION 3.24)",
        "project(examples LANGUAGES CXX)",
        "find_package(qdmikit REQUIRED)",
        "add_compile_options(-Wall -Wextra -Werror)",
    ]
    for page, block in CPP_BLOCKS:
        target = program(page, block)
        (folder / f"{target}.cpp").write_text(f'#line {block.line} "{page}"\n{block.code}')
        lines += [
            f"add_executable({target} {target}.cpp)",
            f"target_link_libraries({target} PRIVATE qdmikit::client)",
        ]
        lines += [f"target_compile_features({target} PRIVATE cxx_std_20)"]
    (folder / "CMakeLists.txt").write_text("\n".join(lines))
    for command in (
        f"cmake -G Ninja -S . -B build -Dqdmikit_DIR={qdmikit.cmake_dir()}",
        "cmake --build build",
    ):
        result = subprocess.run(command.split(), cwd=folder, check=False, capture_output=True, text=True)
        assert result.returncode == 0, result.stdout + result.stderr
    return folder / "build"


@pytest.mark.iqm_mock_server(ideal=True)
@pytest.mark.parametrize(("page", "block"), CPP_BLOCKS, ids=[program(*each) for each in CPP_BLOCKS])
def test_a_cpp_block_is_a_program_that_succeeds(
    page: Path, block: Block, programs: Path, surroundings: dict[str, str]
) -> None:
    result = subprocess.run(
        [programs / program(page, block), qdmikit_iqm.library_path()],
        env=surroundings,
        check=False,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout, "an example that prints nothing shows nothing"


def test_a_block_is_left_out_only_with_a_reason(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```python\na = 1\n```\n\n"
        "<!-- not run: needs a real machine -->\n```python\nb = 2\n```\n\n"
        "<!-- not run: -->\n```python\nc = 3\n```\n\n"
        "````md\n```python\nnested = True\n```\n````\n"
        "```cpp\nint main() {}\n```\n"
    )
    found = blocks(page, "python")
    assert [(block.code, block.line) for block in found] == [("a = 1\n", 2), ("c = 3\n", 12)]
