# SPDX-License-Identifier: Apache-2.0
"""Machines: what does not change between two calibrations, with the calibration a machine starts with.

A machine is a data file. The built-in ones lie beside this module.
"""

from iqm_mock_server.machines.loading import builtin_machines, load_machine, load_machines
from iqm_mock_server.machines.model import CalibrationFigures, Coherence, Gate, Limits, Locus, Machine

__all__ = [
    "CalibrationFigures",
    "Coherence",
    "Gate",
    "Limits",
    "Locus",
    "Machine",
    "builtin_machines",
    "load_machine",
    "load_machines",
]
