# SPDX-License-Identifier: Apache-2.0
"""What QDMI's conformance suite runs on: our device on mock servers, a device of somebody else, a toy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from iqm_mock_server import serve
from iqm_mock_server.control.plan import Drift, Effect, FaultPlan, Match, Rule
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
from qdmikit.conformance.profile_file import read_profile_fields
from qdmikit_iqm import conformance_profile, library_path

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "conformance"  # noqa: S105 - the mock's

_QASM = 'OPENQASM 3.0;\ninclude "stdgates.inc";\n'


@pytest.fixture(scope="session")
def our_profile() -> Iterator[Profile]:
    """Describe our device, on three servers: a quick one, one whose jobs last, and one whose jobs fail."""
    failing = FaultPlan(
        rules=[
            Rule(
                match=Match(method="GET", path="/api/v1/jobs/????????-????-????-????-????????????"),
                effect=Effect(drift=Drift(set={"/status": "failed"})),
            )
        ]
    )
    override = os.environ.get("QDMIKIT_TEST_DEVICE_LIBRARY")
    with (
        serve(ideal=True, token=TOKEN) as quick,
        serve(ideal=True, token=TOKEN, duration=30.0) as slow,
        serve(ideal=True, token=TOKEN, faults=failing) as broken,
    ):
        wrong = BadSession("a wrong token", {SessionParameter.TOKEN: "wr0ng"}, (Status.PERMISSIONDENIED,))
        session = {SessionParameter.BASEURL: quick.url, SessionParameter.TOKEN: TOKEN}
        made = conformance_profile.profile(Path(override) if override else library_path(), session)
        yield conformance_profile.profile(
            made.library,
            session,
            more={
                "slow_session": {SessionParameter.BASEURL: slow.url},
                "failing_session": {SessionParameter.BASEURL: broken.url},
                "bad_sessions": (*made.bad_sessions, wrong),
            },
        )


@pytest.fixture(scope="session")
def ddsim_profile() -> Profile:
    """Describe the simulator of mqt-core."""
    import mqt.core

    def program(bits: int, *lines: str, outcomes: tuple[str, ...]) -> Program:
        head = f"{_QASM}qubit[{bits}] q;\nbit[{bits}] c;\n"
        return Program.text(ProgramFormat.QASM3, head + "\n".join(lines), *outcomes)

    bell = program(2, "h q[0];", "cx q[0], q[1];", "c = measure q;", outcomes=("00", "11"))
    two = f"{_QASM}qubit[3] q;\nbit[2] b;\nbit[1] a;\nx q[0];\nb[0] = measure q[0];\nb[1] = measure q[1];\n"
    return Profile(
        library=Path(mqt.core.__file__).parent / "lib64" / "libmqt-core-qdmi-ddsim-device.so",
        prefix="MQT_DDSIM",
        bell=bell,
        one=program(3, "x q[0];", "c = measure q;", outcomes=("001",)),
        registers=Program.text(ProgramFormat.QASM3, two + "a[0] = measure q[2];\n", "001"),
        wide=program(70, "x q[0];", "c = measure q;", outcomes=("0" * 69 + "1",)),
        malformed=Program.text(ProgramFormat.QASM3, "OPENQASM 3.0;\nqubit["),
        states=True,
        session_parameters=frozenset(),
        options=(
            JobOption(JobParameter.CUSTOM1, b"\1\0\0\0", (b"\1",)),
            JobOption(JobParameter.CUSTOM2, b"\1", (b"\1\0\0\0",)),
            JobOption(JobParameter.CUSTOM3, b"\1\0\0\0", (b"\1",)),
        ),
    )


def _toy(library: str) -> Profile:
    folder = os.environ.get("QDMIKIT_TEST_LIBRARY_DIR")
    if folder is None:
        pytest.fail("QDMIKIT_TEST_LIBRARY_DIR is not set: it must name <build>/tests/conformance/toy")
    fields = read_profile_fields(Path(__file__).parent / "toy" / "profile.toml")
    return Profile(library=Path(folder) / library, **fields)


@pytest.fixture(scope="session")
def toy_profile() -> Profile:
    """Describe the device in ``tests/conformance/toy``."""
    return _toy("libtoy-device.so")


@pytest.fixture(scope="session")
def misnamed_toy_profile() -> Profile:
    """Describe the same with one function under another name."""
    return _toy("libmisnamed-toy-device.so")
