# SPDX-License-Identifier: Apache-2.0
"""The parameterised state and the observable: Hartree-Fock, with UCCSD or LUCJ on top."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
from qiskit import QuantumCircuit, transpile

from qdmikit.errors import InvalidArgument
from qdmikit.qsci import encoding
from qdmikit.qsci._quiet import quiet
from qdmikit.qsci.errors import MissingLibrary

if TYPE_CHECKING:
    import numpy.typing as npt
    from qiskit.quantum_info import SparsePauliOp

    from qdmikit.qsci.encoding import Mapper
    from qdmikit.qsci.problem import Problem

AnsatzKind = Literal["uccsd", "lucj", "hf"]
_BASIS = ["rz", "sx", "x", "h", "cx"]
_SMALLEST = 1e-6

Excitation = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Ansatz:
    """A trial state over logical qubits, with what is to be measured in it.

    Parameters
    ----------
    kind
        ``uccsd``, ``lucj`` or ``hf``.
    mapper
        How qubits hold occupations.
    circuit
        In elementary gates, without measurements.
    initial_point
        Parameter values that coupled cluster suggests, shape (circuit.num_parameters,), in the order of
        ``circuit.parameters``.
    observable
        The energy in hartree, over the same qubits, the core's included.
    """

    kind: AnsatzKind
    mapper: Mapper
    circuit: QuantumCircuit
    initial_point: npt.NDArray[np.float64]
    observable: SparsePauliOp


def build_ansatz(
    problem: Problem,
    kind: AnsatzKind = "uccsd",
    *,
    mapper: Mapper = "jordan_wigner",
    prune: float = _SMALLEST,
) -> Ansatz:
    """Make the trial state of a problem.

    Parameters
    ----------
    problem
        Integrals and amplitudes.
    kind
        ``uccsd``: unitary coupled cluster with singles and doubles, one Trotter step, one parameter for each
        excitation. ``lucj``: one layer of the local unitary cluster Jastrow state from the doubles
        amplitudes, with few gates on a square lattice; it has no parameters. ``hf``: Hartree-Fock.
    mapper
        ``parity`` leaves out two qubits.
    prune
        Excitations with a smaller coupled-cluster amplitude are left out; 0 keeps all.

    Returns
    -------
    Ansatz
        With the coupled-cluster amplitudes as `initial_point`.

    Raises
    ------
    InvalidArgument
        If there is no such state, or none in that mapping.
    MissingLibrary
        If ``lucj`` is asked for without ffsim.
    """
    with quiet():
        return _built(problem, kind, mapper, prune)


def _built(problem: Problem, kind: AnsatzKind, mapper: Mapper, prune: float) -> Ansatz:
    observable = qubit_hamiltonian(problem, mapper)
    if kind == "hf":
        circuit, point = reference_circuit(problem, mapper), np.zeros(0)
    elif kind == "uccsd":
        circuit, point = _uccsd(problem, mapper, prune)
    elif kind == "lucj":
        if mapper != "jordan_wigner":
            raise InvalidArgument("LUCJ exists in the Jordan-Wigner mapping only. Remedy: leave mapper out")
        circuit, point = _lucj(problem), np.zeros(0)
    else:
        raise InvalidArgument(f"no ansatz is called {kind!r}. Remedy: give uccsd, lucj or hf")
    circuit.name = kind
    return Ansatz(kind, mapper, circuit, point, observable)


def qubit_hamiltonian(problem: Problem, mapper: Mapper = "jordan_wigner") -> SparsePauliOp:
    """Map the energy to qubits.

    Parameters
    ----------
    problem
        Integrals.
    mapper
        How qubits hold occupations.

    Returns
    -------
    SparsePauliOp
        Coefficients in hartree; the core's energy is with the identity.
    """
    from qiskit.quantum_info import SparsePauliOp
    from qiskit_nature.second_q.hamiltonians import ElectronicEnergy

    with quiet():
        energy = ElectronicEnergy.from_raw_integrals(problem.h1, problem.h2)
        mapped = _nature_mapper(problem, mapper).map(energy.second_q_op())
    core = SparsePauliOp("I" * mapped.num_qubits, problem.e_core)
    return cast("SparsePauliOp", (mapped + core).simplify(atol=1e-12))


def reference_circuit(problem: Problem, mapper: Mapper = "jordan_wigner") -> QuantumCircuit:
    """Prepare the Hartree-Fock determinant.

    Parameters
    ----------
    problem
        Orbitals and electrons.
    mapper
        How qubits hold occupations.
    """
    bits = encoding.encode(*problem.hartree_fock, problem, mapper)
    circuit = QuantumCircuit(len(bits), name="hf")
    for qubit, bit in enumerate(reversed(bits)):
        if bit == "1":
            circuit.x(qubit)
    return circuit


def _nature_mapper(problem: Problem, mapper: Mapper) -> Any:  # noqa: ANN401 - qiskit-nature ships no types
    from qiskit_nature.second_q.mappers import JordanWignerMapper, ParityMapper

    if mapper == "parity":
        return ParityMapper(num_particles=problem.num_electrons)
    if mapper == "jordan_wigner":
        return JordanWignerMapper()
    raise InvalidArgument(f"no mapper is called {mapper!r}. Remedy: give jordan_wigner or parity")


def _uccsd(problem: Problem, mapper: Mapper, prune: float) -> tuple[QuantumCircuit, npt.NDArray[np.float64]]:
    from qiskit_nature.second_q.circuit.library import UCC, UCCSD

    qubit_mapper = _nature_mapper(problem, mapper)
    orbitals, electrons = problem.num_orbitals, problem.num_electrons
    every = UCCSD(orbitals, electrons, qubit_mapper).excitation_list
    chosen = [excitation for excitation in every if abs(amplitude(problem, excitation)) >= prune]
    reference = reference_circuit(problem, mapper)
    if not chosen:
        return reference, np.zeros(0)
    cluster = UCC(orbitals, electrons, lambda **_: chosen, qubit_mapper, initial_state=reference)
    values = dict(zip(cluster.parameters, (amplitude(problem, each) for each in chosen), strict=True))
    # Blocks of evolution become elementary gates here, so that every program format can hold the circuit.
    plain = transpile(cluster, basis_gates=_BASIS, optimization_level=1, seed_transpiler=0)
    return plain, np.array([values[parameter] for parameter in plain.parameters])


def amplitude(problem: Problem, excitation: Excitation) -> float:
    """Return the value that coupled cluster suggests for the parameter of an excitation.

    Parameters
    ----------
    problem
        With amplitudes.
    excitation
        Emptied and filled spin orbitals, spin down after all of spin up, as qiskit-nature lists them.
    """
    orbitals = problem.num_orbitals
    occupied = problem.num_electrons[0]
    holes, particles = excitation
    spins = [place >= orbitals for place in holes]
    places = [place % orbitals for place in holes]
    virtuals = [place % orbitals - occupied for place in particles]
    if len(holes) == 1:
        # qiskit-nature's generator of singles has the opposite sign.
        return -float(problem.t1[places[0], virtuals[0]])
    i, j = places
    a, b = virtuals
    if spins[0] == spins[1]:
        return float(problem.t2[i, j, a, b] - problem.t2[i, j, b, a])
    if (particles[0] >= orbitals) != spins[0]:
        a, b = b, a
    return float(problem.t2[i, j, a, b])


def _lucj(problem: Problem) -> QuantumCircuit:
    try:
        import ffsim
    except ModuleNotFoundError as error:
        if error.name != "ffsim":
            raise
        raise MissingLibrary('LUCJ needs ffsim: pip install "qdmikit[sqd]"', kind="MissingExtra") from None
    orbitals = problem.num_orbitals
    # On a square lattice the two spins lie on two lines side by side: neighbours along a line, and rungs.
    along = [(place, place + 1) for place in range(orbitals - 1)]
    rungs = [(place, place) for place in range(orbitals)]
    operator = ffsim.UCJOpSpinBalanced.from_t_amplitudes(
        problem.t2, t1=problem.t1, n_reps=1, interaction_pairs=(along, rungs)
    )
    circuit = QuantumCircuit(2 * orbitals)
    circuit.append(ffsim.qiskit.PrepareHartreeFockJW(orbitals, problem.num_electrons), circuit.qubits)
    circuit.append(ffsim.qiskit.UCJOpSpinBalancedJW(operator), circuit.qubits)
    merged = ffsim.qiskit.PRE_INIT.run(circuit)
    return transpile(merged, basis_gates=[*_BASIS, "xx_plus_yy", "cp", "p"], optimization_level=1)
