# SPDX-License-Identifier: Apache-2.0
"""What an operator of the mock server can choose."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class KeyOrder(enum.StrEnum):
    """Order in which both artifacts of a job list a circuit's measurement keys.

    Which order the real server uses is not known, so clients must cope with each of these.
    """

    PROGRAM = "program"
    REVERSED = "reversed"
    SHUFFLED = "shuffled"


_LONGEST = 1e9
"""Seconds, a lifetime: times beyond that would overflow somewhere."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Choices that hold for the lifetime of one server.

    Parameters
    ----------
    machines
        One quantum computer each: the name of a built-in machine, such a name with an alias of its own
        (``garnet:mock`` serves the machine `garnet` under that alias), or the path of a machine file
        (anything that ends in ``.json``).
    ideal
        Sample the circuits without any noise.
    seed
        Results are a function of this seed, the payload and the calibration set; never of order or time.
    token
        Bearer token that every request must carry; ``None`` asks for none.
    refresh_token
        Bearer token that makes new tokens, as the token's owner has it; ``None`` when there is none.
    token_lifetime
        Seconds after which `token`, unless it is a JWT and says itself, and `refresh_token` expire.
    key_order
        Order of the measurement keys in both artifacts.
    duration
        Seconds for which a job occupies its machine. A job ends at that time or when its simulation is done,
        whichever is later.
    duration_per_execution
        Seconds added to `duration` for each execution, which is one shot of one circuit.
    instant
        Answer a submission only when its job has ended, so that the reply is already terminal.
    speed
        Factor by which the machines, not their simulation, run faster: `duration`, `duration_per_execution`
        and the time of a calibration are divided by it.
    calibration_service
        Whether there is a calibration service; without it everything below ``/cocos/`` is answered 404.
    calibration_duration
        Seconds that a calibration takes.
    simulation_budget
        Jobs whose estimated simulation time in seconds exceeds this are refused at submission.
    max_request_bytes
        Larger request bodies are answered 413.
    max_circuit_duration_over_t2
        What a submission that leaves this option out gets; ``None`` switches the check off.
    state
        File that keeps jobs and calibrations over a restart; ``None`` forgets them.
    control
        Whether ``/mock/`` is served: faults, legacy modes, scripted calibrations and the ledger.
    faults
        File of the plan of faults to begin with.

    Raises
    ------
    ValueError
        When a number is out of range, or the token is empty or cannot stand in a header.
    """

    machines: tuple[str, ...] = ("garnet",)
    ideal: bool = False
    seed: int = 0
    token: str | None = field(default=None, repr=False)
    refresh_token: str | None = field(default=None, repr=False)
    token_lifetime: float = 10 * 365 * 86400.0
    key_order: KeyOrder = KeyOrder.PROGRAM
    duration: float = 0.0
    duration_per_execution: float = 0.0
    instant: bool = False
    speed: float = 1.0
    calibration_service: bool = True
    calibration_duration: float = 5.0
    simulation_budget: float = 120.0
    max_request_bytes: int = 64 * 2**20
    max_circuit_duration_over_t2: float | None = None
    state: Path | None = None
    control: bool = False
    faults: Path | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "key_order", KeyOrder(self.key_order))
        if not self.machines:
            raise ValueError("machines must name at least one machine")
        for name in ("duration", "duration_per_execution", "calibration_duration"):
            if not 0 <= (value := getattr(self, name)) <= _LONGEST:
                raise ValueError(f"{name} must be between 0 and {_LONGEST:g} seconds, not {value}")
        if not 1 / _LONGEST <= self.speed <= _LONGEST:
            raise ValueError(
                f"speed must be a factor between {1 / _LONGEST:g} and {_LONGEST:g}, not {self.speed}"
            )
        limit = self.max_circuit_duration_over_t2
        if limit is not None and not (math.isfinite(limit) and limit >= 0):
            raise ValueError(f"max_circuit_duration_over_t2 must be a finite number >= 0, not {limit}")
        if not self.simulation_budget > 0:
            raise ValueError(f"simulation_budget must be > 0 seconds, not {self.simulation_budget}")
        _check_token("token", self.token)
        _check_token("refresh_token", self.refresh_token)
        if self.refresh_token is not None and self.refresh_token == self.token:
            raise ValueError("refresh_token must differ from token")
        if self.refresh_token is not None and self.token is None:
            raise ValueError("refresh_token needs a token to refresh")
        if not (math.isfinite(self.token_lifetime) and 0 < self.token_lifetime < 1e10):
            raise ValueError(f"token_lifetime must be a number of seconds > 0, not {self.token_lifetime}")


def _check_token(name: str, token: str | None) -> None:
    if token is not None and (not token.isascii() or not token.isprintable() or " " in token):
        raise ValueError(f"{name} must be printable ASCII without blanks")
    if token == "":
        raise ValueError(f"{name} must not be empty; leave it out to serve without one")
