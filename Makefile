# Terminlotse: `make` alone lists what can be done.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
PORT ?= 8000
DATA ?= .demo
PYTEST_ARGS ?= -n 2 --dist loadfile

BIN := .venv/bin
SOURCES := pyproject.toml hatch_build.py package-lock.json
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip install --quiet --quiet
UV_COMPILE := $(BIN)/python -m uv pip compile pyproject.toml --quiet --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock'

.PHONY: help
help: ## List what can be done
	@awk -v skip='$(if $(wildcard benchmarks/__main__.py),none,bench)' -F ':.*## ' '$$0 ~ "^" skip ":" { next } /^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: demo
demo: .venv/runtime-installed ## Run a demo municipality at http://127.0.0.1:PORT (PORT=8000 DATA=.demo)
	@exec $(BIN)/terminlotse demo --port "$(or $(PORT),8000)" --data "$(or $(DATA),.demo)"

.PHONY: test
test: .venv/test-installed browser check ## Install what the tests need, then check and test everything
	@echo 'Running the tests ...'
	@$(BIN)/python -m pytest $(PYTEST_ARGS)

.PHONY: check
check: .venv/test-installed ## Style, types and the direction of imports, without the tests
	@echo 'Checking style, types and imports ...'
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --check --quiet || { echo 'Some files are not formatted: run "make fmt".'; exit 1; }
	@$(BIN)/mypy
	@$(BIN)/lint-imports

ifneq ($(wildcard benchmarks/__main__.py),)
.PHONY: bench
bench: .venv/bench-installed ## Measure the search beside others (SIZE=small|region|land|all SEED=1)
	@$(BIN)/python -m benchmarks --size "$(or $(SIZE),small)" --seed "$(or $(SEED),1)"
endif

.PHONY: fmt
fmt: .venv/test-installed ## Format the code and mend what can be mended automatically
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet

.PHONY: lock
lock: .venv/test-installed ## Take the newest allowed versions into the lock files
	@$(PIP) 'uv>=0.13,<1'
	@$(UV_COMPILE) --output-file requirements.lock
	@$(UV_COMPILE) --extra test --constraint requirements.lock --output-file requirements-test.lock
	@$(UV_COMPILE) --extra test --extra bench --constraint requirements-test.lock --output-file requirements-bench.lock
	@npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-audit --no-fund --silent

.PHONY: assets
assets: $(BIN)/python ## Make the browser assets anew (style sheet, fonts, htmx)
	@rm -rf scheduler_app/static/vendor
	@$(PIP) --no-deps --editable .

.PHONY: clean
clean: ## Remove what was built, installed and cached; the demo's data stay
	@rm -rf .venv build dist scheduler_app/static/vendor .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

# Set up the virtual environment. The stamps make a second start quick.

$(BIN)/python:
	@command -v '$(PYTHON)' >/dev/null || { echo 'Python was not found. Install Python 3.11 or newer.'; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Terminlotse needs Python 3.11 or newer, and $$($(PYTHON) --version) was found. Try: make PYTHON=python3.12"; \
		exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
		echo 'This Python cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv'; exit 1; }
	@echo 'Making a virtual environment in .venv ...'
	@$(PYTHON) -m venv .venv

.venv/runtime-installed: $(SOURCES) requirements.lock | $(BIN)/python
	@echo 'Installing the packages of requirements.lock (a minute or less) ...'
	@$(PIP) --require-hashes --requirement requirements.lock
	@echo 'Installing Terminlotse and its browser assets ...'
	@$(PIP) --no-deps --editable .
	@touch $@

.venv/test-installed: $(SOURCES) requirements-test.lock | $(BIN)/python
	@echo 'Installing the packages of requirements-test.lock (a minute or two) ...'
	@$(PIP) --require-hashes --requirement requirements-test.lock
	@echo 'Installing Terminlotse and its browser assets ...'
	@$(PIP) --no-deps --editable .
	@touch $@ .venv/runtime-installed

.venv/bench-installed: $(SOURCES) requirements-bench.lock | .venv/test-installed
	@echo 'Installing the packages of requirements-bench.lock (a minute) ...'
	@$(PIP) --require-hashes --requirement requirements-bench.lock
	@touch $@

.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installing Chromium for the browser tests ...'; \
		apt-get -o DPkg::Lock::Timeout=300 -qq update && DEBIAN_FRONTEND=noninteractive apt-get \
			-o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends chromium fonts-noto-core >/dev/null; \
	else \
		echo 'The browser tests need Chromium. On Debian or Ubuntu: sudo apt-get install chromium fonts-noto-core'; exit 1; \
	fi

.PHONY: workload
workload: .venv/runtime-installed ## Answer a workload of searches (DATA=folder QUERIES=file ANSWERS=file)
	@$(BIN)/python -m benchmarks.workload "$(DATA)" "$(QUERIES)" "$(ANSWERS)"
