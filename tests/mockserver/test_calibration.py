# SPDX-License-Identifier: Apache-2.0
"""Calibration figures: how they drift, what a script may make of them, and the documents about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from iqm_mock_server.calibration import calibration_set, dynamic_architecture, quality_metrics
from iqm_mock_server.calibration.drift import drifted
from iqm_mock_server.calibration.script import Script, apply
from iqm_mock_server.machines import builtin_machines, load_machine
from iqm_mock_server.simulator.noise import check_figures

if TYPE_CHECKING:
    from iqm_mock_server.machines import CalibrationFigures

MACHINES = builtin_machines()
METHODS = {"prx": "rb", "measure": "ssro", "cz": "irb", "move": "irb"}


def scripted(figures: CalibrationFigures, **script: Any) -> CalibrationFigures:  # noqa: ANN401 - as in JSON
    return apply(Script.model_validate(script), figures)


def values(document: dict[str, Any]) -> dict[str, float]:
    found = {each["dut_field"]: each["value"] for each in document["observations"]}
    assert len(found) == len(document["observations"])
    return found


@pytest.mark.parametrize("machine", MACHINES)
def test_drift_stays_plausible_for_ever(machine: str) -> None:
    first = load_machine(machine).calibration
    random = np.random.default_rng(3)
    figures = first
    for _ in range(20):
        figures = drifted(figures, first, random)
        check_figures(figures)
        for name, coherence in figures.coherence.items():
            assert 0.74 < coherence.t1 / first.coherence[name].t1 < 1.34
        for at in figures.gates["cz"].loci:
            home = first.at("cz", at.locus)
            assert home is not None
            assert home.fidelity is not None
            assert at.fidelity is not None
            assert at.fidelity > 1 - 2 * (1 - home.fidelity)
    assert figures.coherence != first.coherence


def test_what_one_calibration_lost_the_next_one_finds_again() -> None:
    first = load_machine("garnet").calibration
    gates = [
        {"gate": "cz", "locus": ["QB1", "QB2"], "missing": True},
        {"gate": "cz", "locus": ["QB4", "QB5"], "fidelity": 0.6, "duration": 1e-6},
    ]
    ruined = scripted(first, gates=gates)
    assert ruined.at("cz", ("QB1", "QB2")) is None
    again = drifted(ruined, first, np.random.default_rng(1))
    for locus in (("QB1", "QB2"), ("QB4", "QB5")):
        found = again.at("cz", locus)
        assert found is not None
        assert found.fidelity is not None
        assert found.fidelity > 0.95
        assert again.duration_at("cz", locus) == first.duration_at("cz", locus)
    assert [at.locus for at in again.gates["cz"].loci] == [at.locus for at in first.gates["cz"].loci]


def test_figures_of_a_very_bad_machine_drift_no_further_than_figures_can() -> None:
    first = load_machine("adonis").calibration
    gates = [{"gate": name, "locus": ["QB1"], "fidelity": 0.55} for name in ("prx", "measure")]
    first = scripted(first, gates=[*gates, {"gate": "cz", "locus": ["QB1", "QB3"], "fidelity": 0.3}])
    figures = first
    random = np.random.default_rng(2)
    for _ in range(50):
        figures = drifted(figures, first, random)
        check_figures(figures)


@pytest.mark.parametrize("t1", [1e-9, 1e-12, 1e-300])
def test_gates_of_a_qubit_that_remembers_nothing_are_pure_chance(t1: float) -> None:
    first = load_machine("garnet").calibration
    figures = scripted(first, coherence={"QB1": {"t1": t1, "t2": t1}})
    check_figures(figures)
    found = figures.at("prx", ("QB1",))
    assert found is not None
    assert found.fidelity == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ({"coherence": {"QB99": {"t1": 1e-5}}}, "no component 'QB99'"),
        ({"gates": [{"gate": "swap", "locus": ["QB1"], "missing": True}]}, "no gate 'swap'"),
        ({"gates": [{"gate": "cz", "locus": ["QB1", "QB20"], "fidelity": 0.9}]}, "not calibrated at"),
        ({"coherence": {"QB1": {"t1": 1e-8}}}, "longer than 2 t1"),
        ({"gates": [{"gate": "cz", "locus": ["QB1", "QB2"], "fidelity": 1.0}]}, "contradicts"),
        ({"gates": [{"gate": "cz", "locus": ["QB1", "QB2"], "fidelity": 0.2}]}, "below 0.25"),
        ({"gates": [{"gate": "prx", "locus": ["QB1"], "fidelity": 0.4}]}, "below 0.5"),
        ({"gates": [{"gate": "measure", "locus": ["QB1"], "fidelity": 0.05}]}, "readout error above 1"),
        (
            {"gates": [{"gate": "prx", "locus": ["QB1"], "fidelity": 0.9, "missing": True}]},
            "missing has no figures",
        ),
    ],
)
def test_a_script_that_does_not_suit_the_machine_is_refused(script: dict[str, Any], reason: str) -> None:
    figures = load_machine("garnet").calibration
    with pytest.raises(ValueError, match=reason):
        check_figures(apply(Script.model_validate(script), figures))


@pytest.mark.parametrize("name", MACHINES)
def test_the_metrics_of_a_machine_are_complete(name: str) -> None:
    machine = load_machine(name)
    figures = machine.calibration
    expected = {
        f"characterization.model.{component}.{kind}_time"
        for component in machine.components
        for kind in ("t1", "t2", "t2_echo")
    }
    for gate, method in METHODS.items():
        for at in figures.gates[gate].loci if gate in figures.gates else ():
            where = f"{gate}.{figures.gates[gate].implementation}.{'__'.join(at.locus)}"
            if gate == "measure":
                kinds = ("fidelity", "error_0_to_1", "error_1_to_0")
                expected |= {f"metrics.ssro.{where}.{kind}" for kind in kinds}
                expected.add(f"metrics.qndness.{where}.repeatability")
            else:
                expected.add(f"metrics.{method}.{where}.fidelity:par=d2")
    found = values(quality_metrics(machine, figures))
    assert found.keys() == expected
    for component in machine.components:
        t1, t2, echo = (
            found[f"characterization.model.{component}.{kind}_time"] for kind in ("t1", "t2", "t2_echo")
        )
        assert t2 <= echo <= 2 * t1 * (1 + 1e-12)
    assert all(0 <= value <= 1 for field, value in found.items() if field.startswith("metrics."))


@pytest.mark.parametrize("name", MACHINES)
def test_the_calibration_set_of_a_machine_is_complete(name: str) -> None:
    machine = load_machine(name)
    found = values(calibration_set(machine, machine.calibration))
    frequencies = {qubit: found.pop(f"controllers.{qubit}.drive.frequency") for qubit in machine.qubits}
    assert len(set(frequencies.values())) == len(machine.qubits)
    architecture = dynamic_architecture(machine, machine.calibration)
    assert found.keys() == {
        f"gates.{gate}.{implementation}.{'__'.join(locus)}.duration"
        for gate, each in architecture["gates"].items()
        for implementation, place in each["implementations"].items()
        for locus in place["loci"]
    }
    assert all(0 < value < 1e-4 for value in found.values())
