# SPDX-License-Identifier: Apache-2.0
# Each target does its own set-up, from a bare Debian machine on; what it does is in tools/.
PYTHON := .venv/bin/python

.PHONY: help demo check test lint bench docs wheel-matrix clean

help:
	@echo 'make demo          start the mock server, run circuits on it through the QDMI device'
	@echo 'make check         the inner loop: build, then the quick tests'
	@echo 'make test          everything: check, interop, installed wheel, lint, docs'
	@echo 'make lint          clang-format, clang-tidy, ruff, mypy, shellcheck, layers'
	@echo 'make bench         side-by-side measurements, each a table'
	@echo 'make docs          the documentation, into docs/_build'
	@echo 'make wheel-matrix  the Python tests of the wheel on 3.11, 3.12 and 3.13'
	@echo 'make clean         remove all that the other targets made'

demo:
	@tools/setup demo
	@$(PYTHON) examples/python/demo.py

check:
	@tools/setup test
	@$(PYTHON) -m tools.run_tiers check

test:
	@tools/setup all
	@$(PYTHON) -m tools.run_tiers test

lint:
	@tools/setup lint
	@$(PYTHON) -m tools.run_tiers --tier lint

bench:
	@tools/setup test
	@$(PYTHON) -m tools.run_benchmarks

docs:
	@tools/setup docs
	@$(PYTHON) -m sphinx -W --keep-going -q -d docs/_build/doctrees docs docs/_build/html
	@echo 'docs/_build/html/index.html'

wheel-matrix:
	@tools/setup test
	@$(PYTHON) -m tools.wheel_matrix 3.11 3.12 3.13

clean:
	rm -rf build dist docs/_build .venv .venvs .deps .cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
