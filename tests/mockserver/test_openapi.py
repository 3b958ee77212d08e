# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document says all that there is, and each reply says no more than it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from pydantic import ValidationError

from iqm_mock_server import Settings, create_app, serve
from iqm_mock_server.errors import ErrorCode
from iqm_mock_server.schemas.jobs import JobDocument
from iqm_mock_server.schemas.quantum_computers import Health

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.mockserver.conftest import Api, Circuits, Connect, Json

DOCUMENT = "/api/openapi.json"

KEYWORDS = {
    *("$ref", "additionalProperties", "anyOf", "const", "default", "description", "enum", "examples"),
    *("exclusiveMaximum", "exclusiveMinimum", "format", "items", "maxItems", "maxLength", "maximum"),
    *("minItems", "minLength", "minimum", "oneOf", "pattern", "prefixItems", "properties", "propertyNames"),
    *("required", "title", "type", "uniqueItems", "discriminator", "patternProperties"),
}
"""Of JSON Schema; a constraint under any other name constrains nothing."""


@pytest.fixture(scope="module")
def document() -> Json:
    app = create_app(Settings(machines=("garnet", "garnet:mock")))
    try:
        return app.test_client().get(DOCUMENT).get_json()
    finally:
        app.extensions["iqm_mock_server"].close()


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, entry in document["paths"].items():
        for method, operation in entry.items():
            yield method.upper(), path, operation


def schemas(node: Any) -> Iterator[Json]:  # noqa: ANN401 - any part of a schema
    """Yield a schema and all within it."""
    yield node
    for key in ("items", "additionalProperties", "propertyNames"):
        if isinstance(node.get(key), dict):
            yield from schemas(node[key])
    for key in ("anyOf", "oneOf", "prefixItems"):
        for part in node.get(key, []):
            yield from schemas(part)
    for part in node.get("properties", {}).values():
        yield from schemas(part)


def all_schemas(document: Json) -> Iterator[Json]:
    for component in document["components"]["schemas"].values():
        yield from schemas(component)
    for _, _, operation in operations(document):
        for parameter in operation["parameters"]:
            yield from schemas(parameter["schema"])
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                yield from schemas(content["schema"])


def test_it_is_served_as_json(api: Api) -> None:
    reply = api.get(DOCUMENT)
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.json["openapi"].startswith("3.1.")


def test_every_route_of_the_api_is_in_it(document: Json) -> None:
    app = create_app()
    try:
        rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith(("/api/", "/cocos/"))]
    finally:
        app.extensions["iqm_mock_server"].close()
    described = {operation["operationId"] for _, _, operation in operations(document)}
    # These refuse whatever they are asked, and the document does not describe itself.
    left_out = {
        "quantum_computers.unknown_artifact",
        "jobs.unknown_artifact",
        "server.openapi",
    }
    assert {rule.endpoint for rule in rules} - described == left_out


def test_every_operation_is_named_once(document: Json) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names)) > 20


def test_every_reference_leads_somewhere_and_every_schema_is_used(document: Json) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    text = str(document)
    used = set(re.findall(r"#/components/schemas/\w+", text))
    assert used == known


def test_every_schema_uses_words_of_json_schema_alone(document: Json) -> None:
    found = list(all_schemas(document))
    assert len(found) > 100
    assert {word for schema in found for word in schema} <= KEYWORDS


def test_every_path_parameter_is_described(document: Json) -> None:
    for _, path, operation in operations(document):
        described = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        assert described == set(re.findall(r"{(\w+)}", path))


def test_every_operation_has_one_success_and_the_errors_that_any_has(document: Json) -> None:
    for method, path, operation in operations(document):
        successes = [status for status in operation["responses"] if status.startswith("2")]
        assert successes in (["200"], ["204"]), (method, path)
        errors = set(operation["responses"]) - set(successes)
        assert {"401", "500"} <= errors
        assert ("413" in errors) == ("requestBody" in operation)
        for status in errors:
            content = operation["responses"][status]["content"]["application/json"]
            assert content["schema"]["$ref"].endswith("/ErrorBody")


