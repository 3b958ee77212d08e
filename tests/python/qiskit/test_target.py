# SPDX-License-Identifier: Apache-2.0
"""What Qiskit learns about a device."""

from collections.abc import Callable

import pytest
from qiskit import QuantumCircuit, transpile
from qiskit.circuit.library import RGate

import qdmikit
from qdmikit.qiskit import QDMIBackend, UnsupportedDeviceError

MEASURE = {"name": "measure", "numQubits": 1, "numParameters": 0, "duration": 500, "fidelity": 0.98}
CZ = {"name": "cz", "numQubits": 2, "numParameters": 0}
PRX = {"name": "prx", "numQubits": 1, "numParameters": 2, "duration": 20, "fidelity": 0.999}

DescribedDevice = Callable[..., qdmikit.Device]


def test_gates_carry_durations_in_seconds_and_errors(described_device: DescribedDevice) -> None:
    cz = CZ | {"siteOverrides": [{"sites": [0, 1], "duration": 180, "fidelity": 0.995}]}
    target = QDMIBackend(described_device([PRX, cz, MEASURE])).target
    assert target["r"][2,].duration == pytest.approx(20e-9)
    assert target["r"][2,].error == pytest.approx(0.001)
    assert target["cz"][0, 1].duration == pytest.approx(180e-9)
    assert target["cz"][0, 1].error == pytest.approx(0.005)
    assert target["measure"][0,].error == pytest.approx(0.02)


def test_qubits_carry_coherence_times_in_seconds(described_device: DescribedDevice) -> None:
    properties = {"defaults": {"t1": 40_000, "t2": 25_000}, "overrides": [{"qubit": 1, "t1": 33_333}]}
    target = QDMIBackend(described_device([PRX, CZ, MEASURE], qubitProperties=properties)).target
    assert [qubit.t1 for qubit in target.qubit_properties] == pytest.approx([40e-6, 33.333e-6, 40e-6])
    assert [qubit.t2 for qubit in target.qubit_properties] == pytest.approx([25e-6] * 3)


def test_a_device_without_coherence_times_has_no_qubit_properties(simulator: QDMIBackend) -> None:
    assert simulator.target.qubit_properties is None


def test_a_gate_is_known_by_the_device_s_own_name_too(described_device: DescribedDevice) -> None:
    backend = QDMIBackend(described_device([PRX, CZ, MEASURE]))
    assert isinstance(backend.target.operation_from_name("r"), RGate)
    assert backend.native_names["r"] == "prx"


def test_only_the_listed_loci_are_offered(described_device: DescribedDevice) -> None:
    backend = QDMIBackend(described_device([PRX, CZ | {"sites": [[1, 2]]}, MEASURE]))
    assert set(backend.target["cz"]) == {(1, 2)}


def test_unmappable_operations_are_left_out_with_one_warning(described_device: DescribedDevice) -> None:
    wobble = {"name": "wobble", "numQubits": 1, "numParameters": 0}
    wrong_x = {"name": "x", "numQubits": 1, "numParameters": 1}
    with pytest.warns(UserWarning, match=r"cannot use the operation\(s\) wobble, x") as warned:
        backend = QDMIBackend(described_device([PRX, CZ, MEASURE, wobble, wrong_x]))
    assert len(warned) == 1
    assert sorted(backend.target.operation_names) == ["cz", "measure", "r"]


def test_reset_delay_and_conditions_are_there_where_the_device_offers_them(
    described_device: DescribedDevice,
) -> None:
    offered = [
        {"name": "reset", "numQubits": 1, "numParameters": 0, "duration": 1000, "fidelity": 0.99},
        {"name": "delay", "numQubits": 1, "numParameters": 1},
    ]
    plain = QDMIBackend(described_device([PRX, CZ, MEASURE]))
    assert {"reset", "delay", "if_else"}.isdisjoint(plain.target.operation_names)
    device = described_device([PRX, CZ, MEASURE, *offered])
    condition = Altered(device.operation("reset"), name="if_else", qubits_num=None, sites=None)
    backend = QDMIBackend(Altered(device, operations=[*device.operations, condition]))  # type: ignore[arg-type]
    assert {"reset", "delay", "if_else"} <= set(backend.target.operation_names)
    assert backend.target["reset"][1,].error == pytest.approx(0.01)
    circuit = QuantumCircuit(2, 2)
    circuit.x(0)
    circuit.delay(100, 0, "ns")
    circuit.measure(0, 0)
    circuit.reset(0)
    with circuit.if_test((0, 1)):
        circuit.x(1)
    circuit.measure(1, 1)
    native = transpile(circuit, backend, seed_transpiler=1)
    assert {"delay", "reset", "if_else"} <= set(native.count_ops())


