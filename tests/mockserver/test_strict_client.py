# SPDX-License-Identifier: Apache-2.0
"""A client generated from the API's description: it takes no null, naive time or float unless promised."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mockserver.conftest import Circuits

    from iqm_mock_server import MockServer

Json = Any
"""What `json.loads` returns."""

Check = Callable[[Json], None]
"""Fails unless a value is what the client's type of it can hold."""

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
_STATUSES = {"waiting", "processing", "completed", "failed", "cancelled"}

# --- the types ----------------------------------------------------------------------------------------


def exactly(kind: type) -> Check:
    def check(value: Json) -> None:
        # An integer is no boolean and a float no integer, whatever Python thinks.
        assert type(value) is kind, value

    return check


text, integer, boolean = exactly(str), exactly(int), exactly(bool)


def number(value: Json) -> None:
    assert type(value) in {int, float}, value


def identifier(value: Json) -> None:
    text(value)
    assert str(uuid.UUID(value)) == value


def moment(value: Json) -> None:
    assert _MOMENT.fullmatch(value), value


def one_of(*words: str) -> Check:
    def check(value: Json) -> None:
        assert value in words, value

    return check


def array(of: Check) -> Check:
    def check(value: Json) -> None:
        assert isinstance(value, list), value
        for each in value:
            of(each)

    return check


def mapping(of: Check) -> Check:
    def check(value: Json) -> None:
        assert isinstance(value, dict), value
        for each in value.values():
            of(each)

    return check


def nullable(of: Check) -> Check:
    return lambda value: None if value is None else of(value)


def record(*optional: dict[str, Check], **required: Check) -> Check:
    """Return a check of an object; what is optional may be absent but not null, unless it is `nullable`."""
    may = {name: check for group in optional for name, check in group.items()}

    def check(value: Json) -> None:
        assert isinstance(value, dict), value
        assert required.keys() <= value.keys(), required.keys() - value.keys()
        for name, field in (required | may).items():
            if name in value:
                try:
                    field(value[name])
                except AssertionError as error:
                    raise AssertionError(f"{name}: {error}") from error

    return check


limits = record(
    {"max_circuits_per_job": integer, "max_shots_per_circuit": integer, "max_queued_jobs_per_user": integer},
    max_executions_per_job=integer,
    max_instructions_per_circuit=integer,
)
health = record(healthy=boolean, updated_at=moment)
computer = record(
    {
        "operational_status": one_of("online", "maintenance", "offline"),
        "health": nullable(health),
    },
    id=identifier,
    alias=text,
    display_name=text,
    description=text,
    backend_type=text,
    number_of_qubits=integer,
    pulla_enabled=boolean,
    queue_length=integer,
    limits=limits,
    pricing=record({"timeslot": record(slot_duration=integer, slot_price=text)}, payg_price_per_second=text),
    additional_info=record(
        academy_url=text, best_suited_for=array(text), documentation_url=text, mock_url=text
    ),
)
job_document = record(
    {
        "errors": nullable(array(record(error_code=text, message=text, source=text))),
        "execution": record(progress=mapping(record(value=integer, max_value=integer))),
        "compilation": record({"calibration_set_id": identifier, "execution_runtime_estimate_ms": integer}),
        "queue_position": integer,
        "runtime_ms": integer,
        "tag": text,
    },
    id=identifier,
    type=one_of("circuit"),
    status=one_of(*_STATUSES),
    qc=record(id=identifier),
    artifacts=array(record(type=text)),
    messages=array(record(source=text, message=text)),
    timeline=array(record(source=text, status=text, timestamp=moment)),
)
static_architecture = record(
    dut_label=text,
    qubits=array(text),
    computational_resonators=array(text),
    connectivity=array(array(text)),
)
dynamic_architecture = record(
    calibration_set_id=identifier,
    qubits=array(text),
    computational_resonators=array(text),
    gates=mapping(
        record(
            implementations=mapping(record(loci=array(array(text)))),
            default_implementation=text,
            override_default_implementation=mapping(text),
        )
    ),
)
observation_set = record(
    {"describes_id": nullable(identifier)},
    observation_set_id=identifier,
    observation_set_type=one_of("calibration-set", "quality-metric-set"),
    dut_label=text,
    invalid=boolean,
    created_timestamp=moment,
    end_timestamp=nullable(moment),
    observations=array(
        record(
            {"uncertainty": nullable(number)},
            observation_id=integer,
            dut_field=text,
            value=number,
            unit=text,
            invalid=boolean,
            created_timestamp=moment,
            modified_timestamp=moment,
        )
    ),
)
error_document = record(
    {"details": nullable(text)}, message=text, error_code=text, source=text, request_id=text
)
measurements = array(mapping(array(array(integer))))
measurement_counts = array(record(measurement_keys=array(text), counts=mapping(integer)))

# --- the client ---------------------------------------------------------------------------------------


