# Drumbeat: what a developer or operator does with a checkout. `make help` lists it.
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed-$(shell cat requirements/dev.txt pyproject.toml 2>/dev/null | cksum | cut -d' ' -f1)

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-story demo-reset run test hostile faults histories check fix bench pictures sbom audit lock clean

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

setup: $(STAMP) ## Make the virtual environment with everything pinned

$(STAMP): requirements/dev.txt pyproject.toml
	@command -v python3 >/dev/null || { echo "There is no python3: install Python 3.11 or later (Debian and Ubuntu: sudo apt install python3 python3-venv)."; exit 1; }
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$$(python3 --version) is too old: install Python 3.11 or later."; exit 1; }
	@python3 -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv is missing: sudo apt install python3-venv, then make setup again."; exit 1; }
	test -x $(BIN)/python || python3 -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	rm -f $(VENV)/.installed-*
	touch $@

demo: setup ## Try it in a browser, with a local Slack; SCENARIO=new, week-5 or worst-monday
	$(BIN)/drumbeat demo $(if $(SCENARIO),--scenario $(SCENARIO))

demo-story: setup ## Tell thirteen weeks of an example plan in the terminal
	$(BIN)/drumbeat demo --story

demo-reset: ## Forget what happened in the demo
	rm -rf .drumbeat-demo

run: setup ## Run the bot with the settings of the environment or .env
	$(BIN)/drumbeat run

test: setup ## Run every test, on SQLite and PostgreSQL
	$(BIN)/python -m pytest -n 4 --dist worksteal

hostile: setup ## Send 100,000 mutated payloads, and as many with ids of another workspace; ask the API thousands of times
	DRUMBEAT_HOSTILE=100000 $(BIN)/python -m pytest -q -n 3 --timeout 14400 tests/hostile/test_mutated_payloads.py tests/hostile/test_across_workspaces.py tests/hostile/test_the_api.py

faults: setup ## Make all go wrong that can, hundreds of times; SHARE=10 for a tenth, KINDS="kill restore" for these
	$(BIN)/python -m tests.faults --share $(or $(SHARE),100) $(KINDS)

histories: setup ## Walk five thousand random histories, and see that closed weeks stay as they were
	DRUMBEAT_HISTORIES=5000 $(BIN)/python -m pytest -q --timeout 7200 tests/handlers/test_history_stays.py

check: setup ## Format, lint, types, import contracts, docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml bot demo domain handlers sandbox services storage views
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/docs

fix: setup ## Format, and repair what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup ## Measure every claim; exit 1 when one falls short
	$(BIN)/python -m bench

pictures: setup ## Photograph the messages for the README (needs Chromium)
	$(BIN)/python docs/make_pictures.py

AUDIT := $(VENV)/audit
AUDIT_STAMP := $(AUDIT)/.installed-$(shell cat requirements/audit.txt 2>/dev/null | cksum | cut -d' ' -f1)

$(AUDIT_STAMP): $(STAMP) requirements/audit.txt
	$(BIN)/uv venv --quiet --clear $(AUDIT)
	VIRTUAL_ENV=$(AUDIT) $(BIN)/uv pip install --quiet --require-hashes --requirements requirements/audit.txt
	touch $@

sbom: $(AUDIT_STAMP) ## Write drumbeat.cdx.json: every package that runs, its version, licence and what needs it (CycloneDX)
	$(BIN)/uv venv --quiet --clear $(VENV)/run
	VIRTUAL_ENV=$(VENV)/run $(BIN)/uv pip install --quiet --require-hashes --requirements requirements/run.txt
	$(AUDIT)/bin/cyclonedx-py environment $(VENV)/run/bin/python --pyproject pyproject.toml --output-reproducible --output-file drumbeat.cdx.json

audit: $(AUDIT_STAMP) ## Ask the vulnerability service of PyPI about every pinned package (needs the network); exit 1 on any finding
	@$(AUDIT)/bin/pip-audit --strict --disable-pip --require-hashes --requirement requirements/run.txt || { echo "Not audited, or with findings. “Could not be audited”: the service was not reached, which is no all-clear."; exit 1; }

lock: setup ## Pin the dependencies of pyproject.toml anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml --group dev -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --group audit -o requirements/audit.txt

clean: ## Remove what was made
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .drumbeat-demo drumbeat-demo.db* drumbeat.cdx.json
