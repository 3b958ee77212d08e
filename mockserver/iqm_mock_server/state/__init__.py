# SPDX-License-Identifier: Apache-2.0
"""What outlives a request, and with ``--state`` also the process."""

from iqm_mock_server.state.database import Database

__all__ = ["Database"]