class StrictClient:
    """Sends no `Accept-Encoding`, `Expect` or needless body, and reads only what it was promised."""

    def __init__(self, url: str, token: str | None) -> None:
        # As the client joins it: a root URL that ends in a slash, and paths that start with one.
        self._prefix = "/"
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
        self._headers = {"User-Agent": "OpenAPI-Generator/v1/rust", "Accept": "*/*"}
        if token is not None:
            self._headers["Authorization"] = f"Bearer {token}"

    def ask(
        self, method: str, path: str, check: Check, body: Json = None, expect: tuple[int, ...] = (200,)
    ) -> Json:
        self._connection.putrequest(method, self._prefix + path, skip_accept_encoding=True)
        for name, value in self._headers.items():
            self._connection.putheader(name, value)
        if body is None:
            self._connection.endheaders()
        else:
            data = json.dumps(body).encode()
            self._connection.putheader("Content-Type", "application/json")
            self._connection.putheader("Content-Length", str(len(data)))
            self._connection.endheaders(data)
        reply = self._connection.getresponse()
        data = reply.read()
        assert reply.status in expect, (reply.status, data)
        assert reply.headers["Content-Type"].startswith("application/json")
        assert reply.headers["Content-Encoding"] is None
        document = json.loads(data)
        check(document)
        return document

    def get(self, path: str, check: Check) -> Json:
        return self.ask("GET", path, check)

    def submit(self, machine: str, body: Json) -> Json:
        return self.ask(
            "POST", f"/api/v1/jobs/{machine}/circuit?use_timeslot=false&tag=a+tag", job_document, body
        )

    def ended(self, job_id: str) -> Json:
        path = f"/api/v1/jobs/{job_id}?wait_until_terminal=true&timeout_seconds=30"
        while (job := self.get(path, job_document))["status"] in {"waiting", "processing"}:
            pass
        return job

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def strict(iqm_mock_server: MockServer) -> Iterator[StrictClient]:
    client = StrictClient(iqm_mock_server.url, iqm_mock_server.token)
    yield client
    client.close()


def payload(circuits: type[Circuits], shots: int = 20) -> Json:
    program = [circuits.x("QB1"), circuits.measure("QB1", key="m_1_0_0")]
    return {"circuits": [{"name": "c", "instructions": program}], "shots": shots}


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (integer, 1.0),
        (integer, True),
        (moment, "2026-08-14T09:00:00"),
        (identifier, "garnet"),
        (record(name=text), {}),
        (record(name=text), {"name": None}),
        (record({"name": text}), {"name": None}),
        (array(record(name=text)), [{"name": "a"}, {"name": 1}]),
    ],
)
def test_it_refuses_what_it_was_not_promised(check: Check, value: Json) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check(value)


# --- what it sees -------------------------------------------------------------------------------------


MACHINES = ("garnet", "garnet:mock", "emerald", "adonis", "deneb")


@pytest.mark.iqm_mock_server(machine=MACHINES, token="s3cret")  # noqa: S106 - the mock's
def test_it_reads_every_document_of_every_machine_under_alias_and_id(strict: StrictClient) -> None:
    entry = record({"proxy_path": nullable(text)}, id=identifier, alias=text, display_name=text)
    listed = strict.get("/api/v1/quantum-computers", record(quantum_computers=array(entry)))
    assert [each["alias"] for each in listed["quantum_computers"]] == [*MACHINES]
    for each in listed["quantum_computers"]:
        assert "_" not in each["alias"]
        for name in (each["id"], each["alias"]):
            read_machine(strict, name)


def read_machine(strict: StrictClient, name: str) -> None:
    root = f"/api/v1/quantum-computers/{name}"
    details = strict.get(root, computer)
    assert details["health"]["healthy"] is True
    strict.get(f"{root}/health", health)
    assert strict.get(f"{root}/limits", limits).items() <= details["limits"].items()
    window = record(start=moment, end=moment)
    strict.get(f"{root}/queue-availability", record(queue_length=integer, available=array(window)))
    slots = record(available_slots=array(record()), booked_slots=array(record()), queue_length=integer)
    strict.get(f"{root}/timeslots", slots)
    [static] = strict.get(f"{root}/artifacts/static-quantum-architectures", array(static_architecture))
    assert len(static["qubits"]) == details["number_of_qubits"]
    about = record(version=text, software_versions=mapping(text))
    strict.get(f"{root}/artifacts/about", about)

    sets = f"/api/v1/calibration-sets/{name}"
    default = strict.get(f"{sets}/default/dynamic-quantum-architecture", dynamic_architecture)
    for document, check in (
        ("/dynamic-quantum-architecture", dynamic_architecture),
        ("/metrics", observation_set),
        ("", observation_set),
    ):
        by_word = strict.get(f"{sets}/default{document}", check)
        assert strict.get(f"{sets}/{default['calibration_set_id']}{document}", check) == by_word


