# SPDX-License-Identifier: Apache-2.0
"""How likely a circuit runs without an error, by the calibration in a Target."""

import math

from qiskit.dagcircuit import DAGCircuit
from qiskit.transpiler import Target

_CERTAIN_FAILURE = 1e-12
"""Success assumed of an operation that the calibration says never succeeds: scores stay finite."""


def log_success(dag: DAGCircuit, target: Target) -> float:
    """Estimate the logarithm of the probability that nothing goes wrong.

    The estimated success probability of P. Murali et al., "Noise-Adaptive Compiler Mappings" (ASPLOS 2019):
    the product of `1 - error` over all operations, measurements too, times `exp(-t/T1 - t/T2)` for the time
    `t` in which a qubit waits between its first and its last operation, as it does when everything starts as
    soon as it can. What the target does not say counts as perfect and instantaneous. A run of r gates on one
    qubit counts as one, for that is what `VirtualZ` makes of it.

    Parameters
    ----------
    dag
        A circuit on physical qubits in the target's gates, without control flow.
    target
        Errors, durations (s), T1 and T2 (s).

    Returns
    -------
    float
        At most 0.
    """
    index = {qubit: position for position, qubit in enumerate(dag.qubits)}
    rates = _decay_rates(target)
    figures: dict[tuple[str, tuple[int, ...]], tuple[float, float]] = {}
    free_at: dict[int, float] = {}  # of the qubits that have been used
    turned: set[int] = set()  # qubits whose last operation is r
    score = 0.0
    for node in dag.topological_op_nodes():
        name = node.name
        qubits = tuple([index[qubit] for qubit in node.qargs])
        if name == "r":
            if qubits[0] in turned:
                continue
            turned.add(qubits[0])
        else:
            turned.difference_update(qubits)
            if name == "barrier":
                qubits = tuple(qubit for qubit in qubits if qubit in free_at)
        key = (name, qubits)
        if key not in figures:
            figures[key] = _figures(target, name, qubits)
        loss, duration = figures[key]
        score += loss
        start = max((free_at.get(qubit, 0.0) for qubit in qubits), default=0.0)
        for qubit in qubits:
            if qubit in free_at:
                score -= (start - free_at[qubit]) * rates[qubit]
            free_at[qubit] = start + duration
    return score


def _figures(target: Target, name: str, qubits: tuple[int, ...]) -> tuple[float, float]:
    """Return the logarithm of an operation's success, and its duration in seconds."""
    properties = None
    if name != "barrier" and name in target.operation_names:
        loci = target[name]
        properties = loci.get(qubits) or loci.get(qubits[::-1])
    if properties is None:
        return 0.0, 0.0
    error = properties.error or 0.0
    return math.log(max(1.0 - error, _CERTAIN_FAILURE)), properties.duration or 0.0


def _decay_rates(target: Target) -> list[float]:
    known = target.qubit_properties or [None] * (target.num_qubits or 0)
    return [
        sum(1.0 / time for time in (qubit.t1, qubit.t2) if time) if qubit is not None else 0.0
        for qubit in known
    ]
