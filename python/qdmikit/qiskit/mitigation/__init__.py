# SPDX-License-Identifier: Apache-2.0
"""Qiskit's primitives with the errors of readout taken out of their results."""

from qdmikit.qiskit.mitigation.estimator import MitigatedEstimator
from qdmikit.qiskit.mitigation.readout import Readout, ReadoutCalibration
from qdmikit.qiskit.mitigation.sampler import MitigatedSampler

__all__ = ["MitigatedEstimator", "MitigatedSampler", "Readout", "ReadoutCalibration"]
