# SPDX-License-Identifier: Apache-2.0
"""A calibration set as the API shows it: dynamic architecture, quality metrics, raw observations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid5

from iqm_mock_server.clock import timestamp
from iqm_mock_server.simulator.noise import readout_errors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from iqm_mock_server.machines import CalibrationFigures, Coherence, Machine

Observed = tuple[str, float, str]
"""Name (`dut_field`), value and unit of one observation."""

_FIDELITY_METHODS = {"prx": "rb", "measure": "ssro"}
"""How a gate's fidelity is measured; interleaved benchmarking (irb) unless listed."""

_UNREPEATED_SHARE = 0.8
"""Share of the readout error that a second readout shows again. This project's own figure, as are the
frequencies: real documents have such values, the simulation does not need them."""

_LOWEST_FREQUENCY = 4.1e9
_BAND_DISTANCE = 4e8
_BAND_WIDTH = 2e8


def dynamic_architecture(machine: Machine, figures: CalibrationFigures) -> dict[str, Any]:
    """Return the dynamic quantum architecture: which gates are calibrated where."""
    return {
        "calibration_set_id": str(figures.id),
        "qubits": list(machine.qubits),
        "computational_resonators": list(machine.computational_resonators),
        "gates": {
            name: {
                "implementations": {gate.implementation: {"loci": [list(at.locus) for at in gate.loci]}},
                "default_implementation": gate.implementation,
                "override_default_implementation": {},
            }
            for name, gate in figures.gates.items()
        },
    }


def quality_metrics(machine: Machine, figures: CalibrationFigures) -> dict[str, Any]:
    """Return the quality metric set: coherence times and fidelities."""
    return _observation_set(
        machine,
        figures,
        set_id=uuid5(figures.id, "quality-metric-set"),
        set_type="quality-metric-set",
        describes=figures.id,
        observed=list(_metrics(machine, figures)),
    )


def calibration_set(machine: Machine, figures: CalibrationFigures) -> dict[str, Any]:
    """Return the calibration set itself: gate durations and drive frequencies."""
    return _observation_set(
        machine,
        figures,
        set_id=figures.id,
        set_type="calibration-set",
        describes=None,
        observed=list(_calibrated(machine, figures)),
    )


def _metrics(machine: Machine, figures: CalibrationFigures) -> Iterator[Observed]:
    for component in machine.components:
        coherence = figures.coherence[component]
        yield f"characterization.model.{component}.t1_time", coherence.t1, "s"
        yield f"characterization.model.{component}.t2_time", coherence.t2, "s"
        yield f"characterization.model.{component}.t2_echo_time", _echo_time(coherence), "s"
    for name, gate in figures.gates.items():
        method = _FIDELITY_METHODS.get(name, "irb")
        for at in gate.loci:
            if at.fidelity is None:
                continue
            prefix = f"metrics.{method}.{name}.{gate.implementation}.{'__'.join(at.locus)}"
            if name == "measure":
                zero_to_one, one_to_zero = readout_errors(figures, at.fidelity)
                yield f"{prefix}.fidelity", at.fidelity, ""
                yield f"{prefix}.error_0_to_1", zero_to_one, ""
                yield f"{prefix}.error_1_to_0", one_to_zero, ""
                repeatability = 1 - _UNREPEATED_SHARE * (1 - at.fidelity)
                locus = "__".join(at.locus)
                yield f"metrics.qndness.{name}.{gate.implementation}.{locus}.repeatability", repeatability, ""
            else:
                yield f"{prefix}.fidelity:par=d2", at.fidelity, ""


def _echo_time(coherence: Coherence) -> float:
    """Return the coherence time under an echo, which takes out the slow half of the dephasing."""
    damping = 1 / (2 * coherence.t1)
    return 1 / (damping + (1 / coherence.t2 - damping) / 2)


def _calibrated(machine: Machine, figures: CalibrationFigures) -> Iterator[Observed]:
    for index, name in enumerate(machine.qubits):
        # Neighbours must differ: two bands, spread by the golden ratio.
        band = _LOWEST_FREQUENCY + (index % 2) * _BAND_DISTANCE
        yield f"controllers.{name}.drive.frequency", band + _BAND_WIDTH * (index * 0.618034 % 1), "Hz"
    yield from _durations(figures)


def _durations(figures: CalibrationFigures) -> Iterator[Observed]:
    for name, gate in figures.gates.items():
        for at in gate.loci:
            field = f"gates.{name}.{gate.implementation}.{'__'.join(at.locus)}.duration"
            yield field, figures.duration_at(name, at.locus), "s"


def _observation_set(
    machine: Machine,
    figures: CalibrationFigures,
    *,
    set_id: UUID,
    set_type: str,
    describes: UUID | None,
    observed: list[Observed],
) -> dict[str, Any]:
    created = timestamp(figures.created_utc)
    return {
        "observation_set_id": str(set_id),
        "observation_set_type": set_type,
        "describes_id": None if describes is None else str(describes),
        "dut_label": machine.dut_label,
        "invalid": False,
        "created_timestamp": created,
        "end_timestamp": created,
        "calibration_set": None,
        "observation_ids": None,
        "observations": [
            {
                "observation_id": index,
                "dut_field": field,
                "value": value,
                "unit": unit,
                "uncertainty": None,
                "invalid": False,
                "created_timestamp": created,
                "modified_timestamp": created,
            }
            for index, (field, value, unit) in enumerate(observed, start=1)
        ],
    }
