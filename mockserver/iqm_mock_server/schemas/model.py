# SPDX-License-Identifier: Apache-2.0
"""What all models of the API have in common."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, WithJsonSchema

# Clients refuse a moment without an offset, so it is part of the type.
Timestamp = Annotated[
    str,
    StringConstraints(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)$"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment in RFC 3339, always with an offset."""


def whole(number: object) -> object:
    """Make an integer of a number in a request body that looks like a fraction and is none: 1.0 in JSON."""
    return int(number) if isinstance(number, float) and number.is_integer() else number


class Document(BaseModel):
    """What the server sends.

    A field that was not given is left out of the text: null and absence do not mean the same to all clients.
    Fields that the model does not have are refused, so that nothing undocumented is sent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)


class Body(BaseModel):
    """What a client sends as JSON; unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class Query(BaseModel):
    """What a client sends after the question mark; unknown parameters are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)
