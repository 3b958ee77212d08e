# SPDX-License-Identifier: Apache-2.0
"""How to test IQM's device with QDMI's conformance suite, `qdmikit.conformance`."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from qdmikit.conformance import (
    BadSession,
    JobOption,
    JobParameter,
    Profile,
    Program,
    ProgramFormat,
    SessionParameter,
    Status,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PREFIX = "IQM"

_VARIABLES = (
    *("IQM_SERVER_URL", "IQM_BASE_URL", "IQM_TOKEN", "IQM_TOKENS_FILE", "IQM_QC_ID", "IQM_QUANTUM_COMPUTER"),
    *("IQM_QC_ALIAS", "IQM_REQUEST_TIMEOUT_MS", "IQM_JOB_TAG"),
    *("QDMI_ENDPOINT", "QDMI_AUTH_FILE", "QDMI_BACKEND_ALIAS"),
)

_SESSION_PARAMETERS = frozenset(
    {
        SessionParameter.BASEURL,
        SessionParameter.TOKEN,
        SessionParameter.AUTHFILE,
        SessionParameter.CUSTOM1,
        SessionParameter.CUSTOM2,
        SessionParameter.CUSTOM3,
        SessionParameter.CUSTOM4,
    }
)

_OPTIONS = (
    JobOption(JobParameter.CUSTOM1, b"none\0", (b"sometimes\0", b"none", b'{"shots":1}\0', b"[]\0")),
    JobOption(JobParameter.CUSTOM2, b"strict\0", (b"loose\0", b"\x01")),
    JobOption(JobParameter.CUSTOM3, b"full\0", (b"empty\0",)),
    JobOption(JobParameter.CUSTOM4, b"disabled\0", (b"maybe\0", b"{\0")),
    JobOption(JobParameter.CUSTOM5, b"0:QB1\0", (b"0\0", b"0:\0")),
)

_EXTENSIONS = frozenset(
    f"{PREFIX}_QDMI_device_{name}" for name in ("job_submit_calibration", "last_error", "set_log_callback")
)

_QIR = """\
%Qubit = type opaque
%Result = type opaque

define void @main() #0 {
entry:
  call void @__quantum__qis__prx__body(double 3.141592653589793, double 0.0, %Qubit* null)
  call void @__quantum__qis__mz__body(%Qubit* null, %Result* null)
  call void @__quantum__qis__mz__body(%Qubit* inttoptr (i64 1 to %Qubit*),\
 %Result* inttoptr (i64 1 to %Result*))
  ret void
}

declare void @__quantum__qis__prx__body(double, double, %Qubit*)
declare void @__quantum__qis__mz__body(%Qubit*, %Result* writeonly)
attributes #0 = { "entry_point" "qir_profiles"="base_profile"\
 "required_num_qubits"="2" "required_num_results"="2" }
"""


def profile(
    library: Path,
    session: Mapping[SessionParameter, str],
    *,
    pair: tuple[str, str] = ("QB1", "QB2"),
    third: str = "QB3",
    more: Mapping[str, Any] | None = None,
) -> Profile:
    """Describe the device for the suite.

    The programs need a quantum computer without noise, which a simulated one can be, because the suite holds
    their outcomes against what must come.

    Parameters
    ----------
    library
        The device library.
    session
        Parameters that open a session; at least the server's URL, unless the environment has it.
    pair
        Two qubits that are coupled.
    third
        Another qubit.
    more
        Fields of the profile that depend on the server: `bad_sessions`, `slow_session`, `failing_session`.

    Returns
    -------
    Profile
        What `qdmikit.conformance.run` takes.
    """
    first, second = pair
    entangled = (
        *(_prx(qubit, math.pi / 2, math.pi / 2) for qubit in pair),
        {"name": "cz", "locus": list(pair), "args": {}},
        _prx(second, -math.pi / 2, math.pi / 2),
    )
    flipped = _prx(first, math.pi, 0.0)
    fields: dict[str, Any] = {
        "library": library,
        "prefix": PREFIX,
        "session": dict(session),
        "environment": dict.fromkeys(_VARIABLES, ""),
        "session_parameters": _SESSION_PARAMETERS,
        "bell": _json(
            "00", "11", instructions=(*entangled, _measure(first, "c_2_0_0"), _measure(second, "c_2_0_1"))
        ),
        "one": _json(
            "001",
            instructions=(
                flipped,
                *(_measure(qubit, f"c_3_0_{bit}") for bit, qubit in enumerate((first, second, third))),
            ),
        ),
        # Register b of two bits, of which the lower is 1, then register a of one: a stands left.
        "registers": _json(
            "001",
            instructions=(
                flipped,
                _measure(first, "b_2_0_0"),
                _measure(second, "b_2_0_1"),
                _measure(third, "a_1_1_0"),
            ),
        ),
        "wide": _json("0" * 69 + "1", instructions=(flipped, _measure(first, "c_70_0_0"))),
        "unmeasured": _json("", instructions=(flipped,)),
        "malformed": Program.text(ProgramFormat.IQMJSON, '{"name": "cut short"'),
        "more": (Program.text(ProgramFormat.QIRBASESTRING, _QIR, "01"),),
        "options": _OPTIONS,
        "unknown_job_id": "00000000-0000-4000-8000-000000000000",
        "shots_required": True,
        "handles": "checked",
        "extensions": _EXTENSIONS,
        "bad_sessions": (
            BadSession("a base URL that is none", {SessionParameter.BASEURL: "nowhere"}, (Status.FATAL,)),
            BadSession("no server", {SessionParameter.BASEURL: "http://127.0.0.1:1"}, (Status.FATAL,)),
            BadSession("two credentials", _both_credentials(), (Status.PERMISSIONDENIED,)),
            BadSession(
                "an unknown computer", {SessionParameter.CUSTOM2: "no-such-computer"}, (Status.FATAL,)
            ),
        ),
    }
    return Profile(**(fields | dict(more or {})))


def _both_credentials() -> dict[SessionParameter, str]:
    return {SessionParameter.TOKEN: "a", SessionParameter.AUTHFILE: "/nonexistent/tokens.json"}


def _json(*outcomes: str, instructions: tuple[dict[str, Any], ...]) -> Program:
    circuit = {"name": "conformance", "instructions": list(instructions), "metadata": {}}
    return Program.text(ProgramFormat.IQMJSON, json.dumps(circuit), *outcomes)


def _prx(qubit: str, angle: float, phase: float) -> dict[str, Any]:
    return {"name": "prx", "locus": [qubit], "args": {"angle": angle, "phase": phase}}


def _measure(qubit: str, key: str) -> dict[str, Any]:
    return {"name": "measure", "locus": [qubit], "args": {"key": key}}
