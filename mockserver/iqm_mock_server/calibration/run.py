# SPDX-License-Identifier: Apache-2.0
"""One calibration run, as it stands."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic_core import from_json

if TYPE_CHECKING:
    import uuid

_SOURCE = "cocos"


class RunStatus(enum.StrEnum):
    """States of a run, by names that clients of the calibration service know."""

    WAITING = "waiting"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    ABORTED = "aborted"

    @property
    def terminal(self) -> bool:
        """Whether the state is final."""
        return self in {RunStatus.READY, RunStatus.FAILED, RunStatus.ABORTED}


@dataclass(slots=True, eq=False)
class CalibrationRun:
    """The state of one run. Whoever reads or changes it holds the lock of its machine's runs.

    Parameters
    ----------
    number
        Of the run among those of its machine, from 1.
    body
        What was asked for, as it came.
    """

    id: uuid.UUID
    number: int
    body: bytes
    status: RunStatus = RunStatus.WAITING
    start_time: str | None = None
    end_time: str | None = None
    calibration_set_id: uuid.UUID | None = None
    error: str | None = None

    @property
    def configuration(self) -> dict[str, Any] | None:
        """What was asked for, when it can be read."""
        try:
            # What this reads can also be written: unlike Python's own reader it takes no lone surrogates and
            # no depth that is refused later.
            document = from_json(self.body, allow_inf_nan=False)
        except ValueError:
            # Clients send what is no JSON, trailing commas for one, and the service takes it.
            return None
        return document if isinstance(document, dict) else None

    @property
    def sets_default(self) -> bool:
        """Whether the new set is to become the default: unless the caller said ``never``."""
        procedure = (self.configuration or {}).get("procedure_config")
        return not (isinstance(procedure, dict) and procedure.get("set_default") == "never")

    def document(self) -> dict[str, Any]:
        """Return the run as the API shows it."""
        document: dict[str, Any] = {
            "id": str(self.id),
            "status": self.status.value,
            "start_time": self.start_time,
            "end_time": self.end_time,
            "run_config": self.configuration,
            "errors": [],
            "result": None,
        }
        if self.error is not None:
            document["errors"] = [
                {"error_code": "calibration_error", "message": self.error, "source": _SOURCE}
            ]
        if self.status in {RunStatus.READY, RunStatus.FAILED}:
            set_id = self.calibration_set_id
            document["result"] = {
                "success": self.status is RunStatus.READY,
                "calibration_set_id": None if set_id is None else str(set_id),
                "calibration_observations_tag": None,
                "calibration_error": self.error,
                "base_run_id": None,
            }
        return document
