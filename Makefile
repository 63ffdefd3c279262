# The two commands are `make run` and `make test`. The rest is what they are made of.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin

.PHONY: run test setup setup-dev lint format types floors unit compat lock clean

run: setup ## set up, fill an empty catalogue with the starter catalogue, serve the site
	$(BIN)/broadsheet serve

test: setup-dev lint types floors unit ## set up, then run everything

setup: .venv/run.stamp
setup-dev: .venv/dev.stamp

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Broadsheet needs Python 3.11 or newer; name one: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv .venv

.venv/run.stamp: .venv/bin/python requirements.lock pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

.venv/dev.stamp: .venv/run.stamp requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	touch $@

lint: setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup-dev ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup-dev
	$(BIN)/mypy

floors: setup-dev
	$(BIN)/lint-imports

unit: setup-dev ## the tests of one file stay together: they share what is dear to set up
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

compat: setup-dev ## run older versions of foreign clients too, each in an environment below build/compat
	$(BIN)/python -m tests.compat.versions

lock: setup-dev ## pin the newest versions that fit pyproject.toml (needs uv)
	uv pip compile --quiet pyproject.toml --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade -o requirements.lock
	uv pip compile --quiet pyproject.toml --group dev --python-version 3.11 --no-header --no-annotate --no-emit-index-url --no-emit-find-links -c requirements.lock --upgrade -o requirements-dev.lock

clean: ## remove what make made; the home folder stays
	rm -rf .venv build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
