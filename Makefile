# Two commands from a fresh clone: make run, make test. Needs Python >= 3.11 with venv, and make.
PYTHON ?= python3
DATA   ?= data
PORT   ?= 8080
JOBS   ?= 2
BIN     = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help run setup test check bench soak cluster lock manual clean

help:           ## what can be asked for
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

run: setup      ## set up everything, load the Kazakhstan starter if there is no data, serve on 127.0.0.1
	@$(BIN)/jasyl run --data '$(DATA)' --port '$(PORT)'

setup: .venv/.installed .venv/.web .venv/.kernels

test: .venv/.test .venv/.web .venv/.kernels .venv-cluster/.installed  ## every test (browser tests need Chromium, see the manual)
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n $(JOBS) --max-worker-restart=0 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/.test .venv/.web ## lint, types, layers, licences, texts
	@$(BIN)/ruff check src tests scripts benchmarks
	@$(BIN)/ruff format --check -q src tests scripts benchmarks || { echo 'Formatting differs: run .venv/bin/ruff format src tests scripts benchmarks'; exit 1; }
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/licences.py
	@cd frontend && ../$(BIN)/python ../scripts/node.py npm run --silent check

bench: .venv/.test .venv/.web .venv/.kernels ## figures beside their targets; prints, judges nothing
	@$(BIN)/python -m benchmarks $(ARGS)

soak: .venv/.test .venv/.web  ## half an hour of deliveries, kills and restarts; then a server under load
	@$(BIN)/python -m benchmarks.soak_readings $(ARGS)
	@$(BIN)/python -m benchmarks.soak

cluster: .venv-cluster/.installed ## Spark in an environment of its own (wants Java 17)

manual: .venv/.test           ## the manual as pages in site/
	@$(BIN)/mkdocs build --strict -q

lock: .venv/.test             ## renew the lock files from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build --group test -c requirements.lock pyproject.toml -o requirements-test.lock
	@$(BIN)/python scripts/extra.py cluster | $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate - -o requirements-cluster.lock

clean:          ## remove what was set up; data stays
	rm -rf .venv .venv-cluster frontend/node_modules src/jasyl/portal/static site

.venv/.python: scripts/check_python.py
	@$(PYTHON) scripts/check_python.py
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@touch $@

.venv/.installed: requirements.lock pyproject.toml | .venv/.python
	@$(BIN)/python scripts/install.py requirements.lock
	@touch $@

.venv/.test: requirements-test.lock | .venv/.installed
	@$(BIN)/python scripts/install.py requirements-test.lock
	@touch $@

.venv-cluster/.installed: requirements-cluster.lock | .venv/.python
	@test -x .venv-cluster/bin/python || $(PYTHON) -m venv .venv-cluster
	@.venv-cluster/bin/python scripts/install.py requirements-cluster.lock --alone
	@touch $@

.venv/.kernels: $(shell find src/jasyl/atlas src/jasyl/circular/reconciliation src/jasyl/circular/cohort_kernel.py -name '*.py' 2>/dev/null) | .venv/.installed
	@$(BIN)/python scripts/compile_kernels.py
	@touch $@

.venv/.web: $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null) $(wildcard src/jasyl/texts/*/*.ftl) | .venv/.installed
	@$(BIN)/python scripts/node.py build
	@touch $@