def test_the_errors_list_every_code(document: Json) -> None:
    codes = document["components"]["schemas"]["ErrorCode"]["enum"]
    assert set(codes) == {code.value for code in ErrorCode}


def test_a_field_that_is_left_out_is_not_said_to_be_null(document: Json) -> None:
    job = document["components"]["schemas"]["JobDocument"]
    assert job["properties"]["queue_position"]["type"] == "integer"
    assert "queue_position" not in job["required"]
    listed = document["components"]["schemas"]["QuantumComputerEntry"]
    assert {"type": "null"} in listed["properties"]["proxy_path"]["anyOf"]
    assert "proxy_path" in listed["required"]


def test_query_parameters_have_their_bounds_and_defaults(document: Json) -> None:
    job = document["paths"]["/api/v1/jobs/{job_id}"]["get"]
    schema = {each["name"]: each["schema"] for each in job["parameters"] if each["in"] == "query"}
    poll = {name: schema["timeout_seconds"][name] for name in ("type", "minimum", "maximum", "default")}
    assert poll == {"type": "integer", "minimum": 0, "maximum": 30, "default": 10}
    submission = document["paths"]["/api/v1/jobs/{qc}/{job_type}"]["post"]
    schema = {each["name"]: each["schema"] for each in submission["parameters"] if each["in"] == "query"}
    assert (schema["tag"]["type"], schema["tag"]["maxLength"]) == ("string", 50)
    assert schema["use_timeslot"]["type"] == "boolean"


def test_it_names_the_computers_of_this_server(document: Json) -> None:
    [qc] = document["paths"]["/api/v1/quantum-computers/{qc}"]["get"]["parameters"]
    assert set(qc["examples"]) == {"garnet", "garnet:mock"}


def test_its_example_of_a_submission_is_accepted(document: Json, api: Api) -> None:
    submission = document["paths"]["/api/v1/jobs/{qc}/{job_type}"]["post"]
    example = submission["requestBody"]["content"]["application/json"]["example"]
    reply = api.post("/api/v1/jobs/garnet/circuit", example)
    assert reply.status == 200, reply.body


def test_response_headers_are_in_it(document: Json) -> None:
    def names(path: str) -> set[str]:
        return set(document["paths"][path]["get"]["responses"]["200"]["headers"])

    assert names("/api/v1/jobs/{job_id}") == {"X-Request-ID", "IQM-Long-Poll-Timed-Out"}
    assert names("/api/v1/jobs/{job_id}/payload") == {"X-Request-ID", "IQM-Job-Type"}


def test_it_asks_for_a_token_where_the_server_does(connect: Connect, document: Json) -> None:
    assert document["security"] == []
    with serve(token="s3cret") as server:  # noqa: S106 - a test's own
        guarded = connect(server).get(DOCUMENT).json
    assert guarded["security"] == [{"bearer": []}]
    refresh = guarded["paths"]["/api/v1/tokens/current/refresh"]["post"]
    assert refresh["security"] == [{"refresh": []}]


def test_a_reply_with_a_field_that_is_not_documented_is_never_sent(api: Api, circuits: Circuits) -> None:
    job = api.job(api.completed(circuits.ghz("QB1", "QB2")))
    assert JobDocument.model_validate(job).model_extra is None
    with pytest.raises(ValidationError, match="mood"):
        JobDocument.model_validate({**job, "mood": "fine"})


@pytest.mark.parametrize("moment", ["2026-03-01T00:00:00", "2026-03-01", "now", ""])
def test_a_moment_without_an_offset_is_never_sent(moment: str) -> None:
    with pytest.raises(ValidationError, match="updated_at"):
        Health(healthy=True, updated_at=moment)
