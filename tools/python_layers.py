# SPDX-License-Identifier: Apache-2.0
"""Which Python module imports which."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING, Any, NamedTuple

from tools import steps
from tools.cycles import cycle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Import(NamedTuple):
    """One name that a module imports."""

    module: str
    line: int
    at_import_time: bool


class PythonLayers:
    """The import graph of a checkout.

    Parameters
    ----------
    root
        The checkout.
    rules
        The table ``[python]`` of layers.toml.
    """

    def __init__(self, root: Path, rules: dict[str, Any]) -> None:
        self._root = root
        self._layers: dict[str, dict[str, Any]] = rules["layers"]
        self._files: dict[str, Path] = {}
        for folder in (root / name for name in rules["roots"]):
            for path in steps.files_below([folder], (".py",)):
                parts = path.relative_to(folder).with_suffix("").parts
                self._files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        self._modules = {*self._files, *rules.get("extensions", [])}
        self._packages = {module.partition(".")[0] for module in self._modules}

    def violations(self) -> list[str]:
        """Check every import, wherever in a file it stands.

        Returns
        -------
        list of str
            One line for each violation.
        """
        found: list[str] = []
        graph: dict[str, set[str]] = {}
        for module, path in self._files.items():
            graph[module] = set()
            file = path.relative_to(self._root)
            layer = self._layer(module)
            if layer is None:
                found.append(f"{file}: {module} is in no layer of tools/layers.toml")
                continue
            for imported in self._imports(module, path):
                top = imported.module.partition(".")[0]
                if top in self._packages:
                    if imported.at_import_time and imported.module != module:
                        graph[module].add(imported.module)
                    other = self._layer(imported.module)
                    if other != layer and other not in self._layers[layer]["uses"]:
                        found.append(
                            f"{file}:{imported.line}: {layer} must not import {imported.module} ({other})"
                        )
                elif top not in sys.stdlib_module_names and top not in self._layers[layer]["third_party"]:
                    found.append(f"{file}:{imported.line}: {layer} must not import {imported.module}")
        return found + cycle(graph)

    def _layer(self, module: str) -> str | None:
        """Give the layer with the longest name that the module is, or lies in."""
        holding = [name for name in self._layers if module == name or module.startswith(name + ".")]
        return max(holding, key=len, default=None)

    def _imports(self, module: str, path: Path) -> Iterator[Import]:
        package = module if path.name == "__init__.py" else module.rpartition(".")[0]
        for node, at_import_time in _statements(
            ast.parse(path.read_text(), str(path)).body, at_import_time=True
        ):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    # A package is always there before its modules, so naming it needs nothing of it yet.
                    own = module.startswith(alias.name + ".")
                    yield Import(alias.name, node.lineno, at_import_time and not own)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    above = package.split(".")[: len(package.split(".")) - node.level + 1]
                    base = ".".join([*above, base] if base else above)
                for alias in node.names:
                    submodule = f"{base}.{alias.name}"
                    yield Import(
                        submodule if submodule in self._modules else base, node.lineno, at_import_time
                    )


def _statements(nodes: list[ast.stmt], *, at_import_time: bool) -> Iterator[tuple[ast.AST, bool]]:
    """Walk all statements; functions and what is under TYPE_CHECKING do not run on import."""
    for node in nodes:
        yield node, at_import_time
        deferred = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        )
        for name in ("body", "orelse", "finalbody"):
            inner = getattr(node, name, [])
            yield from _statements(inner, at_import_time=at_import_time and not (deferred and name == "body"))
        for part in (*getattr(node, "handlers", []), *getattr(node, "cases", [])):
            yield from _statements(part.body, at_import_time=at_import_time)
