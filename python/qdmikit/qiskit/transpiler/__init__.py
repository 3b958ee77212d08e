# SPDX-License-Identifier: Apache-2.0
"""Passes that make circuits shorter on devices whose gates are r, diagonal entangling gates and MOVE."""
