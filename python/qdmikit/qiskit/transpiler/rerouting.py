# SPDX-License-Identifier: Apache-2.0
"""Further attempts at layout and routing, of which the best one is taken."""

import copy

from qiskit import QuantumCircuit
from qiskit.converters import circuit_to_dag
from qiskit.dagcircuit import DAGCircuit, DAGOpNode
from qiskit.passmanager.flow_controllers import ConditionalController
from qiskit.transpiler import Layout, PassManager, PassManagerConfig, PropertySet, Target, TransformationPass
from qiskit.transpiler.passes import (
    ApplyLayout,
    BarrierBeforeFinalMeasurements,
    ConsolidateBlocks,
    EnlargeWithAncilla,
    FilterOpNodes,
    FullAncillaAllocation,
    SabreLayout,
    VF2PostLayout,
)
from qiskit.transpiler.passes.layout.vf2_post_layout import VF2PostLayoutStopReason
from qiskit.transpiler.preset_passmanagers.plugin import PassManagerStagePluginManager

from qdmikit.qiskit.transpiler.scoring import log_success
from qdmikit.qiskit.transpiler.unrouting import UNROUTED, Unrouted

ATTEMPTS = 4
"""How often a circuit that needs swaps is routed again."""

TRIALS = 2
"""Starting layouts that SABRE tries in each attempt, and routings of each."""

_SEED_STEP = 7919  # so that the attempts of neighbouring seeds differ

_BARRIER = "qdmikit.transpiler.final-measurements"


class BestRouting(TransformationPass):  # type: ignore[misc] # Qiskit ships no types
    """Take a better routing of the circuit than the one it came with, if some attempts find one.

    The circuit that `RememberUnrouted` kept is laid out and routed again from other seeds and its blocks of
    two qubits are synthesised anew. Of these attempts the one with the fewest entangling gates is placed on
    the best qubits. It is taken if its estimated success probability is better than that of the circuit at
    hand and its entangling gates are not more; so their number never grows.

    Parameters
    ----------
    config
        What the pass manager was made for.
    optimization_level
        Qiskit's.
    """

    def __init__(self, config: PassManagerConfig, optimization_level: int) -> None:
        super().__init__()
        self._target: Target = config.target
        self._seed: int | None = config.seed_transpiler
        plain = copy.copy(config)
        plain.translation_method = "default"
        translation = PassManagerStagePluginManager().get_passmanager_stage(
            "translation", "default", plain, optimization_level
        )
        self._synthesis = _embedding(self._target) + _consolidation(config) + translation
        self._placing = _placing(self._target) + translation

    def run(self, dag: DAGCircuit) -> DAGCircuit:
        """Return the better of the circuit and the best further attempt; layouts are updated.

        Parameters
        ----------
        dag
            The circuit at hand, in native gates.
        """
        unrouted: Unrouted | None = self.property_set[UNROUTED]
        if unrouted is None:
            return dag
        attempts = [self._attempt(unrouted.circuit, number) for number in range(ATTEMPTS)]
        routed, properties = min(attempts, key=lambda attempt: attempt[0].num_nonlocal_gates())
        if routed.num_nonlocal_gates() > _entangling_gates(dag):
            return dag
        circuit: QuantumCircuit = self._placing.run(routed, property_set=properties)
        candidate = circuit_to_dag(circuit)
        if not self._is_better(candidate, dag):
            return dag
        candidate.name = dag.name
        starts = circuit.layout.initial_index_layout()[: len(unrouted.wires)]
        layout, outputs = unrouted.moved(starts, circuit.layout.routing_permutation())
        self.property_set.update(unrouted.kept)
        self.property_set["layout"] = layout
        self.property_set["final_layout"] = Layout(dict(zip(candidate.qubits, outputs, strict=True)))
        return candidate

    def _attempt(self, circuit: QuantumCircuit, number: int) -> tuple[QuantumCircuit, PropertySet]:
        seed = None if self._seed is None else self._seed + _SEED_STEP * (number + 1)
        sabre = SabreLayout(
            self._target, seed=seed, max_iterations=2, swap_trials=TRIALS, layout_trials=TRIALS
        )
        passes = PassManager([BarrierBeforeFinalMeasurements(_BARRIER), sabre]) + self._synthesis
        routed: QuantumCircuit = passes.run(circuit)
        return routed, passes.property_set

    def _is_better(self, candidate: DAGCircuit, present: DAGCircuit) -> bool:
        if _entangling_gates(candidate) > _entangling_gates(present):
            return False
        return log_success(candidate, self._target) > log_success(present, self._target)


def _embedding(target: Target) -> PassManager:
    """Finish what SABRE does: it allocates no ancillas where no swap is needed."""

    def needed_no_swap(properties: PropertySet) -> bool:
        return properties["final_layout"] is None

    def is_not_ours(node: DAGOpNode) -> bool:
        return bool(node.label != _BARRIER)

    steps = [FullAncillaAllocation(target), EnlargeWithAncilla(), ApplyLayout()]
    passes = PassManager([ConditionalController(steps, condition=needed_no_swap)])
    passes.append(FilterOpNodes(is_not_ours))
    return passes


def _consolidation(config: PassManagerConfig) -> PassManager:
    return PassManager(
        [
            ConsolidateBlocks(
                basis_gates=config.basis_gates,
                target=config.target,
                approximation_degree=config.approximation_degree,
            )
        ]
    )


def _placing(target: Target) -> PassManager:
    """Move the circuit as it is to the qubits with the smallest errors."""

    def has_found(properties: PropertySet) -> bool:
        return properties["VF2PostLayout_stop_reason"] is VF2PostLayoutStopReason.SOLUTION_FOUND

    # The limits of Qiskit's level 2.
    search = VF2PostLayout(target, seed=-1, call_limit=50_000, max_trials=2_500, strict_direction=False)
    passes = PassManager([search])
    passes.append(ConditionalController(ApplyLayout(), condition=has_found))
    return passes


def _entangling_gates(dag: DAGCircuit) -> int:
    return sum(1 for node in dag.two_qubit_ops())
