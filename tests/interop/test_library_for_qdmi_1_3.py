# SPDX-License-Identifier: Apache-2.0
"""The library for QDMI 1.3 is out of the way of a driver of 1.4, and harmless to one that is told of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import qdmikit_iqm

OPEN = """
import sys
from mqt.core.qdmi import builtin_driver
try:
    builtin_driver.open_device("old", base_url="http://127.0.0.1:1")
except RuntimeError as error:
    print(error)
"""


def test_no_manifest_names_it() -> None:
    library = qdmikit_iqm.library_path_for_qdmi_1_3()
    packages = Path(qdmikit_iqm.__file__).parents[1]
    manifests = list(packages.rglob("*.qdmi.json"))
    assert qdmikit_iqm.manifest_path() in [manifest.resolve() for manifest in manifests]
    assert [manifest for manifest in manifests if library.name in manifest.read_text()] == []


def test_a_driver_of_1_4_refuses_it_as_a_whole() -> None:
    device = {"id": "old", "library": str(qdmikit_iqm.library_path_for_qdmi_1_3()), "prefix": "IQM"}
    configuration = json.dumps({"schema-version": 1, "qdmi": {"devices": [device]}})
    done = subprocess.run(
        [sys.executable, "-c", OPEN],
        env={**os.environ, "MQT_CORE_QDMI_CONFIG_JSON": configuration},
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert "fatal error" in done.stdout
