# SPDX-License-Identifier: Apache-2.0
"""``/mock/``: how tests and demonstrations make this server misbehave, and see what was asked of it.

No part of the server's API. It can break what others rely on, so it answers under names that only this
machine can have, and no request that a web page of another origin makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast
from urllib.parse import urlsplit

from flask import Blueprint, current_app, request
from pydantic import BaseModel, ConfigDict, ValidationError

from iqm_mock_server.api.access import CONTROL, computers
from iqm_mock_server.calibration.script import Script
from iqm_mock_server.computers import Condition  # noqa: TC001 - pydantic needs it at run time
from iqm_mock_server.control.plan import FaultPlan
from iqm_mock_server.errors import ApiError, ErrorCode, InvalidInput
from iqm_mock_server.schemas.problems import describe

if TYPE_CHECKING:
    from iqm_mock_server.control import Control

blueprint = Blueprint("control", __name__, url_prefix="/mock")

_Model = TypeVar("_Model", bound=BaseModel)

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class _NewCondition(BaseModel):
    model_config = ConfigDict(extra="forbid")

    condition: Condition


@blueprint.before_request
def _check_origin() -> None:
    # A page from elsewhere can make the browser of whoever runs this server send requests here, and a name
    # that somebody else's DNS points to this machine would pass for its own origin.
    host = urlsplit(f"//{request.host}").hostname
    if host not in _LOOPBACK | {_control().host, _address()}:
        raise ApiError(403, ErrorCode.FORBIDDEN, f"/mock/ is not served under the name {host!r}")
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "none")
    if origin not in {None, f"{request.scheme}://{request.host}"} or site not in {"none", "same-origin"}:
        raise ApiError(403, ErrorCode.FORBIDDEN, f"/mock/ takes no requests of another origin ({origin})")


def _address() -> str | None:
    """Return the address that the client has reached, where the server tells."""
    connection = request.environ.get("werkzeug.socket")
    return None if connection is None else str(connection.getsockname()[0])


@blueprint.get("/faults")
def show_faults() -> dict[str, Any]:
    """Return the plan in use."""
    return _control().faults.plan.model_dump(mode="json", exclude_defaults=True)


@blueprint.put("/faults")
def use_faults() -> dict[str, Any]:
    """Begin a plan."""
    plan = _read(FaultPlan)
    try:
        _control().faults.use(plan)
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    return show_faults()


@blueprint.delete("/faults")
def end_faults() -> dict[str, Any]:
    """Behave again."""
    _control().faults.use(FaultPlan())
    return show_faults()


@blueprint.get("/ledger")
def show_ledger() -> dict[str, Any]:
    """Return requests and submissions, all or after the number `since`."""
    text = request.args.get("since", "0")
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise InvalidInput(f"since must be the number of a request, not {text!r}")
    return _control().ledger.document(int(text))


@blueprint.delete("/ledger")
def clear_ledger() -> dict[str, Any]:
    """Forget what was written down."""
    _control().ledger.clear()
    return show_ledger()


@blueprint.post("/computers/<qc>/condition")
def set_condition(qc: str) -> dict[str, Any]:
    """Take a quantum computer out of service, or back in."""
    computer = computers().find(qc)
    computer.condition = _read(_NewCondition).condition
    return {"condition": computer.condition.value}


@blueprint.post("/computers/<qc>/calibration/next")
def script_calibration(qc: str) -> dict[str, Any]:
    """Decide what a coming calibration of a quantum computer finds."""
    script = _read(Script)
    try:
        computers().find(qc).calibration_runs.script_next(script)
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    return script.model_dump(mode="json", exclude_defaults=True)


def _control() -> Control:
    return cast("Control", current_app.extensions[CONTROL])


def _read(model: type[_Model]) -> _Model:
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        raise InvalidInput(describe(error)) from error
