# SPDX-License-Identifier: Apache-2.0
"""Sphinx configuration. `make docs` builds with warnings as errors."""

import qdmikit

project = "qdmikit"
author = "The qdmikit developers"
copyright = author
release = version = qdmikit.__version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"qdmikit {version}"

myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
# A gigabyte of chemistry is not needed to describe what uses it.
autodoc_mock_imports = ["pyscf", "qiskit_nature"]
napoleon_google_docstring = False
napoleon_use_rtype = False
