# SPDX-License-Identifier: Apache-2.0
"""What a device is given when a job is submitted, and what comes back."""

import json
from collections.abc import Callable

import pytest

import qdmikit
from qdmikit import JobStatus, ProgramFormat

PROGRAM = "OPENQASM 3.0;"


def given_to(job: qdmikit.Job) -> dict[str, object]:
    """Return what the scripted device was given."""
    record = job.custom_bytes(1)
    assert record is not None
    given: dict[str, object] = json.loads(record.rstrip(b"\0"))
    return given


def test_text_gets_its_terminating_nul(scripted: Callable[..., qdmikit.Device]) -> None:
    given = given_to(scripted().submit(["a", "ü"], ProgramFormat.QASM3, shots=7, custom2="z"))
    assert given["programs"] == ["6100", "ü".encode().hex() + "00"]
    assert given["shots"] == 7
    assert given["custom"] == {"2": "7a00"}


def test_bytes_stay_as_they_are(scripted: Callable[..., qdmikit.Device]) -> None:
    assert given_to(scripted().submit(b"\0\1", ProgramFormat.QPY))["programs"] == ["0001"]


def test_custom_formats_take_text_and_bytes(scripted: Callable[..., qdmikit.Device]) -> None:
    given = given_to(scripted().submit(["a", b"a"], ProgramFormat.CUSTOM1))
    assert given["programs"] == ["6100", "61"]


@pytest.mark.parametrize(
    ("program", "program_format", "wanted"),
    [
        (b"text", ProgramFormat.QASM3, "must be str, not bytes"),
        ("x", ProgramFormat.QPY, "must be bytes, not str"),
    ],
)
def test_text_and_binary_are_not_mixed_up(
    scripted: Callable[..., qdmikit.Device], program: str | bytes, program_format: ProgramFormat, wanted: str
) -> None:
    with pytest.raises(TypeError, match=wanted):
        scripted().submit(program, program_format)


def test_what_makes_no_job_is_refused(scripted: Callable[..., qdmikit.Device]) -> None:
    device = scripted()
    with pytest.raises(qdmikit.InvalidArgument, match="at least one program"):
        device.submit([], ProgramFormat.QASM3)
    with pytest.raises(qdmikit.InvalidArgument, match="program 1 has a NUL"):
        device.submit([PROGRAM, "a\0b"], ProgramFormat.QASM3)
    with pytest.raises(qdmikit.InvalidArgument, match="must not be negative"):
        device.submit(PROGRAM, ProgramFormat.QASM3, shots=-1)
    with pytest.raises(TypeError):
        device.submit(PROGRAM, ProgramFormat.QASM3, shots=1.5)  # type: ignore[arg-type]


def test_no_shots_leave_the_number_to_the_device(scripted: Callable[..., qdmikit.Device]) -> None:
    assert "shots" not in given_to(scripted().submit(PROGRAM, ProgramFormat.QASM3))


def test_warnings_are_no_errors(scripted: Callable[..., qdmikit.Device]) -> None:
    with pytest.warns(qdmikit.DeviceWarning, match="session_init"):
        device = scripted(answers={"job_submit": 1, "job_wait": 1, "session_init": 1})
    with pytest.warns(qdmikit.DeviceWarning, match="job_submit"):
        job = device.submit(PROGRAM, ProgramFormat.QASM3)
    with pytest.warns(qdmikit.DeviceWarning, match="job_wait"):
        assert job.wait() is JobStatus.DONE


def test_jobs_are_retrieved_by_id(scripted: Callable[..., qdmikit.Device]) -> None:
    device = scripted()
    submitted = device.submit(PROGRAM, ProgramFormat.QASM3)
    retrieved = device.retrieve_job(submitted.id)
    assert isinstance(retrieved, qdmikit.Job)
    assert retrieved.id == submitted.id
    assert retrieved.programs_num is None
    with pytest.raises(LookupError):
        device.retrieve_job("another")


def test_calibrations_take_the_extension(scripted: Callable[..., qdmikit.Device]) -> None:
    job = scripted().submit_calibration("{}", ProgramFormat.QASM3)
    assert given_to(job)["submitted"] == "calibration"


def test_counts_and_memory(scripted: Callable[..., qdmikit.Device]) -> None:
    results = {"HIST_KEYS": "00,11", "HIST_VALUES": [1, 2], "SHOTS": "11,00,11"}
    job = scripted(results=results).submit(PROGRAM, ProgramFormat.QASM3)
    assert job.counts() == {"00": 1, "11": 2}
    assert job.memory() == ["11", "00", "11"]
    assert job.raw_result(qdmikit.JobResult.SHOTS) == b"11,00,11\0"


def test_a_histogram_that_names_a_key_twice_loses_no_counts(scripted: Callable[..., qdmikit.Device]) -> None:
    job = scripted(results={"HIST_KEYS": "0,0", "HIST_VALUES": [1, 2]}).submit(PROGRAM, ProgramFormat.QASM3)
    with pytest.raises(qdmikit.ProtocolError, match="twice"):
        job.counts()


def test_a_job_keeps_its_session(scripted: Callable[..., qdmikit.Device]) -> None:
    job = scripted().submit(PROGRAM, ProgramFormat.QASM3)
    assert job.status is JobStatus.DONE
