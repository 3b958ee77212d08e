# SPDX-License-Identifier: Apache-2.0
"""The body of an error reply."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from iqm_mock_server.errors import ErrorCode  # noqa: TC001 - pydantic needs it at run time
from iqm_mock_server.schemas.model import Document


class ErrorBody(Document):
    """Why a request was not served: the union of what the different clients read."""

    message: str = Field(description="Reason for humans.")
    error_code: ErrorCode = Field(description="Machine-readable reason.")
    source: Literal["iqm-server"] = Field(description="The service that refused.")
    request_id: str = Field(description="Also in the header `X-Request-ID`.")
    details: dict[str, Any] | None = Field(default=None, description="What else there is to say.")
