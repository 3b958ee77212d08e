# SPDX-License-Identifier: Apache-2.0
"""Jobs: their life, the engine that runs them, and their results."""
