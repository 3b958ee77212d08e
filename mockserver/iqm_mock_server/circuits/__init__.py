# SPDX-License-Identifier: Apache-2.0
"""Circuits: operations, reading them from a payload, what makes them legal, their layout in time."""
