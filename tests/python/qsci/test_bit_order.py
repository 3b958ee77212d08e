# SPDX-License-Identifier: Apache-2.0
"""Counts are in the order of the logical qubits, wherever a device puts those."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pytest
from qiskit import QuantumCircuit
from qiskit.quantum_info import Statevector

import qdmikit
from qdmikit.qsci import decode, encode, postprocess, sample
from qdmikit.qsci.selection import post_select

if TYPE_CHECKING:
    from collections.abc import Callable

    from iqm_mock_server import MockServer
    from qdmikit.qsci import Ansatz, Problem
    from qdmikit.qsci.encoding import Configurations

DDSIM = "mqt.ddsim.default"
PLACES = ["exact", "aer", DDSIM, pytest.param("garnet", marks=pytest.mark.iqm_mock_server(ideal=True))]


@pytest.fixture(params=PLACES)
def somewhere(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the arguments for sampling on a simulator, or on a 20-qubit computer without noise."""
    if request.param != "garnet":
        return {"simulator": request.param, "seed": 5}
    server: MockServer = request.getfixturevalue("iqm_mock_server")
    session = {"base_url": server.url}
    return {"simulator": False, "device": "qdmikit.iqm", "session": session, "seed": 5}


def test_an_asymmetric_determinant_comes_back_as_it_was_prepared(
    problem: Callable[[str], Problem], somewhere: dict[str, Any]
) -> None:
    molecule = problem("LiH")
    alpha, beta = 0b00010, 0b10000
    circuit = QuantumCircuit(10)
    circuit.x([1, 5 + 4])
    assert sample(circuit, 50, **somewhere).counts == {encode(alpha, beta, molecule): 50}
    [found] = zip(*vars(decode({"1000000010": 50}, molecule)).values(), strict=True)
    assert tuple(map(int, found)) == (alpha, beta, 50)


def test_the_hartree_fock_circuit_of_an_asymmetric_molecule_gives_its_energy(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], somewhere: dict[str, Any]
) -> None:
    molecule = problem("LiH")
    measured = sample(ansatz("LiH", "hf", "jordan_wigner").circuit, 50, **somewhere)
    result = postprocess(measured.counts, molecule)
    assert result.dimension == 1
    assert result.e_qsci == pytest.approx(molecule.e_hf, abs=1e-8)


def test_entangling_and_routing_do_not_change_the_order(
    problem: Callable[[str], Problem], ansatz: Callable[..., Ansatz], somewhere: dict[str, Any]
) -> None:
    molecule = problem("LiH")
    trial = ansatz("LiH", "uccsd", "jordan_wigner")
    # Far from Hartree-Fock, so that the distribution is a broad one.
    circuit = trial.circuit.assign_parameters(np.linspace(0.3, 0.9, len(trial.initial_point)))
    measured = sample(circuit, 4000, **somewhere)
    kept, fraction = post_select(decode(measured.counts, molecule), molecule)
    assert fraction == 1.0
    expected = Statevector(circuit).probabilities_dict()
    wanted = decode({bits: 1 for bits, chance in expected.items() if chance > 1e-12}, molecule)
    assert {*pairs(kept)} <= {*pairs(wanted)}
    for bits, chance in expected.items():
        # Five standard deviations of the number of shots, and one for rounding.
        allowed = 5 * np.sqrt(4000 * chance * (1 - chance)) + 1
        assert measured.counts.get(bits, 0) == pytest.approx(4000 * chance, abs=allowed)


def pairs(configurations: Configurations) -> list[tuple[int, int]]:
    return [
        (int(alpha), int(beta)) for alpha, beta in zip(configurations.alpha, configurations.beta, strict=True)
    ]


@pytest.mark.parametrize("name", ["H2", "LiH", "H2O"])
@pytest.mark.parametrize("mapper", ["jordan_wigner", "parity"])
def test_every_determinant_survives_encoding_and_decoding(
    problem: Callable[[str], Problem],
    every_determinant: Callable[[Problem], Configurations],
    name: str,
    mapper: Literal["jordan_wigner", "parity"],
) -> None:
    molecule = problem(name)
    everything = pairs(every_determinant(molecule))
    texts = {encode(alpha, beta, molecule, mapper): 1 for alpha, beta in everything}
    assert len(texts) == len(everything)
    assert pairs(decode(texts, molecule, mapper)) == everything


def test_bitstrings_of_another_length_are_refused(problem: Callable[[str], Problem]) -> None:
    with pytest.raises(qdmikit.InvalidArgument, match=r"'0101' has 4 bits, .* has 10"):
        decode({"0101": 1}, problem("LiH"))


def test_circuits_that_cannot_be_sampled_are_refused(ansatz: Callable[..., Ansatz]) -> None:
    free = ansatz("H2", "uccsd", "jordan_wigner").circuit
    with pytest.raises(qdmikit.InvalidArgument, match="1 free parameters"):
        sample(free)
    with pytest.raises(qdmikit.InvalidArgument, match="classical bits"):
        sample(free.assign_parameters([0.0]).measure_all(inplace=False))
    with pytest.raises(qdmikit.InvalidArgument, match="at least 1"):
        sample(free.assign_parameters([0.0]), 0)
