# SPDX-License-Identifier: Apache-2.0
"""Sampling of circuits.

The simulator library holds Python's global lock while it runs, so it lives in a process of its own: a long
job then delays no other request, and cancelling it ends the process. What crosses to that process is a
`Task`; only what `iqm_mock_server.simulator.worker` imports uses Qiskit.
"""
