# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document, made of what the request handlers state about themselves."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter

from iqm_mock_server.api.access import EXTENSION
from iqm_mock_server.api.operations import Operation, operation_of
from iqm_mock_server.errors import ErrorCode
from iqm_mock_server.schemas.errors import ErrorBody
from iqm_mock_server.schemas.model import Document

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Flask
    from werkzeug.routing import Rule

    from iqm_mock_server.schemas.model import Query

API_VERSION = "v1"

Json = dict[str, Any]

_REQUEST_ID = "X-Request-ID"

_ANY_REQUEST = ((401, ErrorCode.UNAUTHORIZED), (500, ErrorCode.INTERNAL_ERROR))
"""How any request may fail."""

_ANY_BODY = (413, ErrorCode.REQUEST_PAYLOAD_TOO_LARGE)
"""How any request with a body may fail."""

_DESCRIPTION = """\
A mock of the IQM Server: real quantum circuits on simulated quantum computers.

`/api/latest/` is an alias of `/api/v1/`. Clients ignore properties that they do not know.
Replies of more than a kilobyte are compressed with gzip for clients that ask for that.
"""

_PATH_PARAMETERS: dict[str, Json] = {
    "qc": {
        "name": "qc",
        "description": "Alias or id of a quantum computer.",
        "schema": {"type": "string"},
    },
    "cal": {
        "name": "cal_set",
        "description": "Id of a calibration set, or `default`.",
        "schema": {"anyOf": [{"const": "default"}, {"type": "string", "format": "uuid"}]},
        "examples": {"default": {"value": "default"}},
    },
    "job": {
        "name": "job_id",
        "description": "Id of a job.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "job_type": {
        "name": "job_type",
        "description": "What kind of job it is.",
        "schema": {"enum": ["circuit"]},
    },
    "token_id": {
        "name": "id",
        "description": "Id of a token.",
        "schema": {"type": "string", "format": "uuid"},
    },
    "run": {"name": "run_id", "description": "Id of a calibration run.", "schema": {"type": "string"}},
}
"""What stands between pointed brackets in the rules, as the document names it."""


def openapi_document(app: Flask) -> Json:
    """Return the OpenAPI document of an application."""
    computers = app.extensions[EXTENSION]
    operations = [
        (rule, stated)
        for rule in app.url_map.iter_rules()
        if (stated := operation_of(app.view_functions[rule.endpoint])) is not None
    ]
    schemas = _Schemas(stated for _, stated in operations)
    aliases = [computer.machine.alias for computer in computers]
    paths: dict[str, Json] = {}
    for rule, stated in operations:
        path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", _braced, rule.rule)
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            paths.setdefault(path, {})[method.lower()] = _entry(rule, stated, schemas, aliases)
    return {
        "openapi": "3.1.0",
        "info": {"title": "qdmikit mock IQM Server", "version": API_VERSION, "description": _DESCRIPTION},
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}] if computers.settings.token is not None else [],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer"},
                "refresh": {"type": "http", "scheme": "bearer", "description": "A refresh token."},
            },
        },
    }


def _braced(part: re.Match[str]) -> str:
    return f"{{{_PATH_PARAMETERS[part[1]]['name']}}}"


class _Schemas:
    """The JSON schemas of all models that operations name."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        models: list[Any] = [ErrorBody]
        for stated in operations:
            models += [model for model in (stated.returns, stated.body) if model is not None]
        self._numbers = {repr(model): number for number, model in enumerate(models)}
        adapters: list[tuple[int, Literal["validation"], TypeAdapter[Any]]] = [
            (number, "validation", TypeAdapter(models[number])) for number in self._numbers.values()
        ]
        self._schemas, definitions = TypeAdapter.json_schemas(
            adapters, ref_template="#/components/schemas/{model}"
        )
        documents = {model.__name__ for model in _all_subclasses(Document)}
        self.components: Json = definitions["$defs"]
        for name, schema in self.components.items():
            if name in documents:
                _loosen(schema)

    def content(self, model: Any) -> Json:  # noqa: ANN401 - any type that pydantic knows
        """Return the description of a body."""
        return {"application/json": {"schema": self._schemas[self._numbers[repr(model)], "validation"]}}


def _all_subclasses(model: type[Document]) -> Iterator[type[Document]]:
    for subclass in model.__subclasses__():
        yield subclass
        yield from _all_subclasses(subclass)


def _loosen(schema: Json) -> None:
    """Say of a document that there may be more in it one day, and that what does not apply is left out."""
    schema.pop("additionalProperties", None)
    for name, field in schema.get("properties", {}).items():
        if name not in schema.get("required", []):
            _drop_null(field)


def _drop_null(schema: Json) -> None:
    kinds = [kind for kind in schema.pop("anyOf", []) if kind != {"type": "null"}]
    if kinds:
        [kind] = kinds
        schema.update(kind)
        schema.pop("default", None)


def _entry(rule: Rule, stated: Operation, schemas: _Schemas, aliases: list[str]) -> Json:
    tag = rule.endpoint.partition(".")[0].replace("_", " ")
    entry: Json = {
        "operationId": rule.endpoint,
        "tags": [tag],
        "summary": stated.summary,
        "parameters": [_path_parameter(name, aliases) for name in sorted(rule.arguments)],
        "responses": _responses(stated, schemas),
    }
    if stated.description:
        entry["description"] = stated.description
    if stated.query is not None:
        entry["parameters"] += _query_parameters(stated.query)
    if stated.body is not None:
        content = schemas.content(stated.body)
        if stated.example is not None:
            content["application/json"]["example"] = stated.example
        entry["requestBody"] = {"required": True, "content": content}
    if stated.refresh_token:
        entry["security"] = [{"refresh": []}]
    return entry


def _path_parameter(name: str, aliases: list[str]) -> Json:
    parameter = {**_PATH_PARAMETERS[name], "in": "path", "required": True}
    if name == "qc":
        parameter["examples"] = {alias: {"value": alias} for alias in aliases}
    return parameter


def _query_parameters(model: type[Query]) -> Iterator[Json]:
    for name, schema in model.model_json_schema()["properties"].items():
        description = schema.pop("description", "")
        _drop_null(schema)
        yield {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def _responses(stated: Operation, schemas: _Schemas) -> Json:
    success: Json = {
        "description": stated.summary,
        "headers": {**_header(_REQUEST_ID, "Id of this request.", required=True)},
    }
    for name, text in stated.headers.items():
        success["headers"].update(_header(name, text))
    if stated.returns is not None:
        success["content"] = schemas.content(stated.returns)
    failures = [*stated.failures, *_ANY_REQUEST]
    if stated.body is not None:
        failures.append(_ANY_BODY)
    codes: dict[int, list[str]] = {}
    for status, code in failures:
        codes.setdefault(status, []).append(f"`{code}`")
    responses: Json = {"204" if stated.returns is None else "200": success}
    for status, names in sorted(codes.items()):
        responses[str(status)] = {
            "description": f"{HTTPStatus(status).phrase}: {', '.join(dict.fromkeys(names))}",
            "headers": _header(_REQUEST_ID, "Id of this request.", required=True),
            "content": schemas.content(ErrorBody),
        }
    return responses


def _header(name: str, description: str, *, required: bool = False) -> Json:
    return {name: {"description": description, "required": required, "schema": {"type": "string"}}}
