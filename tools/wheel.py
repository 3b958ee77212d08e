# SPDX-License-Identifier: Apache-2.0
"""The wheel as users get it: built by ``python -m build`` in isolation, from the source distribution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools import steps
from tools.dev_environment import CPR, PYTHON
from tools.steps import ROOT, StepError

if TYPE_CHECKING:
    from pathlib import Path

DIST = ROOT / "dist"
SOURCES = (
    "CMakeLists.txt",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "cmake",
    "cpp",
    "bindings",
    "python",
    "mockserver",
)


def wheel() -> Path:
    """Build the wheel unless the one in ``dist`` was made from these very sources.

    Returns
    -------
    Path
        The wheel.

    Raises
    ------
    StepError
        The build failed, or left no wheel.
    """
    made_from = steps.fingerprint(*steps.files_below(ROOT / name for name in SOURCES))
    record = DIST / "made-from"
    wheels = sorted(DIST.glob("qdmikit-*.whl"))
    if len(wheels) == 1 and record.exists() and record.read_text() == made_from:
        return wheels[0]
    for stale in [*wheels, *DIST.glob("qdmikit-*.tar.gz"), record]:
        stale.unlink(missing_ok=True)
    steps.run(
        "building the source distribution, and the wheel from it",
        [PYTHON, "-m", "build", "--outdir", DIST, "-Ccmake.define.QDMIKIT_FETCH_DEPENDENCIES=OFF"],
        log="wheel",
        # The source distribution is unpacked elsewhere, where .deps is out of sight.
        environment={"cpr_ROOT": str(CPR)},
    )
    wheels = sorted(DIST.glob("qdmikit-*.whl"))
    if len(wheels) != 1:
        raise StepError(f"python -m build left {len(wheels)} wheels of qdmikit in {DIST}, not one")
    record.write_text(made_from)
    return wheels[0]