class Altered:
    """A real device, or an operation of one, some of whose answers are replaced."""

    def __init__(self, original: object, **answers: object) -> None:
        self._original = original
        self._answers = answers

    def __getattr__(self, name: str) -> object:
        return self._answers[name] if name in self._answers else getattr(self._original, name)


def test_sites_beyond_the_qubits_are_no_qubits(described_device: DescribedDevice) -> None:
    star = Altered(described_device([PRX, CZ, MEASURE]), qubits_num=2)
    target = QDMIBackend(star).target  # type: ignore[arg-type]
    assert target.num_qubits == 2
    assert set(target["cz"]) == {(0, 1)}
    assert set(target["r"]) == {(0,), (1,)}


def test_an_operation_between_other_sites_only_is_left_out(described_device: DescribedDevice) -> None:
    star = Altered(described_device([PRX, CZ | {"sites": [[1, 2]]}, MEASURE]), qubits_num=2)
    with pytest.warns(UserWarning, match=r"cannot use the operation\(s\) cz"):
        target = QDMIBackend(star).target  # type: ignore[arg-type]
    assert "cz" not in target.operation_names


def test_one_qubit_operations_without_sites_act_on_every_qubit(described_device: DescribedDevice) -> None:
    device = described_device([PRX, CZ, MEASURE])
    silent = Altered(
        device, operations=[Altered(device.operation("prx"), sites=None), device.operation("measure")]
    )
    target = QDMIBackend(silent).target  # type: ignore[arg-type]
    assert target["r"][1,].error == pytest.approx(0.001)
    assert set(target["r"]) == {(0,), (1,), (2,)}


def test_two_qubit_operations_must_list_their_sites_on_a_coupled_device(
    described_device: DescribedDevice,
) -> None:
    device = described_device([PRX, CZ, MEASURE])
    silent = Altered(device, operations=[Altered(device.operation("cz"), sites=None)])
    with pytest.raises(
        UnsupportedDeviceError, match="does not say on which sites its operation 'cz' on 2 qubits"
    ):
        QDMIBackend(silent)  # type: ignore[arg-type]


def test_a_missing_measurement_is_warned_about(described_device: DescribedDevice) -> None:
    with pytest.warns(UserWarning, match="'described' lists no measure operation"):
        QDMIBackend(described_device([PRX, CZ]))


def test_an_unconstrained_device_has_no_coupling_map(simulator: QDMIBackend) -> None:
    assert simulator.coupling_map is None
    assert simulator.num_qubits == simulator.device.qubits_num
    assert {"h", "cx", "u", "mcx", "if_else", "measure", "reset"} <= set(simulator.operation_names)


def test_transpiling_for_an_unconstrained_device_keeps_the_circuit_s_width(simulator: QDMIBackend) -> None:
    circuit = QuantumCircuit(3)
    circuit.h(0)
    circuit.mcx([0, 1], 2)
    circuit.measure_all()
    assert transpile(circuit, simulator).num_qubits == 3


def test_the_target_repeats_what_the_device_says(garnet: QDMIBackend) -> None:
    device, target = garnet.device, garnet.target
    assert target.num_qubits == device.qubits_num == 20
    qubit_of = {site: qubit for qubit, site in enumerate(device.sites)}
    for qiskit_name, name in garnet.native_names.items():
        operation = device.operation(name)
        loci = {tuple(qubit_of[site] for site in locus): locus for locus in operation.sites or ()}
        assert set(target[qiskit_name]) == set(loci)
        for qubits, locus in loci.items():
            fidelity = operation.fidelity(*locus)
            assert fidelity is not None
            assert target[qiskit_name][qubits].error == pytest.approx(1 - fidelity)
    assert [(qubit.t1, qubit.t2) for qubit in target.qubit_properties] == [
        (site.t1, site.t2) for site in device.sites
    ]
    assert set(target.operation_names) >= {"r", "cz", "measure"}


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_transpiled_circuits_stay_on_the_device_s_loci(garnet: QDMIBackend, level: int) -> None:
    circuit = QuantumCircuit(5)
    circuit.h(0)
    for qubit in range(1, 5):
        circuit.cx(0, qubit)
    circuit.measure_all()
    native = transpile(circuit, garnet, optimization_level=level, seed_transpiler=1)
    for instruction in native.data:
        qubits = tuple(native.find_bit(qubit).index for qubit in instruction.qubits)
        assert instruction.name == "barrier" or garnet.target.instruction_supported(instruction.name, qubits)