@pytest.mark.iqm_mock_server(ideal=True)
def test_it_submits_polls_and_reads_the_results(strict: StrictClient, circuits: type[Circuits]) -> None:
    submitted = strict.submit("garnet", payload(circuits))
    job = strict.ended(submitted["id"])
    assert (job["status"], job["tag"]) == ("completed", "a tag")
    assert {each["type"] for each in job["artifacts"]} == {"measurements", "measurement_counts"}
    root = f"/api/v1/jobs/{job['id']}"
    assert strict.get(f"{root}/artifacts/measurements", measurements) == [{"m_1_0_0": [[1]] * 20}]
    [counted] = strict.get(f"{root}/artifacts/measurement_counts", measurement_counts)
    assert counted == {"measurement_keys": ["m_1_0_0"], "counts": {"1": 20}}
    assert strict.get(f"{root}/payload", record())["shots"] == 20


@pytest.mark.iqm_mock_server(duration=3600.0)
def test_cancel_answers_the_job_to_a_request_without_length_and_body(
    strict: StrictClient, circuits: type[Circuits]
) -> None:
    first, waiting = (strict.submit("garnet", payload(circuits))["id"] for _ in range(2))
    for job_id in (waiting, first):
        cancelled = strict.ask("POST", f"/api/v1/jobs/{job_id}/cancel", job_document, expect=(200, 202))
        assert (cancelled["id"], cancelled["status"]) == (job_id, "cancelled")


@pytest.mark.iqm_mock_server(duration=3600.0)
def test_a_held_poll_lets_others_through_and_ends_when_the_job_is_cancelled(
    iqm_mock_server: MockServer, strict: StrictClient, circuits: type[Circuits]
) -> None:
    job_id = strict.submit("garnet", payload(circuits))["id"]
    polling = StrictClient(iqm_mock_server.url, None)
    polls: list[Json] = []
    thread = threading.Thread(target=lambda: polls.append(polling.ended(job_id)))
    began = time.monotonic()
    thread.start()
    strict.get("/api/v1/quantum-computers/garnet/health", health)
    assert not polls
    strict.ask("POST", f"/api/v1/jobs/{job_id}/cancel", job_document)
    thread.join(timeout=60)
    assert polls[0]["status"] == "cancelled"
    # The poll would have been held for 30 seconds.
    assert time.monotonic() - began < 20
    polling.close()


@pytest.mark.iqm_mock_server(duration=3600.0)
def test_there_are_no_artifacts_yet_of_a_job_that_has_not_ended(
    strict: StrictClient, circuits: type[Circuits]
) -> None:
    job = strict.submit("garnet", payload(circuits))
    assert job["artifacts"] == []
    for name in ("measurements", "measurement_counts"):
        path = f"/api/v1/jobs/{job['id']}/artifacts/{name}"
        error = strict.ask("GET", path, error_document, expect=(404,))
        assert error["error_code"] == "job_artifact_not_found"


@pytest.mark.iqm_mock_server(token="s3cret")  # noqa: S106 - the mock's
@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", f"/api/v1/jobs/{uuid.uuid4()}", 404, "job_not_found"),
        ("POST", f"/api/v1/jobs/{uuid.uuid4()}/cancel", 404, "job_not_found"),
        ("GET", "/api/v1/quantum-computers/nowhere", 404, "qc_not_found"),
        ("GET", f"/api/v1/calibration-sets/garnet/{uuid.uuid4()}", 404, "calibration_set_not_found"),
    ],
    ids=["job", "cancel", "computer", "calibration set"],
)
def test_what_is_not_there_is_an_error_that_it_can_read(
    strict: StrictClient, method: str, path: str, status: int, code: str
) -> None:
    error = strict.ask(method, path, error_document, expect=(status,))
    assert error["error_code"] == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"circuits": [], "shots": 1}, "invalid_job_payload"),
        ({"circuits": [{"name": "c", "instructions": []}], "shots": 0}, "invalid_job_payload"),
        (
            {"circuits": [{"name": "c", "instructions": [{"name": "swap", "locus": ["QB1"]}]}]},
            "invalid_job_payload",
        ),
    ],
    ids=["no circuit", "no shots", "no such gate"],
)
def test_a_bad_submission_is_answered_400(strict: StrictClient, body: Json, code: str) -> None:
    error = strict.ask("POST", "/api/v1/jobs/garnet/circuit", error_document, body, expect=(400,))
    assert error["error_code"] == code


@pytest.mark.iqm_mock_server(token="s3cret")  # noqa: S106 - the mock's
@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_stranger_is_answered_401(iqm_mock_server: MockServer, token: str | None) -> None:
    stranger = StrictClient(iqm_mock_server.url, token)
    error = stranger.ask("GET", "/api/v1/quantum-computers", error_document, expect=(401,))
    assert error["error_code"] == "unauthorized"
    stranger.close()
