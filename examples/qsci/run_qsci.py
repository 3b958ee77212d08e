# SPDX-License-Identifier: Apache-2.0
"""Quantum-selected configuration interaction, step by step.

The steps are numbered as in the paper's Section VI. Two flags choose where it runs, and nothing else changes:

    python run_qsci.py --simulator                        # everything here
    python run_qsci.py --simulator --offload              # the same through Slurm
    python run_qsci.py --shots 10000                      # a quantum computer, from this process
    python run_qsci.py --shots 10000 --offload            # a quantum computer, through Slurm

Address and credentials of the quantum computer come from the environment, which a site sets for its jobs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from qdmikit.qsci import (
    MOLECULES,
    TerminalProgress,
    build_ansatz,
    build_problem,
    estimate,
    postprocess,
    run_qsci,
    sample,
    write_report,
)


def step_by_step(name: str, shots: int, seed: int, where: dict[str, object]) -> float:
    """Do the work of `run_qsci` by its parts, in this process; return the energy in hartree."""
    molecule = MOLECULES[name]
    # (1) The molecular problem, and its Hamiltonian.
    problem = build_problem(molecule.atom, molecule.basis, molecule.active_space)
    # (2) The parameterised state: Hartree-Fock, UCCSD on top; its observable is the qubit Hamiltonian.
    ansatz = build_ansatz(problem, "uccsd", mapper="parity" if name == "H2" else "jordan_wigner")
    # (2, 4) Parameters by VQE: each evaluation goes through the Qiskit adapter and QDMI to the device.
    found = estimate(ansatz, seed=seed, **where)  # type: ignore[arg-type]
    # (4, 5) The optimised circuit is sampled the same way; counts come back.
    circuit = ansatz.circuit.assign_parameters(list(found.parameters))
    measured = sample(circuit, shots, seed=seed, **where)  # type: ignore[arg-type]
    # (6) Sampled configurations are the basis; the Hamiltonian is projected onto them and diagonalised.
    # (7) The lowest eigenvalue comes back, and what the heaviest determinants of its eigenvector are.
    result = postprocess(measured.counts, problem, mapper=ansatz.mapper, seed=seed)
    return result.e_qsci


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--molecule", choices=sorted(MOLECULES), default="H2")
    options.add_argument("--shots", type=int, default=10_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--simulator", action="store_true", help="an exact simulation in place of a device")
    options.add_argument(
        "--offload", action="store_true", help="VQE, sampling, post-processing as Slurm jobs"
    )
    options.add_argument("--device", default="qdmikit.iqm", help="id of the QDMI device")
    options.add_argument("--report", type=Path, default=Path("qsci-report"))
    options.add_argument("--by-parts", action="store_true", help="show the parts; in this process only")
    given = options.parse_args()

    where = {"simulator": given.simulator, "device": None if given.simulator else given.device}
    if given.by_parts:
        print(f"{step_by_step(given.molecule, given.shots, given.seed, where):.8f} hartree")
        return
    molecule = MOLECULES[given.molecule]
    # (3) With offload, circuit and observable lie in the report's folder, on shared storage, for the jobs.
    result = run_qsci(
        molecule.atom,
        molecule.basis,
        given.offload,
        given.simulator,
        device=where["device"],
        active_space=molecule.active_space,
        mapper="parity" if given.molecule == "H2" else "jordan_wigner",
        shots=given.shots,
        seed=given.seed,
        directory=given.report / "run",
        progress=TerminalProgress(),
    )
    # (8) The same result wherever it ran, beside its random control.
    write_report(result, given.report)
    print(f"{result.e_qsci:.8f} hartree")
    for finding in result.findings():
        print("*", finding)


if __name__ == "__main__":
    main()
