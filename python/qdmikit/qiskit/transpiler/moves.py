# SPDX-License-Identifier: Apache-2.0
"""A cz between qubits as what a device with computational resonators can do: move, cz, move back."""

from __future__ import annotations

from collections import ChainMap
from typing import TYPE_CHECKING

from qiskit.circuit import AncillaRegister, ControlFlowOp, QuantumRegister, Store
from qiskit.circuit.library import CZGate
from qiskit.converters import circuit_to_dag, dag_to_circuit
from qiskit.transpiler import Layout, TransformationPass, TranspilerError

from qdmikit.qiskit.move import MoveGate

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, MutableMapping

    from qiskit.circuit import QuantumCircuit, Qubit
    from qiskit.dagcircuit import DAGCircuit, DAGOpNode

    from qdmikit.qiskit.resonators import Resonators

_PASSES_MOVED_QUBITS = frozenset({"barrier"})  # all that servers let happen to a qubit that is elsewhere


class InsertMoves(TransformationPass):  # type: ignore[misc] # Qiskit ships no types
    """Let qubits meet in computational resonators.

    Each cz between two qubits is played as a cz between one of them and a resonator that holds the state of
    the other. A qubit that has been moved stays away for as many cz gates as it can: cz gates commute with
    each other, so only the other instructions on a qubit order them. Which qubit moves next is chosen
    greedily, the one that then takes part in the most cz gates, and of those the one with the best
    calibration. All qubits are back before they are measured, and at the end.

    The resonators become the last qubits of the circuit, in state 0 before and after it.

    Parameters
    ----------
    resonators
        Where qubits can move and meet.
    """

    def __init__(self, resonators: Resonators) -> None:
        super().__init__()
        self._resonators = resonators

    def run(self, dag: DAGCircuit) -> DAGCircuit:
        """Return the circuit with its moves.

        Parameters
        ----------
        dag
            A circuit on the device's qubits whose only gates on two qubits are cz and move.

        Raises
        ------
        TranspilerError
            If two qubits that have a cz cannot meet, or moves are there already.
        """
        if dag.count_ops().get("move"):
            raise TranspilerError(
                "the circuit has move gates already; transpile a circuit without them, or without the "
                "scheduling stage 'qdmikit'"
            )
        out = dag.copy_empty_like()
        register = AncillaRegister(1 + self._resonators.numbers[-1] - dag.num_qubits(), "resonators")
        out.add_qreg(register)
        _Mover(dag, out, self._resonators, list(range(dag.num_qubits()))).run()
        self._extend_layouts(register, dag.num_qubits())
        return out

    def _extend_layouts(self, register: QuantumRegister, first: int) -> None:
        layout: Layout | None = self.property_set["layout"]
        if layout is None:
            return
        for name in ("layout", "final_layout", "virtual_permutation_layout"):
            extended: Layout | None = self.property_set[name]
            if extended is None:
                continue
            extended = extended.copy()
            extended.add_register(register)
            for position, bit in enumerate(register):
                extended.add(bit, first + position)
            self.property_set[name] = extended
        indices = dict(self.property_set["original_qubit_indices"])
        indices.update({bit: first + position for position, bit in enumerate(register)})
        self.property_set["original_qubit_indices"] = indices


