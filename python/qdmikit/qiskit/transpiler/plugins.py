# SPDX-License-Identifier: Apache-2.0
"""The stages by which Qiskit's preset pass managers use the passes; entry points name the classes."""

from qiskit.circuit import Gate
from qiskit.transpiler import PassManager, PassManagerConfig, Target
from qiskit.transpiler.preset_passmanagers.plugin import PassManagerStagePlugin, PassManagerStagePluginManager

from qdmikit.qiskit.resonators import ResonatorTarget
from qdmikit.qiskit.transpiler.frames import DIAGONAL_GATES, VirtualZ
from qdmikit.qiskit.transpiler.moves import InsertMoves
from qdmikit.qiskit.transpiler.rerouting import BestRouting
from qdmikit.qiskit.transpiler.unrouting import RememberUnrouted

PLUGIN = "qdmikit"
"""The name of the stages in Qiskit's options."""


class Translation(PassManagerStagePlugin):  # type: ignore[misc] # Qiskit ships no types
    """Qiskit's translation, after a look at the routed circuit from which `Scheduling` can improve it."""

    def pass_manager(
        self, pass_manager_config: PassManagerConfig, optimization_level: int | None = None
    ) -> PassManager:
        """Return the passes of the stage.

        Parameters
        ----------
        pass_manager_config, optimization_level
            What the pass manager is made for.
        """
        passes = PassManager()
        if _reroutes(pass_manager_config, optimization_level or 0):
            passes.append(RememberUnrouted())
        return passes + _default("translation", pass_manager_config, optimization_level)


class Scheduling(PassManagerStagePlugin):  # type: ignore[misc] # Qiskit ships no types
    """The last steps: z rotations in frames, the best of several routings, then what Qiskit does here."""

    def pass_manager(
        self, pass_manager_config: PassManagerConfig, optimization_level: int | None = None
    ) -> PassManager:
        """Return the passes of the stage.

        Parameters
        ----------
        pass_manager_config, optimization_level
            What the pass manager is made for.
        """
        level = optimization_level or 0
        passes = PassManager()
        if level and keeps_frames(pass_manager_config.target):
            if _reroutes(pass_manager_config, level):
                passes.append(BestRouting(pass_manager_config, level))
            passes.append(VirtualZ())
        if isinstance(pass_manager_config.target, ResonatorTarget):
            passes.append(InsertMoves(pass_manager_config.target.resonators))
        return passes + _default("scheduling", pass_manager_config, optimization_level)


def keeps_frames(target: Target | None) -> bool:
    """Return whether r is a target's only one-qubit gate and z rotations pass its other gates.

    Parameters
    ----------
    target
        What the device can do; None where Qiskit was given something else.
    """
    if target is None or "r" not in target.operation_names:
        return False
    played = {"r", "id"} | DIAGONAL_GATES
    return all(
        name in played or not _is_gate(target.operation_from_name(name)) for name in target.operation_names
    )


def _is_gate(operation: object) -> bool:
    if isinstance(operation, type):  # of any number of qubits
        return issubclass(operation, Gate)
    return isinstance(operation, Gate)


def _reroutes(config: PassManagerConfig, level: int) -> bool:
    return (
        level >= 2
        and keeps_frames(config.target)
        and config.initial_layout is None
        and config.layout_method in {None, "default", "sabre"}
        and config.routing_method in {None, "default", "sabre"}
    )


def _default(stage: str, config: PassManagerConfig, level: int | None) -> PassManager:
    manager: PassManager = PassManagerStagePluginManager().get_passmanager_stage(
        stage, "default", config, optimization_level=level
    )
    return manager
