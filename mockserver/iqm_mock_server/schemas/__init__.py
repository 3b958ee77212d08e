# SPDX-License-Identifier: Apache-2.0
"""Everything that crosses the wire as pydantic models: request bodies, query parameters and documents."""
