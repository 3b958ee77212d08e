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
    soon as it can. What the target does not say counts as perfect and instantaneous.

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
    free_at: dict[int, float] = {}
    score = 0.0
    for node in dag.topological_op_nodes():
        qubits = tuple(index[qubit] for qubit in node.qargs)
        start = max((free_at.get(qubit, 0.0) for qubit in qubits), default=0.0)
        if node.name == "barrier":
            loss, duration = 0.0, 0.0
        else:
            key = (node.name, qubits)
            if key not in figures:
                figures[key] = _figures(target, *key)
            loss, duration = figures[key]
        score += loss
        for qubit in qubits:
            since = free_at.get(qubit)
            if since is not None and qubit < len(rates):
                score -= (start - since) * rates[qubit]
            if since is not None or node.name != "barrier":
                free_at[qubit] = start + duration
    return score


def _figures(target: Target, name: str, qubits: tuple[int, ...]) -> tuple[float, float]:
    """Return the logarithm of an operation's success, and its duration in seconds."""
    properties = None
    if name in target.operation_names:
        loci = target[name]
        properties = loci.get(qubits) or loci.get(qubits[::-1])
    if properties is None:
        return 0.0, 0.0
    error = properties.error or 0.0
    return math.log(max(1.0 - error, _CERTAIN_FAILURE)), properties.duration or 0.0


def _decay_rates(target: Target) -> list[float]:
    return [
        sum(1.0 / time for time in (qubit.t1, qubit.t2) if time) if qubit is not None else 0.0
        for qubit in target.qubit_properties or ()
    ]
