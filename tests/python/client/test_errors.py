# SPDX-License-Identifier: Apache-2.0
"""What a failing device raises in Python."""

import pickle
from collections.abc import Callable
from pathlib import Path

import pytest

import qdmikit
from qdmikit import ProgramFormat

RIGHT, WRONG = "right", "wrong"  # tokens to the scripted device

EXPECTED = {
    -1: ("FATAL", qdmikit.Fatal, RuntimeError),
    -2: ("OUTOFMEM", qdmikit.OutOfMemory, MemoryError),
    -3: ("NOTIMPLEMENTED", qdmikit.NotImplementedByDevice, NotImplementedError),
    -4: ("LIBNOTFOUND", qdmikit.LibraryNotFound, FileNotFoundError),
    -5: ("NOTFOUND", qdmikit.NotFound, LookupError),
    -6: ("OUTOFRANGE", qdmikit.OutOfRange, IndexError),
    -7: ("INVALIDARGUMENT", qdmikit.InvalidArgument, ValueError),
    -8: ("PERMISSIONDENIED", qdmikit.PermissionDenied, PermissionError),
    -9: ("NOTSUPPORTED", qdmikit.NotSupported, RuntimeError),
    -10: ("BADSTATE", qdmikit.BadState, RuntimeError),
    -11: ("TIMEOUT", qdmikit.Timeout, TimeoutError),
}


def submit(device: qdmikit.Device) -> qdmikit.Job:
    return device.submit("OPENQASM 3.0;", ProgramFormat.QASM3)


@pytest.mark.parametrize("answer", EXPECTED)
def test_every_status_has_a_class_and_a_builtin(
    scripted: Callable[..., qdmikit.Device], library_named: Callable[[str], Path], answer: int
) -> None:
    status, own, builtin = EXPECTED[answer]
    with pytest.raises(builtin) as caught:
        submit(scripted(answers={"job_submit": answer}))
    error = caught.value
    assert type(error) is own
    assert isinstance(error, qdmikit.Error)
    assert error.status == status
    assert error.kind == own.__name__
    assert error.function == "SCRIPTED_QDMI_device_job_submit"
    assert error.library == library_named("scripted-device")
    assert str(error.library) in str(error)
    assert (error.http_status, error.error_code, error.request_id, error.server_errors) == (
        None,
        None,
        None,
        (),
    )


@pytest.mark.parametrize("kind", ["Unreachable", "ProtocolError", "SubmissionOutcomeUnknown"])
def test_known_kinds_have_classes_of_their_own(scripted: Callable[..., qdmikit.Device], kind: str) -> None:
    with pytest.raises(getattr(qdmikit, kind)) as caught:
        submit(scripted(answers={"job_submit": -1}, last_error={"kind": kind}))
    assert isinstance(caught.value, qdmikit.Fatal)
    assert isinstance(caught.value, ConnectionError) == (kind == "Unreachable")


def test_an_answer_outside_of_qdmi_is_a_protocol_error(scripted: Callable[..., qdmikit.Device]) -> None:
    with pytest.raises(qdmikit.ProtocolError, match="returned -12"):
        submit(scripted(answers={"job_submit": -12}))


def test_the_devices_own_words_arrive(scripted: Callable[..., qdmikit.Device]) -> None:
    server_errors = [{"error_code": "e", "message": "ü", "source": "s"}]
    device = scripted(
        answers={"job_submit": -8},
        last_error={
            "kind": "QuotaExhausted",
            "message": "quota exhausted",
            "http_status": 403,
            "error_code": "quota_exceeded",
            "request_id": "r-1",
            "server_errors": server_errors,
        },
    )
    with pytest.raises(qdmikit.PermissionDenied, match="cannot submit the job: quota exhausted") as caught:
        submit(device)
    error = caught.value
    assert error.kind == "QuotaExhausted"
    assert error.message == "quota exhausted"
    assert error.http_status == 403
    assert error.error_code == "quota_exceeded"
    assert error.request_id == "r-1"
    assert error.server_errors == tuple(server_errors)


def test_a_failed_job_tells_the_servers_errors(scripted: Callable[..., qdmikit.Device]) -> None:
    job = submit(scripted(job_status=6, last_error={"server_errors": [{"message": "laser off"}]}))
    for read in (job.counts, job.memory):
        with pytest.raises(qdmikit.BadState) as caught:
            read()
        assert caught.value.server_errors[0]["message"] == "laser off"


def test_errors_can_be_sent_to_another_process(scripted: Callable[..., qdmikit.Device]) -> None:
    for answer, (_, own, _) in EXPECTED.items():
        with pytest.raises(own) as caught:
            submit(
                scripted(answers={"job_submit": answer}, last_error={"message": "why", "http_status": 500})
            )
        copied = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own pickle
        assert type(copied) is own
        assert str(copied) == str(caught.value)
        assert vars(copied) == vars(caught.value)


def test_a_failed_opening_names_file_and_reason(tmp_path: Path) -> None:
    missing = tmp_path / "libmissing.so"
    with pytest.raises(FileNotFoundError, match="No such file or directory") as caught:
        qdmikit.open_device(library=missing, prefix="MY")
    assert isinstance(caught.value, qdmikit.LoadError)
    assert caught.value.library == missing
    assert str(missing) in str(caught.value)


def test_a_library_without_a_symbol_is_named_with_it(library_named: Callable[[str], Path]) -> None:
    with pytest.raises(
        qdmikit.LoadError, match="FAULTY_QDMI_device_job_submit, FAULTY_QDMI_device_job_free"
    ) as caught:
        qdmikit.open_device(library=library_named("lacks-symbol"), prefix="FAULTY")
    assert caught.value.kind == "LoadError"


def test_a_library_for_qdmi_1_3_is_recognised(library_named: Callable[[str], Path]) -> None:
    with pytest.raises(qdmikit.LoadError, match=r"QDMI 1\.3"):
        qdmikit.open_device(library=library_named("qdmi-1-3"), prefix="FAULTY")


def test_bare_names_are_not_searched_for(
    library_named: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "libhere.so").symlink_to(library_named("scripted-device"))
    monkeypatch.chdir(tmp_path)
    with pytest.raises(qdmikit.InvalidArgument, match=r"\./libhere\.so"):
        qdmikit.open_device(library="libhere.so", prefix="SCRIPTED")
    assert qdmikit.open_device(library="./libhere.so", prefix="SCRIPTED").name == "Scripted"


def test_a_failed_initialisation_can_be_repeated_with_better_credentials(
    library_named: Callable[[str], Path],
) -> None:
    library = library_named("scripted-device")
    with pytest.raises(PermissionError):
        qdmikit.open_device(library=library, prefix="SCRIPTED", token=WRONG)
    assert qdmikit.open_device(library=library, prefix="SCRIPTED", token=RIGHT).name == "Scripted"


def test_open_device_takes_an_id_or_a_library(ddsim_library: Path) -> None:
    with pytest.raises(TypeError, match="not both"):
        qdmikit.open_device("mqt.ddsim.default", library=ddsim_library)
    with pytest.raises(TypeError, match="needs an id"):
        qdmikit.open_device(library=ddsim_library)
    with pytest.raises(TypeError, match="base_url must be a str, not int"):
        qdmikit.open_device(library=ddsim_library, prefix="MQT_DDSIM", base_url=5)  # type: ignore[arg-type]
