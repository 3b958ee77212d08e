# SPDX-License-Identifier: Apache-2.0
"""QDMI for IQM computers: the device library, its manifest, and Qiskit circuits as IQM JSON.

`qdmikit.open_device("qdmikit.iqm")` and any other QDMI driver find the device through this package; nothing
here needs to be imported for that.
"""

from pathlib import Path

__all__ = ["include_dir", "library_path", "library_path_for_qdmi_1_3", "manifest_path"]


def library_path() -> Path:
    """Return the absolute path of the QDMI device library (prefix `IQM`)."""
    return _installed("lib/libiqm-qdmi-device.so")


def library_path_for_qdmi_1_3() -> Path:
    """Return the absolute path of the same device for drivers of QDMI 1.3, up to mqt-core 4.0.

    It is in no manifest: those drivers are told in their own configuration, and later ones must not find it.
    """
    return _installed("lib/libiqm-qdmi13-device.so")


def manifest_path() -> Path:
    """Return the absolute path of the manifest by which QDMI drivers find the device."""
    return _installed("lib/iqm.qdmi.json")


def include_dir() -> Path:
    """Return the absolute path of the folder to give to a compiler for `#include <iqm_qdmi/device.h>`."""
    return _installed("include/iqm_qdmi").parent


def _installed(name: str) -> Path:
    # An editable install keeps compiled files in site-packages and this file in the source tree: both are in
    # __path__.
    for folder in __path__:
        path = Path(folder, name)
        if path.exists():
            return path.resolve()
    raise FileNotFoundError(f"{name} is in none of {', '.join(__path__)}; reinstall qdmikit")
