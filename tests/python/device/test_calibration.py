# SPDX-License-Identifier: Apache-2.0
"""Calibrations from end to end: what handles that are older than the calibration say after it."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

import qdmikit
from iqm_mock_server.calibration.script import Script
from iqm_mock_server.control import FaultPlan
from qdmikit import JobResult, JobStatus, ProgramFormat

if TYPE_CHECKING:
    from collections.abc import Callable

    from iqm_mock_server import MockServer
    from iqm_mock_server.computers import QuantumComputer

    Open = Callable[[str], qdmikit.Device]

pytestmark = pytest.mark.iqm_mock_server(calibration_duration=0.1)

NEW_T1 = 5e-06


def computer(server: MockServer) -> QuantumComputer:
    found: QuantumComputer = server.app.extensions["iqm_mock_server"].find("garnet")
    return found


def script_new_t1(server: MockServer) -> None:
    computer(server).calibration_runs.script_next(
        Script.model_validate({"drift": False, "coherence": {"QB3": {"t1": NEW_T1}}})
    )


def calibrated(device: qdmikit.Device) -> qdmikit.Job:
    job = device.submit_calibration("{}", ProgramFormat.IQMJSON)
    job.wait(60)
    assert job.status is JobStatus.DONE
    return job


def result(job: qdmikit.Job) -> str:
    return job.raw_result(JobResult.CUSTOM1).rstrip(b"\0").decode()


def away(path: str, count: int) -> FaultPlan:
    """Let as many requests below a path be answered with a status that is not repeated."""
    rule = {"match": {"path": path}, "times": count, "effect": {"status": {"code": 500}}}
    return FaultPlan.model_validate({"rules": [rule]})


def test_old_handles_answer_with_the_figures_of_the_new_set(
    iqm_mock_server: MockServer, open_device: Open
) -> None:
    device = open_device(iqm_mock_server.url)
    (site,) = [site for site in device.sites if site.name == "QB3"]
    old_set, old_t1 = device.custom(1), site.t1
    script_new_t1(iqm_mock_server)

    job = calibrated(device)
    assert site.t1 == old_t1, "nothing moves before the result is asked for"
    new_set = result(job)

    assert new_set == str(computer(iqm_mock_server).calibrations.find(None).id) != old_set
    assert site.t1 == pytest.approx(NEW_T1, abs=1e-9)
    assert old_t1 != pytest.approx(NEW_T1, rel=0.1)


def test_a_set_that_is_not_there_yet_is_read_after_the_pause(
    iqm_mock_server: MockServer, open_device: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IQM_CALIBRATION_RETRY_SECONDS", "1")
    device = open_device(iqm_mock_server.url)
    (site,) = [site for site in device.sites if site.name == "QB3"]
    script_new_t1(iqm_mock_server)
    job = calibrated(device)
    iqm_mock_server.faults.use(away("*dynamic-quantum-architecture", 1))
    before = iqm_mock_server.ledger.requests()[-1].number

    result(job)

    assert site.t1 == pytest.approx(NEW_T1, abs=1e-9)
    failed, repeated = [
        entry
        for entry in iqm_mock_server.ledger.requests(before)
        if entry.path.endswith("dynamic-quantum-architecture")
    ]
    assert (failed.status, repeated.status) == (500, 200)
    assert repeated.started_monotonic - failed.started_monotonic >= 1


def test_there_is_one_retry_and_the_result_can_be_asked_for_again(
    iqm_mock_server: MockServer, open_device: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IQM_CALIBRATION_RETRY_SECONDS", "1")
    device = open_device(iqm_mock_server.url)
    script_new_t1(iqm_mock_server)
    job = calibrated(device)
    iqm_mock_server.faults.use(away("*dynamic-quantum-architecture", 2))

    with pytest.raises(qdmikit.Error, match="500"):
        result(job)
    assert result(job) == str(computer(iqm_mock_server).calibrations.find(None).id)


def test_cancelling_during_the_pause_ends_it_at_once(
    iqm_mock_server: MockServer, open_device: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IQM_CALIBRATION_RETRY_SECONDS", "120")
    device = open_device(iqm_mock_server.url)
    job = calibrated(device)
    iqm_mock_server.faults.use(away("*dynamic-quantum-architecture", 1))
    raised: list[BaseException] = []

    def read() -> None:
        try:
            result(job)
        except qdmikit.Error as error:
            raised.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    while not any(entry.status == 500 for entry in iqm_mock_server.ledger.requests()):
        time.sleep(0.01)
    reader.join(0.2)
    assert reader.is_alive(), "it pauses"
    started = time.monotonic()
    with pytest.raises(qdmikit.Error):
        job.cancel()  # it has ended, which is what QDMI says about cancelling such a job
    reader.join(10)
    assert not reader.is_alive()
    assert time.monotonic() - started < 1
    (error,) = raised
    assert "was ended" in str(error)


def test_a_calibration_that_fails_says_why(iqm_mock_server: MockServer, open_device: Open) -> None:
    device = open_device(iqm_mock_server.url)
    computer(iqm_mock_server).calibration_runs.script_next(
        Script.model_validate({"error": "the cryostat is warm"})
    )
    job = device.submit_calibration("{}", ProgramFormat.IQMJSON)
    job.wait(60)
    assert job.status is JobStatus.FAILED
    with pytest.raises(qdmikit.Error, match="the cryostat is warm"):
        result(job)
