# Two commands are enough: `make demo` answers the question, `make test` checks everything.
# Both set up what they need in .venv; nothing outside this folder is touched.

BIN := .venv/bin
CASE ?= ukraine-2021
WORKERS ?= auto
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile
.DEFAULT_GOAL := help

.PHONY: help demo setup setup-dev test lint format types layers unit test-fast docs pages bench crosscheck clean

help:  ## show this list
	@sed -n 's/^\([a-z-]*\):.*## */\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-10s %s\n", $$1, $$2}'

demo: setup  ## which posture, and when: answer the shipped crisis and write a report (CASE=... for another)
	@mkdir -p reports
	$(BIN)/detente compare $(CASE) --report reports/$(notdir $(CASE)).html

setup:  ## make .venv and install Detente
	@sh scripts/setup run

setup-dev:  ## ... with everything tests and docs need
	@sh scripts/setup dev

test: setup-dev  ## lint, types, layers, docs and every test
	@$(MAKE) --no-print-directory lint types layers docs unit

lint: setup-dev  ## style (ruff)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup-dev  ## repair style where it can be done safely
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup-dev  ## types (pyright)
	$(BIN)/pyright

layers: setup-dev  ## which room may import which
	$(BIN)/lint-imports --no-cache

unit: setup-dev  ## every test
	$(PYTEST)

test-fast: setup-dev  ## tests that take less than ten seconds each
	$(PYTEST) -m "not slow"

docs: setup-dev  ## build the documentation into docs/_build/html; any warning is an error
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

pages: setup-dev  ## renew the generated pages of the documentation
	$(BIN)/python docs/generate.py

bench: setup-dev  ## measure speed in under ten minutes, write benchmarks/results.json
	$(BIN)/python -m benchmarks

crosscheck: setup-dev  ## 2,000 random games judged by pygambit and by brute force, some 20 minutes
	PYTHONPATH=tests $(BIN)/python -m crosscheck

clean:  ## remove what commands wrote, keep .venv
	rm -rf docs/_build reports build dist .pytest_cache .ruff_cache .hypothesis .import_linter_cache .benchmarks
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
