# SPDX-License-Identifier: Apache-2.0
"""Layers point down: the check must refuse what it is there to refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tools import check_layers

if TYPE_CHECKING:
    from pathlib import Path

RULES = """
[cpp]
roots = ["cpp"]
[cpp.layers]
top = { path = "cpp/top", uses = ["bottom"] }
bottom = { path = "cpp/bottom", uses = [] }
[cpp.reserved]
"cpr/" = ["bottom"]
"cpr/internal/" = []

[python]
roots = ["python"]
extensions = ["product._core"]
[python.layers]
"product" = { uses = [], third_party = ["numpy"] }
"product.above" = { uses = ["product"], third_party = [] }
"""


def check(root: Path, files: dict[str, str]) -> list[str]:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    rules = root / "layers.toml"
    rules.write_text(RULES)
    return check_layers.violations(root, rules)


def test_arrows_that_point_down_are_allowed(tmp_path: Path) -> None:
    files = {
        "cpp/top/a.cpp": '#include "bottom/b.hpp"\n#include <vector>\n#include "a.hpp"\n',
        "cpp/top/a.hpp": "",
        "cpp/bottom/b.hpp": "#include <cpr/cpr.h>\n",
        "python/product/__init__.py": "import json\nimport numpy\nfrom product import _core\n",
        "python/product/above.py": "import product\nfrom product._core import f\n",
    }
    assert check(tmp_path, files) == []


@pytest.mark.parametrize(
    ("file", "text", "complaint"),
    [
        (
            "cpp/bottom/b.hpp",
            '\n#include "top/a.hpp"\n',
            "cpp/bottom/b.hpp:2: bottom must not include cpp/top/a.hpp (top)",
        ),
        ("cpp/bottom/b.hpp", "# include <top/a.hpp>\n", "cpp/bottom/b.hpp:1: bottom must not include"),
        ("cpp/bottom/b.hpp", '#include "../top/a.hpp"\n', "cpp/bottom/b.hpp:1: bottom must not include"),
        ("cpp/top/c.hpp", "#include <cpr/cpr.h>\n", "top must not know cpr/cpr.h: only bottom may"),
        ("cpp/bottom/b.hpp", "#include <cpr/internal/x.h>\n", "bottom must not know cpr/internal/x.h"),
        ("cpp/nowhere/c.hpp", "", "cpp/nowhere/c.hpp: is in no layer"),
        ("python/product/x.py", "from product.above import y\n", "product must not import product.above"),
        ("python/product/x.py", "from . import above\n", "product must not import product.above"),
        (
            "python/product/x.py",
            "def f():\n    from .above import y\n",
            "python/product/x.py:2: product must not import",
        ),
        ("python/product/x.py", "import scipy.linalg\n", "product must not import scipy.linalg"),
        ("python/product/above.py", "import numpy\n", "product.above must not import numpy"),
        ("python/other.py", "", "other is in no layer"),
    ],
)
def test_any_other_arrow_is_refused(tmp_path: Path, file: str, text: str, complaint: str) -> None:
    base = {"cpp/top/a.hpp": "", "python/product/__init__.py": "", "python/product/above.py": ""}
    found = check(tmp_path, {**base, file: text})
    assert len(found) == 1
    assert complaint in found[0]


def test_a_cycle_of_includes_is_refused(tmp_path: Path) -> None:
    found = check(tmp_path, {"cpp/top/a.hpp": '#include "b.hpp"', "cpp/top/b.hpp": '#include "a.hpp"'})
    assert len(found) == 1
    assert found[0].startswith("cycle: ")


def test_a_cycle_of_imports_is_refused_unless_one_is_deferred(tmp_path: Path) -> None:
    cycle = {
        "python/product/__init__.py": "",
        "python/product/a.py": "import product.b\n",
        "python/product/b.py": "from product import a\n",
    }
    assert check(tmp_path, cycle)[0].startswith("cycle: ")
    deferred = {**cycle, "python/product/b.py": "def f():\n    from product import a\n"}
    assert check(tmp_path, deferred) == []


def test_a_module_may_name_its_own_package_but_not_take_things_from_it(tmp_path: Path) -> None:
    files = {
        "python/product/__init__.py": "from product.a import f\n",
        "python/product/a.py": "import product\n",
    }
    assert check(tmp_path, files) == []
    assert check(tmp_path, {**files, "python/product/a.py": "from product import g\n"})[0].startswith(
        "cycle: "
    )


def test_this_checkout_keeps_to_its_layers(root: Path) -> None:
    assert check_layers.violations(root, root / "tools" / "layers.toml") == []
