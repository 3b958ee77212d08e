# SPDX-License-Identifier: Apache-2.0
"""At most one r gate per qubit between entangling gates: z rotations are kept in frames, not played."""

import math
from collections.abc import Sequence
from typing import Any

from qiskit.circuit import (
    ControlFlowOp,
    ForLoopOp,
    ParameterExpression,
    QuantumCircuit,
    Qubit,
    WhileLoopOp,
)
from qiskit.circuit.library import RGate
from qiskit.converters import circuit_to_dag, dag_to_circuit
from qiskit.dagcircuit import DAGCircuit, DAGOpNode
from qiskit.transpiler import TransformationPass

from qdmikit.qiskit.transpiler.rotations import (
    IDENTITY,
    Angle,
    Matrix,
    as_r_gates,
    multiply,
    normalised,
    r_matrix,
    rz_matrix,
    take_apart,
)

DIAGONAL_GATES = frozenset({"cz", "ccz", "cp", "cu1", "crz", "cs", "csdg", "rzz"})
"""Gates on several qubits that z rotations pass."""

_Z: Matrix = (1.0 + 0j, 0j, 0j, -1.0 + 0j)

_WAITING = frozenset({"barrier", "delay"})


class VirtualZ(TransformationPass):  # type: ignore[misc] # Qiskit ships no types
    """Merge runs of one-qubit gates into single r gates and keep z rotations in frames.

    Each qubit has a frame, a z rotation that has not been played. It moves forward through diagonal gates
    unchanged and through r gates as a shift of their phase, and it is dropped where nothing can see it:
    before a measurement in the z basis and before a reset. A rotation by pi passes a cz, too, as a flip that
    adds half a turn to the other frame, and merges with what comes next. Only where the exact unitary counts
    (at the end of a qubit that is not measured, and at instructions that the pass knows nothing about) it is
    played, with one r gate more.

    The result equals the circuit: as an operator with its global phase if it measures nothing, else in the
    distribution of every outcome and in the state that each one leaves. One-qubit gates are not merged across
    barriers and delays. In bodies of control flow each qubit ends in the frame it began
    with, so that all branches agree. Gates with unbound parameters are kept where no frame can take them.
    """

    def run(self, dag: DAGCircuit) -> DAGCircuit:
        """Return the circuit with its one-qubit gates merged.

        Parameters
        ----------
        dag
            The circuit.
        """
        return _Rewriter(dag, {}, in_loop=False).run()


class _Pending:
    """What a qubit has yet to go through: `matrix` after a z rotation by `frame` that has parameters."""

    __slots__ = ("frame", "matrix")

    def __init__(self, matrix: Matrix = IDENTITY, frame: Angle = 0.0) -> None:
        self.matrix = matrix
        self.frame = frame  # 0.0, or an expression; numbers are in the matrix

    @classmethod
    def of_frame(cls, frame: Angle) -> "_Pending":
        if isinstance(frame, ParameterExpression):
            return cls(IDENTITY, frame)
        return cls(rz_matrix(frame))

    def turn(self, angle: Angle) -> None:
        """Turn the frame, while the matrix is diagonal or the angle a number that comes last."""
        if isinstance(angle, ParameterExpression):
            self.frame = self.frame + angle
        else:
            self.matrix = multiply(rz_matrix(angle), self.matrix)


