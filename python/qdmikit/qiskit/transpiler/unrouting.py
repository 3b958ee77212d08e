# SPDX-License-Identifier: Apache-2.0
"""What a routed circuit was before its routing, so that it can be routed again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qiskit.circuit import ControlFlowOp, QuantumCircuit
from qiskit.converters import dag_to_circuit
from qiskit.dagcircuit import DAGCircuit
from qiskit.transpiler import AnalysisPass, Layout, PropertySet

UNROUTED = "qdmikit_unrouted"
"""The entry of the property set that holds the `Unrouted`, or None where there is nothing to improve."""


@dataclass(frozen=True)
class Unrouted:
    """A routed circuit without its swaps.

    Attributes
    ----------
    circuit
        The instructions, on the qubits that are used.
    wires
        Physical qubit on which each qubit of `circuit` begins.
    ends
        Physical qubit that the swaps take the content of each physical qubit to.
    layout
        Where the user's qubits and the ancillas begin.
    outputs
        Physical qubit on which the routed circuit has what the user's circuit leaves on the qubit that begins
        on this one.
    kept
        Further properties that belong to `layout`.
    """

    circuit: QuantumCircuit
    wires: tuple[int, ...]
    ends: tuple[int, ...]
    layout: Layout
    outputs: tuple[int, ...]
    kept: Mapping[str, Any]

    def moved(self, starts: Sequence[int], moves: Sequence[int]) -> tuple[Layout, list[int]]:
        """Say where everything is when the circuit has been routed anew.

        Parameters
        ----------
        starts
            Physical qubit on which each qubit of `circuit` begins now.
        moves
            Physical qubit that the new swaps take the content of each physical qubit to.

        Returns
        -------
        The new layout, and the new `outputs`.
        """
        taken = set(starts)
        free = (qubit for qubit in range(len(self.ends)) if qubit not in taken)
        place = dict(zip(self.wires, starts, strict=True))
        for qubit in range(len(self.ends)):
            if qubit not in place:
                place[qubit] = next(free)
        begin = {end: start for start, end in enumerate(self.ends)}
        outputs = [0] * len(self.ends)
        for qubit, output in enumerate(self.outputs):
            outputs[place[qubit]] = moves[place[begin[output]]]
        layout = Layout({bit: place[qubit] for bit, qubit in self.layout.get_virtual_bits().items()})
        return layout, outputs


class RememberUnrouted(AnalysisPass):  # type: ignore[misc] # Qiskit ships no types
    """Keep a copy of the routed circuit without its swaps; first thing of the translation stage.

    Circuits that needed no swap, and those with control flow, whose bodies are routed too, are left alone.
    """

    def run(self, dag: DAGCircuit) -> None:
        """Write the property `qdmikit_unrouted`.

        Parameters
        ----------
        dag
            The routed circuit, on physical qubits.
        """
        if UNROUTED not in self.property_set:  # the optimization stage translates too
            self.property_set[UNROUTED] = _unroute(dag, self.property_set)


def _unroute(dag: DAGCircuit, properties: PropertySet) -> Unrouted | None:
    layout: Layout | None = properties["layout"]
    names = dag.count_ops(recurse=False)
    if layout is None or "swap" not in names or any(isinstance(n.op, ControlFlowOp) for n in dag.op_nodes()):
        return None
    index = {qubit: position for position, qubit in enumerate(dag.qubits)}
    start_of = list(range(len(dag.qubits)))  # whose content is here now
    bare = dag.copy_empty_like()
    for node in dag.topological_op_nodes():
        if node.name == "swap":
            one, two = (index[qubit] for qubit in node.qargs)
            start_of[one], start_of[two] = start_of[two], start_of[one]
        else:
            qubits = tuple(dag.qubits[start_of[index[qubit]]] for qubit in node.qargs)
            bare.apply_operation_back(node.op, qubits, node.cargs, check=False)
    ends = [0] * len(start_of)
    for end, start in enumerate(start_of):
        ends[start] = end
    outputs = list(range(len(start_of)))
    final: Layout | None = properties["final_layout"]
    if final is not None:
        for qubit, position in final.get_virtual_bits().items():
            outputs[index[qubit]] = position
    idle = [wire for wire in bare.idle_wires() if wire in index]
    bare.remove_qubits(*idle)
    return Unrouted(
        circuit=dag_to_circuit(bare),
        wires=tuple(index[qubit] for qubit in bare.qubits),
        ends=tuple(ends),
        layout=layout,
        outputs=tuple(outputs),
        # Qiskit merges them into the final layout when it moves the circuit to other qubits.
        kept={name: properties[name] for name in ("original_qubit_indices", "virtual_permutation_layout")},
    )
