# SPDX-License-Identifier: Apache-2.0
"""What an operator of the mock server can choose."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field


class KeyOrder(enum.StrEnum):
    """Order in which both artifacts of a job list a circuit's measurement keys.

    Which order the real server uses is not known, so clients must cope with each of these.
    """

    PROGRAM = "program"
    REVERSED = "reversed"
    SHUFFLED = "shuffled"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Choices that hold for the lifetime of one server.

    Parameters
    ----------
    machine
        Name of a built-in machine, or the path of a machine file (anything that ends in ``.json``).
    ideal
        Sample the circuits without any noise.
    seed
        Results are a function of this seed, the payload and the calibration set; never of order or time.
    token
        Bearer token that every request must carry; ``None`` asks for none.
    key_order
        Order of the measurement keys in both artifacts.
    duration
        Seconds for which a job occupies its machine. A job ends at that time or when its simulation is done,
        whichever is later.
    calibration_service
        Whether ``GET /cocos/health`` reports a calibration service. Calibration runs themselves are
        answered 501.
    simulation_budget
        Jobs whose estimated simulation time in seconds exceeds this are refused at submission.
    max_request_bytes
        Larger request bodies are answered 413.

    Raises
    ------
    ValueError
        When a number is out of range, or the token is empty or cannot stand in a header.
    """

    machine: str = "garnet"
    ideal: bool = False
    seed: int = 0
    token: str | None = field(default=None, repr=False)
    key_order: KeyOrder = KeyOrder.PROGRAM
    duration: float = 0.0
    calibration_service: bool = False
    simulation_budget: float = 120.0
    max_request_bytes: int = 64 * 2**20

    def __post_init__(self) -> None:
        object.__setattr__(self, "key_order", KeyOrder(self.key_order))
        if not (math.isfinite(self.duration) and self.duration >= 0):
            raise ValueError(f"duration must be a finite number of seconds >= 0, not {self.duration}")
        if not self.simulation_budget > 0:
            raise ValueError(f"simulation_budget must be > 0 seconds, not {self.simulation_budget}")
        if self.token is not None and (
            not self.token.isascii() or not self.token.isprintable() or " " in self.token
        ):
            raise ValueError("token must be printable ASCII without blanks")
        if self.token == "":
            raise ValueError("token must not be empty; leave it out to serve without one")
