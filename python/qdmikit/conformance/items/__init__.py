# SPDX-License-Identifier: Apache-2.0
"""The items, filed by what they are about. Their names say what must hold."""
