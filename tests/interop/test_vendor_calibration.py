# SPDX-License-Identifier: Apache-2.0
"""A calibration through the C interface of the vendor's device library, the way its own users start one."""

from __future__ import annotations

import ctypes
import http.client
import json
import math
from ctypes import c_char_p, c_int, c_size_t, c_void_p
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from iqm.qdmi import IQM_QDMI_LIBRARY_PATH

from iqm_mock_server.calibration.script import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iqm_mock_server import MockServer
    from iqm_mock_server.computers import QuantumComputer, QuantumComputers

# Of qdmi/constants.h.
SUCCESS, NOT_SUPPORTED, INVALID_ARGUMENT, TIMEOUT = 0, -9, -7, -11
BASE_URL, COMPUTER = 0, 999_999_996
CALIBRATION_SET = 999_999_995
SHOTS = 2
IQM_JSON = 8
HISTOGRAM_KEYS = 1
QUEUED, RUNNING, DONE, CANCELED, FAILED = range(2, 7)

# As the vendor's own tests have it, the comma too many included: nobody on the way parses it.
CONFIGURATION = """{
  "procedure_config": {
    "excluded_qubits": [], "excluded_pairs": [], "initial_calibration_point": null,
    "remove_gbc_prefixed_observations": true, "set_default": "always", "description": "from a test",
  },
  "builder_config": {"name": "iqm.cocos.app.MockGraphBuilder", "args": {}},
  "graph_config": {}, "graph_definition": null,
}"""


class Session:
    """A session of the vendor's library.

    Parameters
    ----------
    url
        Of the server.
    computer
        Alias of the machine.
    """

    def __init__(self, url: str, computer: str) -> None:
        self._library = ctypes.CDLL(str(IQM_QDMI_LIBRARY_PATH))
        # Never finalized: other tests of this process have the library open as well.
        self("device_initialize")
        self._handle = c_void_p()
        self("device_session_alloc", ctypes.byref(self._handle))
        for parameter, value in ((BASE_URL, url), (COMPUTER, computer)):
            text = value.encode() + b"\0"
            self(
                "device_session_set_parameter",
                *(self._handle, c_int(parameter), c_size_t(len(text)), c_char_p(text)),
            )
        self("device_session_init", self._handle)

    def __call__(self, function: str, *arguments: Any, status: int = SUCCESS) -> None:  # noqa: ANN401
        assert getattr(self._library, f"IQM_QDMI_{function}")(*arguments) == status

    def text(self, function: str, *arguments: Any) -> str:  # noqa: ANN401 - of any C type
        """Ask for a string: for its size first, then for itself."""
        size = c_size_t()
        self(function, *arguments, c_size_t(0), None, ctypes.byref(size))
        buffer = ctypes.create_string_buffer(size.value)
        self(function, *arguments, size, buffer, None)
        return buffer.value.decode()

    def calibration_set(self) -> str:
        return self.text("device_session_query_device_property", self._handle, c_int(CALIBRATION_SET))

    def job(self, program: str) -> Job:
        return Job(self, self._handle, program)

    def close(self) -> None:
        free = self._library.IQM_QDMI_device_session_free
        free.restype = None
        free(self._handle)


class Job:
    """A job with one program."""

    def __init__(self, session: Session, handle: c_void_p, program: str) -> None:
        self._session = session
        self._handle = c_void_p()
        session("device_session_create_device_job", handle, ctypes.byref(self._handle))
        text = program.encode() + b"\0"
        sizes, programs = (c_size_t * 1)(len(text)), (c_char_p * 1)(text)
        session("device_job_set_programs", self._handle, c_int(IQM_JSON), c_size_t(1), sizes, programs)

    def calibrate(self, status: int = SUCCESS) -> None:
        self._session("device_job_submit_calibration", self._handle, status=status)

    def run(self, shots: int) -> None:
        value = c_size_t(shots)
        self._session(
            "device_job_set_parameter",
            *(self._handle, c_int(SHOTS), c_size_t(ctypes.sizeof(value)), ctypes.byref(value)),
        )
        self._session("device_job_submit", self._handle)

    def check(self) -> int:
        status = c_int()
        self._session("device_job_check", self._handle, ctypes.byref(status))
        return status.value

    def wait(self, seconds: int, status: int = SUCCESS) -> None:
        self._session("device_job_wait", self._handle, c_size_t(seconds), status=status)

    def cancel(self, status: int = SUCCESS) -> None:
        self._session("device_job_cancel", self._handle, status=status)

    def result(self, kind: int) -> str:
        return self._session.text("device_job_get_results", self._handle, c_size_t(0), c_int(kind))


