# What people type. `make` alone lists it.
#
#   PYTHON=python3.13   which interpreter the environment is made with (default: the one it has, else python3)
#   VENV=.venv          where the environment is
#   PORT=8000           where `make run` listens

VENV ?= .venv
PORT ?= 8000
BIN := $(VENV)/bin
PY := $(BIN)/python

# Without PYTHON, an environment that exists keeps its interpreter; with PYTHON, another version rebuilds it.
ifeq ($(origin PYTHON),undefined)
PYTHON := $(if $(wildcard $(PY)),$(PY),python3)
endif
ifneq ($(shell $(PYTHON) -c '' 2>/dev/null && echo runs),runs)
# pyenv puts a python3.13 on the PATH that runs only when that version is chosen: choose it.
override PYTHON := $(shell PYENV_VERSION=$$(pyenv whence $(PYTHON) 2>/dev/null | tail -n 1) pyenv which $(PYTHON) 2>/dev/null || echo $(PYTHON))
endif
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)
STAMP := $(VENV)/.ready-$(VERSION)

PIP := $(PY) -m pip --disable-pip-version-check install --quiet --constraint constraints.txt --no-build-isolation

# durable-rules 2.0.28 calls a function that Python 3.13 took away; this is its replacement under the old name.
export CPPFLAGS := -DPyEval_CallObject=PyObject_CallObject $(CPPFLAGS)

.DEFAULT_GOAL := help
.PHONY: help setup interpreter run demo demo-site tour reference assets messages test check fast bench soak clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## make the virtual environment, with everything pinned

# Which packages are installed depends on these two files and on the interpreter, and on nothing else.
$(STAMP): pyproject.toml constraints.txt
	@test -n "$(VERSION)" || { echo "$(PYTHON) does not run. Install Python 3.11, 3.12 or 3.13, or name one: make setup PYTHON=python3.12"; exit 1; }
	@case "$(VERSION)" in 3.11.*|3.12.*|3.13.*) ;; *) echo "$(PYTHON) is Python $(VERSION), and this needs 3.11, 3.12 or 3.13: make setup PYTHON=python3.12"; exit 1;; esac
	@command -v $${CC:-cc} >/dev/null 2>&1 || command -v gcc >/dev/null 2>&1 || { echo "no C compiler found, and durable-rules is built from source. Install one: on Debian or Ubuntu 'apt-get install build-essential', on macOS 'xcode-select --install'."; exit 1; }
	@$(PYTHON) -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))' \
	  || { echo "Python.h is missing for $(PYTHON) $(VERSION), and durable-rules is built from source. On Debian or Ubuntu: 'apt-get install python3-dev' (or python$(basename $(VERSION))-dev)."; exit 1; }
	@if [ ! -x $(PY) ] || [ "$$($(PY) -c 'import sys; print("%d.%d.%d" % sys.version_info[:3])' 2>/dev/null)" != "$(VERSION)" ]; then \
	  echo "creating $(VENV) with Python $(VERSION)"; rm -rf $(VENV) && $(PYTHON) -m venv $(VENV); fi
	@rm -f $(VENV)/.ready-*
	$(PIP) setuptools hatchling editables
	@# No cache: a wheel that was built without the flag above installs and then cannot be imported.
	$(PY) -c 'import durable_rules_engine' 2>/dev/null || $(PIP) --use-pep517 --no-cache-dir --no-binary durable-rules --force-reinstall --no-deps durable-rules
	$(PIP) --editable '.[dev,bench]'
	@$(PY) -c 'import durable_rules_engine'
	@touch $@

interpreter: # says which interpreter PYTHON stands for, or fails; for .ci/run
	@test -n "$(VERSION)" && echo "$(PYTHON) ($(VERSION))"

run: $(STAMP) ## serve the HTTP interface on http://127.0.0.1:8000 (PORT changes it)
	PORT=$(PORT) $(PY) -m api

demo: $(STAMP) ## screen the published and the invented interviews
	$(BIN)/screening demo

demo-site: $(STAMP) ## serve a throw-away site with invented people and interviews, and print how to sign in
	PORT=$(PORT) $(PY) -m api.demo_site

tour: $(STAMP) ## take the pictures of every page again, into docs/tour/ (needs Chromium)
	$(PY) -m tests.tour

reference: $(STAMP) ## write docs/reference/ again from the content
	$(PY) -m screening.reference

# Node is needed for this and for nothing else: what it makes is committed.
assets: ## build the style sheets, scripts and fonts of the pages (needs Node 20)
	cd frontend && npm ci --no-audit --no-fund && npm run --silent build

messages: $(STAMP) ## bring the Arabic catalogues up to what the pages say
	$(PY) -m api.pages.messages

# Tests start many processes of ours. What is compiled is kept, also where the environment says otherwise: each of
# them would compile everything again.
test: export PYTHONDONTWRITEBYTECODE =
# As many at once as the machine has processors; a free one takes over what waits behind a slow test.
test: $(STAMP) ## run the tests
	$(PY) -m pytest -n logical --dist worksteal

check: fast test ## everything: format, lint, types, layers, content, tests

fast: $(STAMP) ## the part of the check that takes seconds
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/screening rules check

bench: $(STAMP) ## compare with other engines and with plain Python
	$(PY) -m benchmarks

soak: $(STAMP) ## the long runs: 100,000 assessments, 100,000 random rule sets
	SOAK=1 $(PY) -m pytest -m soak --timeout=0

clean: ## remove the environment and what the tools leave behind
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
