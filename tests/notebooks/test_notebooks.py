# SPDX-License-Identifier: Apache-2.0
"""The notebooks run from their first cell to their last, in a kernel of their own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest
from nbclient import NotebookClient

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTEBOOKS = sorted((Path(__file__).parents[2] / "examples").rglob("*.ipynb"))
SECONDS = 120


def name(path: Path) -> str:
    return path.stem


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in ("IQM_TOKEN", "IQM_TOKENS_FILE", "QDMI_AUTH_FILE", "QDMIKIT_DEVICES"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def outputs(notebook: Any) -> Iterator[tuple[str, dict[str, Any]]]:  # noqa: ANN401 (nbformat has no types)
    """Yield the source of a cell and what it showed, by MIME type."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            yield cell.source, output.get("data", {"text/plain": output.get("text", "")})


def test_there_is_a_first_circuit() -> None:
    assert "first_circuit" in map(name, NOTEBOOKS)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=name)
def test_a_notebook_is_kept_without_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert not list(outputs(notebook))
    assert all(cell.execution_count is None for cell in notebook.cells if cell.cell_type == "code")


def test_the_first_circuit_ends_with_a_histogram_and_a_device_map(tmp_path: Path) -> None:
    [path] = [path for path in NOTEBOOKS if name(path) == "first_circuit"]
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook, timeout=SECONDS, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = dict(outputs(notebook))
    pictures = [source for source, data in shown.items() if "image/png" in data]
    assert ["plot_device" in source for source in pictures] == [True, False]
    assert "plot_histogram" in pictures[1]
    [counts] = [data["text/plain"] for source, data in shown.items() if source.endswith("\ncounts")]
    assert "'000': " in counts
    assert "'111': " in counts
    assert any("<table" in data.get("text/html", "") for data in shown.values()), "the device's own table"
