# SPDX-License-Identifier: Apache-2.0
"""What the Makefile's targets do. Standard library only: nothing is installed when they start."""
