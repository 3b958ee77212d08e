# SPDX-License-Identifier: Apache-2.0
"""Which C++ folder includes which."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

from tools import steps
from tools.cycles import cycle

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]', re.MULTILINE)
_SUFFIXES = (".hpp", ".h", ".cpp", ".c")
_FOLDERS = ("cpp", "bindings")


class CppLayers:
    """The include graph of a checkout.

    Parameters
    ----------
    root
        The checkout.
    rules
        The table ``[cpp]`` of layers.toml.
    """

    def __init__(self, root: Path, rules: dict[str, Any]) -> None:
        self._root = root
        self._roots: list[str] = rules["roots"]
        self._layers: dict[str, dict[str, Any]] = rules["layers"]
        self._reserved: dict[str, list[str]] = rules.get("reserved", {})
        self._files = [
            str(path.relative_to(root))
            for path in steps.files_below([root / folder for folder in _FOLDERS], _SUFFIXES)
        ]

    def violations(self) -> list[str]:
        """Check every include.

        Returns
        -------
        list of str
            One line for each violation.
        """
        found: list[str] = []
        graph: dict[str, set[str]] = {file: set() for file in self._files}
        for file in self._files:
            layer = self._layer(file)
            if layer is None:
                found.append(f"{file}: is in no layer of tools/layers.toml")
                continue
            text = (self._root / file).read_text()
            for match in _INCLUDE.finditer(text):
                where = f"{file}:{text.count(chr(10), 0, match.start()) + 1}"
                target = self._resolve(file, match[1])
                if target is None:
                    found += self._reserved_violation(where, layer, match[1])
                else:
                    graph[file].add(target)
                    found += self._arrow_violation(where, layer, target)
        return found + cycle(graph)

    def _layer(self, file: str) -> str | None:
        """Give the layer with the longest path that holds the file."""
        holding = [name for name, rule in self._layers.items() if file.startswith(rule["path"] + "/")]
        return max(holding, key=lambda name: len(self._layers[name]["path"]), default=None)

    def _resolve(self, file: str, include: str) -> str | None:
        """Give the checkout's file that an include means; None for other and for generated headers."""
        for folder in (str(PurePosixPath(file).parent), *self._roots):
            path = (self._root / folder / include).resolve()
            if path.is_file() and path.is_relative_to(self._root.resolve()):
                return str(path.relative_to(self._root.resolve()))
        return None

    def _arrow_violation(self, where: str, layer: str, target: str) -> list[str]:
        other = self._layer(target)
        if other == layer or other in self._layers[layer]["uses"]:
            return []
        return [f"{where}: {layer} must not include {target} ({other or 'in no layer'})"]

    def _reserved_violation(self, where: str, layer: str, include: str) -> list[str]:
        prefix = max((start for start in self._reserved if include.startswith(start)), key=len, default=None)
        if prefix is None or layer in self._reserved[prefix]:
            return []
        return [f"{where}: {layer} must not know {include}: only {', '.join(self._reserved[prefix])} may"]
