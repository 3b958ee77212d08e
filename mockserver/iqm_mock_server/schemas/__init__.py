# SPDX-License-Identifier: Apache-2.0
"""Request bodies and parameters as pydantic models."""