class _Mover:
    """Schedules the instructions of one circuit, or of one body of control flow.

    `numbers[i]` is the device's number of the `i`-th qubit of `dag`.
    """

    def __init__(self, dag: DAGCircuit, out: DAGCircuit, resonators: Resonators, numbers: list[int]) -> None:
        self._dag = dag
        self._out = out
        self._resonators = resonators
        self._bits: dict[int, Qubit] = dict(zip(numbers, dag.qubits, strict=True))
        new = out.qubits[len(dag.qubits) :]
        self._bits |= dict(
            zip(range(1 + resonators.numbers[-1] - len(new), 1 + resonators.numbers[-1]), new, strict=True)
        )
        number = dict(zip(dag.qubits, numbers, strict=True))
        self._nodes: list[DAGOpNode] = list(dag.topological_op_nodes())
        self._loci = [tuple(number[qubit] for qubit in node.qargs) for node in self._nodes]
        self._meets = [node.name == "cz" for node in self._nodes]
        self._waits: dict[int, int] = {}
        self._next: list[list[int]] = [[] for _ in self._nodes]
        self._order()
        self._unplayed = len(self._nodes)
        self._ready = {node for node, count in self._waits.items() if not count}
        self._away: dict[int, int] = {}  # qubit -> the resonator that holds its state

    def run(self) -> None:
        while True:
            self._play_all_ready()
            if not self._unplayed:
                break
            if self._away:
                self._bring_back()
            else:
                self._move_best()
        self._bring_back()

    def _order(self) -> None:
        """Find out what waits for what; cz gates do not wait for each other."""
        last: dict[Hashable, list[int]] = {}  # on each wire: what ends the past, and the cz gates since then
        for position, node in enumerate(self._nodes):
            before: set[int] = set()
            for wire in self._wires(node):
                past = last.setdefault(wire, [])
                if self._meets[position]:
                    before.update(one for one in past if not self._meets[one])
                    past.append(position)
                else:
                    before.update(past)
                    last[wire] = [position]
            self._waits[position] = len(before)
            for one in before:
                self._next[one].append(position)

    @staticmethod
    def _wires(node: DAGOpNode) -> Iterable[Hashable]:
        variables = ("variables",) if isinstance(node.op, ControlFlowOp | Store) else ()
        return (*node.qargs, *node.cargs, *variables)

    def _play_all_ready(self) -> None:
        for node in self._playable(self._waits, self._ready, self._away):
            self._play(node)
            self._unplayed -= 1

    def _playable(
        self, waits: MutableMapping[int, int], ready: set[int], away: Mapping[int, int]
    ) -> Iterable[int]:
        """Take what can be played without a move from `ready`, one after the other."""
        stuck: set[int] = set()
        while ready:
            node = min(ready)
            ready.discard(node)
            if not self._can_play(node, away):
                stuck.add(node)
                continue
            yield node
            for after in self._next[node]:
                waits[after] -= 1
                if not waits[after]:
                    ready.add(after)
        ready |= stuck

    def _can_play(self, node: int, away: Mapping[int, int]) -> bool:
        locus = self._loci[node]
        if self._meets[node]:
            one, other = locus
            if self._resonators.has_direct(one, other):
                return one not in away and other not in away
            if one in away:
                return other not in away and (other, away[one]) in self._resonators.cz
            return other in away and (one, away[other]) in self._resonators.cz
        if self._nodes[node].name in _PASSES_MOVED_QUBITS:
            return True
        if self._uses_resonators(node):
            return not away
        return not any(qubit in away for qubit in locus)

    def _uses_resonators(self, node: int) -> bool:
        operation = self._nodes[node].op if self._nodes[node].is_control_flow() else None
        return operation is not None and any(_has_meetings(block) for block in operation.blocks)

    def _play(self, node: int) -> None:
        entry = self._nodes[node]
        if self._meets[node] and not self._resonators.has_direct(*self._loci[node]):
            one, other = self._loci[node]
            still, moved = (other, one) if one in self._away else (one, other)
            self._emit(CZGate(), still, self._away[moved])
        elif self._uses_resonators(node):
            self._play_blocks(node)
        else:
            self._out.apply_operation_back(entry.op, entry.qargs, entry.cargs, check=False)

    def _play_blocks(self, node: int) -> None:
        entry = self._nodes[node]
        numbers = self._resonators.numbers
        first = 1 + numbers[-1] - (len(self._out.qubits) - len(self._dag.qubits))
        resonators = tuple(self._bits[number] for number in range(first, 1 + numbers[-1]))
        blocks: list[QuantumCircuit] = []
        for block in entry.op.blocks:
            dag = circuit_to_dag(block)
            out = dag.copy_empty_like()
            out.add_qubits(list(resonators))
            _Mover(dag, out, self._resonators, list(self._loci[node])).run()
            blocks.append(dag_to_circuit(out))
        operation = entry.op.replace_blocks(blocks)
        self._out.apply_operation_back(operation, (*entry.qargs, *resonators), entry.cargs, check=False)

    def _emit(self, gate: CZGate | MoveGate, qubit: int, resonator: int) -> None:
        self._out.apply_operation_back(gate, (self._bits[qubit], self._bits[resonator]), (), check=False)

    def _bring_back(self) -> None:
        for qubit, resonator in self._away.items():
            self._emit(MoveGate(), qubit, resonator)
        self._away.clear()

    def _move_best(self) -> None:
        ways = {
            way
            for node in self._ready
            if self._meets[node]
            for way in self._resonators.ways(*self._loci[node])
        }
        if not ways:
            loci = [self._loci[node] for node in sorted(self._ready) if self._meets[node]]
            raise TranspilerError(
                f"qubits {loci[0]} have a cz, but there is no resonator where they can meet"
            )
        qubit, resonator = min(
            ways, key=lambda way: (-self._meetings_with(*way), self._resonators.move_error(way), way)
        )
        self._emit(MoveGate(), qubit, resonator)
        self._away[qubit] = resonator

    def _meetings_with(self, qubit: int, resonator: int) -> int:
        """Count the cz gates that can be played while a qubit is away."""
        waits: ChainMap[int, int] = ChainMap({}, self._waits)  # writes go to the first one
        return sum(self._meets[node] for node in self._playable(waits, set(self._ready), {qubit: resonator}))


def _has_meetings(block: QuantumCircuit) -> bool:
    return any(
        entry.name == "cz"
        or (isinstance(entry.operation, ControlFlowOp) and any(map(_has_meetings, entry.operation.blocks)))
        for entry in block.data
    )
