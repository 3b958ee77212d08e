# SPDX-License-Identifier: Apache-2.0
"""The built-in machines, and machine files of one's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from iqm_mock_server import serve
from iqm_mock_server.machines import builtin_machines, load_machine, load_machines
from iqm_mock_server.simulator.noise import check_figures

if TYPE_CHECKING:
    from pathlib import Path

    from tests.mockserver.conftest import Api, Circuits, Connect


def test_four_machines_are_built_in() -> None:
    assert builtin_machines() == ["adonis", "deneb", "emerald", "garnet"]


@pytest.mark.parametrize(
    ("name", "qubits", "resonators", "couplings", "most_neighbours"),
    [("garnet", 20, 0, 30, 4), ("emerald", 54, 0, 90, 4), ("adonis", 5, 0, 4, 4), ("deneb", 6, 1, 6, 6)],
)
def test_a_machine_has_its_shape(
    name: str, qubits: int, resonators: int, couplings: int, most_neighbours: int
) -> None:
    machine = load_machine(name)
    assert len(machine.qubits) == qubits
    assert len(machine.computational_resonators) == resonators
    assert len({frozenset(pair) for pair in machine.connectivity}) == couplings
    ends = [component for pair in machine.connectivity for component in pair]
    assert max(ends.count(component) for component in machine.components) == most_neighbours


@pytest.mark.parametrize("name", builtin_machines())
def test_figures_agree_with_each_other_and_say_where_they_come_from(name: str) -> None:
    machine = load_machine(name)
    check_figures(machine.calibration)
    assert "this project's own choice" in machine.source
    couplings = {frozenset(pair) for pair in machine.connectivity}
    for gate in machine.calibration.gates.values():
        for at in gate.loci:
            assert len(at.locus) == 1 or frozenset(at.locus) in couplings


@pytest.mark.parametrize("name", builtin_machines())
def test_a_bell_pair_comes_out_on_every_machine(
    name: str, connect: Connect, circuits: type[Circuits]
) -> None:
    machine = load_machine(name)
    first, second = machine.calibration.gates["cz"].loci[0].locus
    if second in machine.computational_resonators:
        other = machine.qubits[1]
        coupling = [
            circuits.gate("move", first, second),
            circuits.gate("cz", other, second),
            circuits.gate("move", first, second),
        ]
        second = other
    else:
        coupling = [circuits.gate("cz", first, second)]
    program = [
        circuits.y90(first),
        circuits.y90(second, -1),
        *coupling,
        circuits.y90(second),
        circuits.measure(first, second),
    ]
    with serve(machine=name, ideal=True) as server:
        api = connect(server)
        body = {"circuits": [{"name": "bell", "instructions": program}], "shots": 400}
        job = api.post(f"/api/v1/jobs/{name}/circuit", body).json["id"]
        assert api.ended(job)["status"] == "completed"
        [entry] = api.artifact(job, "measurement_counts")
    assert entry["counts"].keys() == {"00", "11"}
    assert min(entry["counts"].values()) > 140


def test_several_machines_have_queues_of_their_own(connect: Connect, circuits: type[Circuits]) -> None:
    with serve(machine=["garnet", "deneb", "garnet:mock"], ideal=True) as server:
        api = connect(server)
        listed = api.get("/api/v1/quantum-computers").json["quantum_computers"]
        assert [each["alias"] for each in listed] == ["garnet", "deneb", "garnet:mock"]
        assert len({each["id"] for each in listed}) == 3
        for each in listed:
            body = {"circuits": [{"name": "c", "instructions": [circuits.measure("QB1")]}], "shots": 3}
            reply = api.post(f"/api/v1/jobs/{each['alias']}/circuit", body)
            assert reply.json["qc"]["id"] == each["id"]
            assert api.ended(reply.json["id"])["status"] == "completed"


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["garnet", "garnet"], "same alias garnet"),
        (["garnet:"], "cannot be an alias"),
        (["garnet:Mock_1"], "cannot be an alias"),
        (["nope:mock"], "unknown machine"),
        ([], None),
    ],
)
def test_machines_that_cannot_be_served_are_refused(names: list[str], reason: str | None) -> None:
    if reason is None:
        assert load_machines(names) == []
        return
    with pytest.raises(ValueError, match=reason):
        load_machines(names)


@pytest.mark.parametrize(
    ("gate", "locus", "reason"),
    [
        ("move", {"locus": ["QB1", "CR1"]}, "gate move has no fidelity"),
        ("move", {"locus": ["CR1", "QB1"], "fidelity": 0.9}, "gate move cannot act on"),
        ("move", {"locus": ["QB1", "QB2"], "fidelity": 0.9}, "gate move cannot act on"),
        ("cz", {"locus": ["CR1", "QB1"], "fidelity": 0.9}, "gate cz cannot act on"),
        ("cz", {"locus": ["QB1"], "fidelity": 0.9}, "gate cz cannot act on"),
        ("cz", {"locus": ["QB1", "QB2"], "fidelity": 0.9}, "connectivity does not have"),
        ("cz", {"locus": ["QB2", "CR1"], "fidelity": 0.9}, "gate cz has a locus twice"),
        ("prx", {"locus": ["CR1"], "fidelity": 0.9}, "gate prx cannot act on"),
        ("measure", {"locus": ["CR1"], "fidelity": 0.9}, "gate measure cannot act on"),
        ("measure", {"locus": ["QB1", "QB2"], "fidelity": 0.9}, "gate measure cannot act on"),
    ],
)
def test_a_file_whose_gates_cannot_be_there_is_refused(
    tmp_path: Path, gate: str, locus: dict[str, Any], reason: str
) -> None:
    document: dict[str, Any] = json.loads(load_machine("deneb").model_dump_json())
    document["calibration"]["gates"][gate]["loci"][0] = locus
    path = tmp_path / "mine.json"
    path.write_text(json.dumps(document))
    with pytest.raises(ValueError, match=reason):
        load_machine(str(path))


@pytest.mark.parametrize("name", ["Q.1", "Q__1", "Q 1", "Q,1", ""])
def test_a_name_that_an_observation_cannot_carry_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(load_machine("adonis").model_dump_json().replace('"QB2"', json.dumps(name)))
    with pytest.raises(ValueError, match=r"qubits\.1: String should match"):
        load_machine(str(path))


@pytest.mark.iqm_mock_server(machine="emerald")
def test_a_coupler_that_is_not_calibrated_takes_no_gate(api: Api, circuits: type[Circuits]) -> None:
    machine = load_machine("emerald")
    calibrated = {frozenset(at.locus) for at in machine.calibration.gates["cz"].loci}
    missing = next(pair for pair in machine.connectivity if frozenset(pair) not in calibrated)
    body = {"circuits": [{"name": "c", "instructions": [circuits.gate("cz", *missing)]}]}
    reply = api.post("/api/v1/jobs/emerald/circuit", body)
    assert reply.status == 400
    assert "not calibrated at locus" in reply.json["message"]
