# SPDX-License-Identifier: Apache-2.0
"""Request handlers that say what they take and return.

The same statement reads the request, writes the reply and makes the OpenAPI document.
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flask import Response, request
from pydantic import TypeAdapter, ValidationError

from iqm_mock_server.api.replies import json_text
from iqm_mock_server.errors import ErrorCode, InvalidInput
from iqm_mock_server.schemas.problems import describe

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import RouteCallable
    from pydantic import BaseModel

    from iqm_mock_server.schemas.model import Query

    Handler = Callable[..., Any]

_ATTRIBUTE = "iqm_operation"
_Body = TypeVar("_Body", bound="BaseModel")

Failure = tuple[int, ErrorCode]
"""An HTTP status and the error code that comes with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What one request handler takes and returns.

    Parameters
    ----------
    summary, description
        Of the OpenAPI document.
    returns
        Type of the document in the reply; ``None`` when the reply has no body.
    query
        Model of the query parameters, if there are any.
    body
        Model of the request body, if there is one.
    body_read
        Whether the handler gets the body as that model; else it reads the body itself.
    example
        A request body that is accepted, if there is one to show.
    failures
        How it may fail, besides those ways in which any request may fail.
    headers
        Response headers, with what they say.
    refresh_token
        Whether the bearer token must be a refresh token.
    """

    summary: str
    description: str
    returns: Any
    query: type[Query] | None
    body: type[BaseModel] | None
    body_read: bool
    example: Any
    failures: tuple[Failure, ...]
    headers: dict[str, str]
    refresh_token: bool


def operation(
    returns: Any,  # noqa: ANN401 - any type that pydantic knows
    *,
    query: type[Query] | None = None,
    body: type[BaseModel] | None = None,
    body_read: bool = True,
    example: Any = None,  # noqa: ANN401 - anything that JSON can say
    failures: tuple[Failure, ...] = (),
    headers: dict[str, str] | None = None,
    refresh_token: bool = False,
) -> Callable[[Handler], RouteCallable]:
    """Make a request handler of a function that takes and returns models.

    The function gets the parts of the path by name, `query` and `body` as models, and returns what `returns`
    says, or a response of its own making. Its docstring becomes summary and description. For the parameters
    see `Operation`.
    """

    def decorate(handler: Handler) -> RouteCallable:
        adapter = None if returns is None else TypeAdapter(returns)
        summary, _, description = (inspect.getdoc(handler) or "").partition("\n\n")

        @functools.wraps(handler)
        def answer(**arguments: Any) -> Response:  # noqa: ANN401 - as Flask calls it
            if query is not None:
                arguments["query"] = _read_query(query)
            if body is not None and body_read:
                arguments["body"] = _read_body(body)
            result = handler(**arguments)
            if isinstance(result, Response):
                return result
            if adapter is None:
                return Response(status=204)
            return json_text(adapter.dump_json(result, exclude_unset=True))

        stated = Operation(
            summary=" ".join(summary.split()).removesuffix("."),
            description=" ".join(description.split()),
            returns=returns,
            query=query,
            body=body,
            body_read=body_read,
            example=example,
            failures=failures,
            headers=headers or {},
            refresh_token=refresh_token,
        )
        setattr(answer, _ATTRIBUTE, stated)
        return cast("RouteCallable", answer)

    return decorate


def operation_of(handler: RouteCallable) -> Operation | None:
    """Return what a request handler states about itself, if it does."""
    stated: Operation | None = getattr(handler, _ATTRIBUTE, None)
    return stated


def _read_query(model: type[Query]) -> Query:
    given: dict[str, str] = {}
    for name, text in request.args.items(multi=True):
        if name in model.model_fields and name in given:
            raise InvalidInput(f"{name} is given more than once")
        given[name] = text
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise InvalidInput(describe(error)) from error


def _read_body(model: type[_Body]) -> _Body:
    try:
        return model.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        raise InvalidInput(describe(error)) from error