@pytest.fixture
def session(iqm_mock_server: MockServer) -> Iterator[Session]:
    opened = Session(iqm_mock_server.url, "garnet")
    yield opened
    opened.close()


@pytest.fixture
def computer(iqm_mock_server: MockServer) -> QuantumComputer:
    computers: QuantumComputers = iqm_mock_server.app.extensions["iqm_mock_server"]
    return computers.find("garnet")


def ask(server: MockServer, path: str) -> Any:  # noqa: ANN401 - what json.loads returns
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
    connection.request("GET", path)
    reply = connection.getresponse()
    document = json.loads(reply.read())
    connection.close()
    assert reply.status == 200, document
    return document


def default_set(server: MockServer) -> str:
    path = "/api/v1/calibration-sets/garnet/default/dynamic-quantum-architecture"
    return str(ask(server, path)["calibration_set_id"])


@pytest.mark.iqm_mock_server(speed=100)
def test_a_calibration_ends_in_a_new_set_that_becomes_the_default(
    session: Session, iqm_mock_server: MockServer
) -> None:
    before = default_set(iqm_mock_server)
    assert session.calibration_set() == before
    job = session.job(CONFIGURATION)
    job.calibrate()
    job.wait(60)
    assert job.check() == DONE
    made = job.result(CALIBRATION_SET)
    assert made == default_set(iqm_mock_server) != before
    renewed = Session(iqm_mock_server.url, "garnet")
    assert renewed.calibration_set() == made
    renewed.close()


@pytest.mark.iqm_mock_server(speed=100)
def test_the_older_set_stays_in_use_where_it_was(session: Session, iqm_mock_server: MockServer) -> None:
    before = default_set(iqm_mock_server)
    job = session.job(
        CONFIGURATION.replace('"always"', '"never"').replace(",\n  }", "\n  }").replace(",\n}", "}")
    )
    job.calibrate()
    job.wait(60)
    made = job.result(CALIBRATION_SET)
    assert made != before == default_set(iqm_mock_server)
    assert ask(iqm_mock_server, f"/api/v1/calibration-sets/garnet/{made}")["observation_set_id"] == made


@pytest.mark.iqm_mock_server(speed=100, ideal=True)
def test_jobs_run_after_a_calibration(session: Session) -> None:
    calibration = session.job(CONFIGURATION)
    calibration.calibrate()
    calibration.wait(60)
    flip = {"name": "prx", "locus": ["QB1"], "args": {"angle": math.pi, "phase": 0.0}}
    measure = {"name": "measure", "locus": ["QB1"], "args": {"key": "m"}}
    job = session.job(json.dumps({"name": "flip", "instructions": [flip, measure], "metadata": {}}))
    job.run(shots=10)
    job.wait(60)
    assert job.result(HISTOGRAM_KEYS) == "1"


@pytest.mark.iqm_mock_server(speed=100)
def test_a_calibration_that_fails_is_a_failed_job(session: Session, computer: QuantumComputer) -> None:
    computer.calibration_runs.script_next(Script(error="QB7 was not found"))
    job = session.job(CONFIGURATION)
    job.calibrate()
    job.wait(60)
    assert job.check() == FAILED


@pytest.mark.iqm_mock_server(speed=0.001)
def test_a_calibration_can_be_cancelled_once(session: Session, iqm_mock_server: MockServer) -> None:
    before = default_set(iqm_mock_server)
    job = session.job(CONFIGURATION)
    job.calibrate()
    job.wait(1, status=TIMEOUT)
    assert job.check() == RUNNING
    job.cancel()
    assert job.check() == CANCELED
    job.cancel(status=INVALID_ARGUMENT)
    assert default_set(iqm_mock_server) == before


@pytest.mark.iqm_mock_server(speed=0.001)
def test_a_second_calibration_waits_for_the_first(session: Session) -> None:
    first, second = session.job(CONFIGURATION), session.job("not even JSON")
    first.calibrate()
    second.calibrate()
    assert second.check() == QUEUED
    second.cancel()
    first.cancel()
    assert second.check() == first.check() == CANCELED


@pytest.mark.iqm_mock_server(calibration_service=False)
def test_without_the_service_the_library_says_that_it_cannot_calibrate(session: Session) -> None:
    session.job(CONFIGURATION).calibrate(status=NOT_SUPPORTED)
