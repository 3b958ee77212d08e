# SPDX-License-Identifier: Apache-2.0
"""QDMI devices in PennyLane: ``qml.device("qdmikit.qdmi", device="my.device", wires=2)``."""

try:
    import pennylane as _pennylane  # noqa: F401
except ModuleNotFoundError as error:
    if error.name != "pennylane":
        raise
    raise ImportError(
        'qdmikit.pennylane needs PennyLane: pip install "qdmikit[pennylane]"', name="pennylane"
    ) from None

from qdmikit.pennylane.device import QDMIDevice

__all__ = ["QDMIDevice"]
