# SPDX-License-Identifier: Apache-2.0
"""Whether the MOVE gates of a circuit make sense.

A MOVE takes a qubit's state into a computational resonator, a second one with the same pair brings it back.
Between the two, a sandwich, the state is in the resonator: gates there find it, gates on the qubit do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iqm_mock_server.circuits.program import Barrier, Move, Prx
from iqm_mock_server.errors import InvalidPayload
from iqm_mock_server.schemas.run_request import MoveValidation

if TYPE_CHECKING:
    from iqm_mock_server.circuits.program import Circuit


def check_moves(index: int, circuit: Circuit, validation: MoveValidation) -> None:
    """Check the sandwiches of one circuit; one that is still open at the circuit's end is allowed.

    Parameters
    ----------
    index
        Of the circuit in its job, for the message.
    validation
        ``strict`` allows only barriers on a qubit whose state is away, ``allow_prx`` also prx, ``none`` all.

    Raises
    ------
    InvalidPayload
        Naming the first instruction that does not fit.
    """
    if validation is MoveValidation.NONE:
        return
    allowed = (Barrier,) if validation is MoveValidation.STRICT else (Barrier, Prx)
    resonator_of: dict[str, str] = {}
    qubit_in: dict[str, str] = {}
    for position, operation in enumerate(circuit.operations):
        where = f"Circuit {index} ({circuit.name!r}), instruction {position} ({operation.name!r})"
        if isinstance(operation, Move):
            qubit, resonator = operation.locus
            if resonator_of.get(qubit) == resonator:
                del resonator_of[qubit], qubit_in[resonator]
            elif qubit in resonator_of:
                raise InvalidPayload(f"{where}: the state of {qubit} is in {resonator_of[qubit]} already.")
            elif resonator in qubit_in:
                raise InvalidPayload(
                    f"{where}: {resonator} holds the state of {qubit_in[resonator]} already."
                )
            else:
                resonator_of[qubit], qubit_in[resonator] = resonator, qubit
        elif not isinstance(operation, allowed) and (away := resonator_of.keys() & set(operation.locus)):
            qubit = min(away)
            raise InvalidPayload(
                f"{where}: the state of {qubit} is in {resonator_of[qubit]}; between two MOVE gates only "
                f"{' and '.join(kind.name for kind in allowed)} may act on {qubit} "
                f"(move_gate_validation is {validation.value!r})."
            )