class _Rewriter:
    def __init__(self, dag: DAGCircuit, frames: dict[Qubit, Angle], *, in_loop: bool) -> None:
        self._dag = dag
        self._out = dag.copy_empty_like()
        self._frames = frames  # in which each qubit enters, and has to leave
        self._in_loop = in_loop
        self._pending = {qubit: _Pending.of_frame(frame) for qubit, frame in frames.items()}
        self._phase: Angle = 0.0

    def run(self) -> DAGCircuit:
        for node in self._dag.topological_op_nodes():
            self._add(node)
        for qubit in self._dag.qubits:
            self._play(qubit, self._frames.get(qubit, 0.0))
        if isinstance(self._phase, ParameterExpression) or self._phase:
            self._out.global_phase = normalised(self._out.global_phase + self._phase)
        return self._out

    def _add(self, node: DAGOpNode) -> None:
        name = node.name
        if name == "r":
            self._add_r(node)
        elif name == "cz":
            self._add_cz(node)
        elif name in DIAGONAL_GATES or name in _WAITING:
            self._emit_r_gates(node.qargs)
            self._keep(node)
        elif name == "measure":
            self._emit_r_gates(node.qargs)
            self._keep(node)
            self._forget(node.qargs)
        elif name == "reset":
            self._forget(node.qargs)
            self._keep(node)
        elif isinstance(node.op, ControlFlowOp):
            self._add_control_flow(node)
        elif (matrix := _constant_matrix(node)) is not None:
            self._apply(node.qargs[0], matrix)
        else:
            # What the instruction does to a frame is unknown. To leave a loop is such a one, and it concerns
            # all qubits of the body.
            for qubit in node.qargs:
                self._play(qubit)
            self._keep(node)

    def _add_cz(self, node: DAGOpNode) -> None:
        one, other = node.qargs
        flips = [qubit for qubit in node.qargs if self._emit_r(qubit, keeps_flip=True)]
        self._keep(node)
        # cz (A x 1) = (A x Z) cz where A takes |0> to |1> and back, and A Z = -Z A
        for qubit in flips:
            self._apply(other if qubit == one else one, _Z)
        if len(flips) == 2:
            self._phase += math.pi

    def _keep(self, node: DAGOpNode) -> None:
        self._out.apply_operation_back(node.op, node.qargs, node.cargs, check=False)

    def _forget(self, qubits: Sequence[Qubit]) -> None:
        """Drop what is pending on qubits that are now in |0> or |1>, where all frames are one."""
        for qubit in qubits:
            self._enter(qubit, self._frames.get(qubit, 0.0))

    def _enter(self, qubit: Qubit, frame: Angle) -> None:
        self._pending.pop(qubit, None)
        if isinstance(frame, ParameterExpression) or frame:
            self._pending[qubit] = _Pending.of_frame(frame)

    def _apply(self, qubit: Qubit, matrix: Matrix) -> None:
        pending = self._pending.get(qubit)
        if pending is None:
            self._pending[qubit] = _Pending(matrix)
        else:
            pending.matrix = multiply(matrix, pending.matrix)

    def _add_r(self, node: DAGOpNode) -> None:
        theta, phi = node.params
        (qubit,) = node.qargs
        theta_is_free = isinstance(theta, ParameterExpression)
        if not theta_is_free and not isinstance(phi, ParameterExpression):
            self._apply(qubit, r_matrix(theta, phi))
            return
        pending = self._pending.setdefault(qubit, _Pending())
        if theta_is_free and not isinstance(phi, ParameterExpression):
            # R(theta, phi) = A RZ(theta) A^-1, and what a translation made of RZ(theta) brings A^-1 with it.
            towards = r_matrix(-math.pi / 2, phi + math.pi / 2)
            if not take_apart(pending.matrix).is_diagonal:
                pending.matrix = multiply(towards, pending.matrix)
                self._emit_r(qubit)
                pending.turn(theta)
                pending.matrix = multiply(r_matrix(math.pi / 2, phi + math.pi / 2), pending.matrix)
                return
        self._emit_r(qubit)
        frame = take_apart(pending.matrix).z + pending.frame
        self._emit(qubit, theta, phi - frame)

    def _emit(self, qubit: Qubit, theta: Angle, phi: Angle) -> None:
        self._out.apply_operation_back(RGate(theta, normalised(phi)), (qubit,), (), check=False)

    def _emit_r_gates(self, qubits: Sequence[Qubit]) -> None:
        for qubit in qubits:
            self._emit_r(qubit)

    def _emit_r(self, qubit: Qubit, *, keeps_flip: bool = False) -> bool:
        """Emit what is pending but for a z rotation, and on demand a flip; return whether a flip stays."""
        pending = self._pending.get(qubit)
        if pending is None:
            return False
        rotation = take_apart(pending.matrix)
        if keeps_flip and rotation.is_flip:
            return True
        if not rotation.is_diagonal:
            self._emit(qubit, rotation.theta, rotation.phi - pending.frame)
            pending.matrix = rz_matrix(rotation.z)
            self._phase += rotation.phase
        return False

    def _play(self, qubit: Qubit, frame: Angle = 0.0) -> None:
        """Emit all that is pending, so that the qubit is in `frame` afterwards."""
        pending = self._pending.get(qubit)
        if pending is None:
            if not isinstance(frame, ParameterExpression) and not frame:
                return
            pending = _Pending()
        rotation = take_apart(pending.matrix)
        # RZ(-frame) RZ(z) R(theta, phi) RZ(pending.frame)
        z = rotation.z + pending.frame - frame
        gates, phase = as_r_gates(z, rotation.theta, rotation.phi - pending.frame)
        for theta, phi in gates:
            self._emit(qubit, theta, phi)
        self._phase += rotation.phase + phase
        self._enter(qubit, frame)

    def _add_control_flow(self, node: DAGOpNode) -> None:
        is_loop = isinstance(node.op, ForLoopOp | WhileLoopOp)
        if self._in_loop or is_loop:
            # A break may leave from the middle of nested bodies: no frame crosses their borders.
            for qubit in self._dag.qubits if self._in_loop else node.qargs:
                self._play(qubit)
        self._emit_r_gates(node.qargs)
        blocks = [self._rewrite_block(block, node.qargs, is_loop=is_loop) for block in node.op.blocks]
        self._out.apply_operation_back(node.op.replace_blocks(blocks), node.qargs, node.cargs, check=False)

    def _rewrite_block(
        self, block: QuantumCircuit, qubits: Sequence[Qubit], *, is_loop: bool
    ) -> QuantumCircuit:
        frames: dict[Qubit, Angle] = {}
        for inner, outer in zip(block.qubits, qubits, strict=True):
            pending = self._pending.get(outer)
            if pending is not None:
                frames[inner] = take_apart(pending.matrix).z + pending.frame
        rewriter = _Rewriter(circuit_to_dag(block), frames, in_loop=self._in_loop or is_loop)
        return dag_to_circuit(rewriter.run())


def _constant_matrix(node: DAGOpNode) -> Matrix | None:
    """Return the matrix of a one-qubit gate without free parameters, None for everything else."""
    if len(node.qargs) != 1 or node.cargs or node.is_parameterized():
        return None
    matrix: Any = node.matrix
    if matrix is None:
        return None
    (a, b), (c, d) = matrix.tolist()
    return (a, b, c, d)
