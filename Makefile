# Two commands do all the set-up: `make demo` and `make test`. `make help` lists the rest.
# Needed: Python 3.11 or later, git and make; the network only until .venv is complete.

PYTHON ?= python3.11 python3 python3.13 python3.12
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

demo: .venv/runtime.stamp ## record sample minutes, verify the log, ask for the code of conduct
	@sh samples/demo.sh "$(CURDIR)/$(BIN)"

test: .venv/dev.stamp ## run the whole test suite
	@$(BIN)/python -m pytest

check: lint types contracts generated ## lint, types, contracts and generated files

lint: .venv/dev.stamp ## lint and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/dev.stamp ## types, strictly
	$(BIN)/mypy

contracts: .venv/dev.stamp ## imports run one way
	$(BIN)/lint-imports

generated: .venv/dev.stamp ## schema/ and docs/commands.md match the code
	$(BIN)/python -m ledger.schema --check schema
	$(BIN)/python docs/commands.py --check

generate: .venv/dev.stamp ## write schema/ and docs/commands.md from the code
	$(BIN)/python -m ledger.schema schema
	$(BIN)/python docs/commands.py

pins: ## choose the newest versions anew for both requirements files (needs uv)
	uv pip compile $(PINS) --group build -o requirements.txt
	uv pip compile $(PINS) --group build --group dev -c requirements.txt -o requirements-dev.txt
PINS := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url pyproject.toml

clean: ## remove the environment and all caches
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage

# A stamp is younger than what it was made from: then nothing is installed and no network is asked.
.venv/runtime.stamp: requirements.txt pyproject.toml | $(BIN)/python
	@echo "Installing what ledger needs into .venv (the first time this takes a minute)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/runtime.stamp
	@echo "Installing what the tests need into .venv"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.txt
	@touch $@

$(BIN)/python:
	@sh .ci/venv .venv $(PYTHON)

.PHONY: help demo test check lint types contracts generated generate pins clean
