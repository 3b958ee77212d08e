# SPDX-License-Identifier: Apache-2.0
"""The vendor's `IQMClient` against the mock server: what it reads of the server and its machines."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from exa.common.errors.iqm_error import NotFoundError
from iqm.iqm_client import IQMClient
from iqm.qiskit_iqm import IQMFakeAdonis, IQMFakeDeneb
from iqm.qiskit_iqm.fake_backends.fake_garnet import IQMFakeGarnet
from iqm.station_control.client.qon import QON

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MACHINES = ("garnet", "emerald", "adonis", "deneb")

Connect = Any
"""Gives an `IQMClient` for a machine."""


@pytest.fixture
def connect(ideal_server: str) -> Connect:
    return lambda machine: IQMClient.from_url(ideal_server, quantum_computer=machine)


def test_about_tells_of_the_server_and_of_the_machines_software(client: IQMClient) -> None:
    about = client.get_about()
    assert about["simulated"] is True
    assert about["about_station"]["software_versions"].keys() == {"iqm-mock-server"}


def test_a_machine_is_healthy(client: IQMClient) -> None:
    assert client.get_health()["healthy"] is True


def test_a_server_with_one_machine_needs_no_choice(run: Callable[..., Any]) -> None:
    with run("--machine", "garnet") as url:
        assert IQMClient.from_url(url).quantum_computer_name == "garnet"


def test_an_alias_may_contain_a_colon(connect: Connect) -> None:
    client = connect("garnet:mock")
    assert client.quantum_computer_name == "garnet:mock"
    assert len(client.get_static_quantum_architecture().qubits) == 20


@pytest.mark.parametrize(
    ("machine", "fake"),
    [("adonis", IQMFakeAdonis), ("garnet", IQMFakeGarnet), ("deneb", IQMFakeDeneb)],
)
def test_a_machines_lattice_is_that_of_the_clients_fake_backend(
    connect: Connect, machine: str, fake: Callable[[], Any]
) -> None:
    def edges(pairs: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
        return {frozenset(pair) for pair in pairs}

    static = connect(machine).get_static_quantum_architecture()
    dynamic = fake().architecture
    assert list(static.qubits) == list(dynamic.qubits)
    assert list(static.computational_resonators) == list(dynamic.computational_resonators)
    assert edges(static.connectivity) == edges(dynamic.gates["cz"].loci)


@pytest.mark.parametrize("machine", MACHINES)
def test_what_is_calibrated_is_part_of_the_static_architecture(connect: Connect, machine: str) -> None:
    client = connect(machine)
    static, dynamic = client.get_static_quantum_architecture(), client.get_dynamic_quantum_architecture()
    assert dynamic.qubits == static.qubits
    assert dynamic.computational_resonators == static.computational_resonators
    couplers = {frozenset(pair) for pair in static.connectivity}
    assert {frozenset(locus) for locus in dynamic.gates["cz"].loci} <= couplers
    assert len(dynamic.gates["cz"].loci) >= 0.9 * len(couplers)
    for gate in ("prx", "measure"):
        assert {locus for (locus,) in dynamic.gates[gate].loci} == set(static.qubits)
    assert client.get_dynamic_quantum_architecture(dynamic.calibration_set_id) == dynamic


@pytest.mark.parametrize("machine", MACHINES)
def test_the_calibration_set_and_its_metrics_belong_together(connect: Connect, machine: str) -> None:
    client = connect(machine)
    default = client.get_dynamic_quantum_architecture().calibration_set_id
    calibration, metrics = client.get_calibration_set(), client.get_quality_metric_set()
    assert calibration.observation_set_type == "calibration-set"
    assert calibration.observation_set_id == default
    assert metrics.observation_set_type == "quality-metric-set"
    assert metrics.describes_id == default
    assert client.get_calibration_set(default) == calibration
    assert client.get_quality_metric_set(default) == metrics
    assert all(each.created_timestamp.tzinfo is not None for each in metrics.observations)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_client_understands_the_name_of_every_observation(connect: Connect, machine: str) -> None:
    client = connect(machine)
    observations = [
        *client.get_calibration_set().observations,
        *client.get_quality_metric_set().observations,
    ]
    for observation in observations:
        assert str(QON.from_str(observation.dut_field)) == observation.dut_field
    assert len({observation.dut_field for observation in observations}) == len(observations)


@pytest.mark.parametrize("machine", MACHINES)
def test_the_client_finds_the_figures_of_each_gate_and_component(connect: Connect, machine: str) -> None:
    client = connect(machine)
    architecture = client.get_dynamic_quantum_architecture()
    found = client.get_calibration_quality_metrics()
    components = [*architecture.qubits, *architecture.computational_resonators]
    t1, t2 = found.get_coherence_times(components)
    assert t1.keys() == t2.keys() == set(components)
    assert all(1e-6 < t1[name] < 1e-3 and 0 < t2[name] <= 2 * t1[name] for name in components)
    for gate in {"prx", "cz", "move", "measure"} & architecture.gates.keys():
        implementation = architecture.gates[gate].default_implementation
        for locus in architecture.gates[gate].loci:
            assert 0.8 < found.get_gate_fidelity(gate, implementation, locus) < 1
            assert 1e-9 < found.get_gate_duration(gate, implementation, locus) < 1e-4
    readout = architecture.gates["measure"].default_implementation
    for qubit in architecture.qubits:
        assert all(0 < error < 0.2 for error in found.get_measure_errors("measure", readout, (qubit,)))
        assert 0.8 < found.get_measure_repeatability("measure", readout, (qubit,)) < 1
        assert 3e9 < found.get_qubit_frequency(qubit) < 8e9


@pytest.mark.parametrize(
    "document", ["get_calibration_set", "get_quality_metric_set", "get_dynamic_quantum_architecture"]
)
def test_a_calibration_set_that_never_was_is_not_found(client: IQMClient, document: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        getattr(client, document)(uuid.uuid4())
    assert caught.value.error_code == "calibration_set_not_found"
