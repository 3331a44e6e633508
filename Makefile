# Every target is one command for a fresh checkout; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run install test races faults nightly walk coverage mutants check fmt demo backup restore reset bench clean chromium
MAKEFLAGS += --no-print-directory

PYTHON3 ?= python3
PY := .venv/bin/python
export UV_SYSTEM_CERTS := 1
# A folder made for development also runs the product: it is never cut back to the smaller set.
SET := $(if $(wildcard .venv/.dev),dev,runtime)
CATALOGS := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/*.po))

# A whole run uses every core; each worker has servers of its own and takes whole files.
PARALLEL := --numprocesses=logical --dist=loadfile --no-loadscope-reorder

NIGHTLY := tests/fundmgr/services/test_money_machine.py tests/fundmgr/allocation

INSTALLED := .venv/.$(SET) $(CATALOGS)

help: ## list the targets
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-9s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))
	@echo "  variables: PORT=8000  FUNDMGR_DATA_DIR=./var  DEMO=1 (0 starts empty)"

run: $(INSTALLED) ## start everything on http://localhost:8000 (PORT=, FUNDMGR_DATA_DIR=, DEMO=0)
	@$(PY) -m fundmgr.launcher up

install: $(INSTALLED) ## only install what `make run` needs, into .venv
	@echo "Installed. \`make run\` starts it."

test: .venv/.dev $(CATALOGS) chromium ## run all tests on servers of their own (ARGS="tests/house -x")
	@$(PY) -m pytest $(or $(ARGS),$(PARALLEL))

races: .venv/.dev $(CATALOGS) ## run the races in full: 100,000 attempts to overspend, by 8 and 32 processes
	@$(PY) -m pytest tests/races -m "slow or not slow" $(ARGS)

faults: .venv/.dev $(CATALOGS) ## kill web, worker, PostgreSQL and queue at every step: 300 points and more, as a table
	@$(PY) -m pytest tests/faults -m "slow or not slow" $(ARGS)

coverage: .venv/.dev $(CATALOGS) ## measure lines and branches of the money core: all of them, or it fails
	@$(PY) .ci/core.py coverage

mutants: .venv/.dev $(CATALOGS) ## bend the money core spot by spot: tests must see 90 % (ARGS="fundmgr.domain.holes*")
	@$(PY) .ci/core.py mutants $(ARGS)

nightly: .venv/.dev $(CATALOGS) ## what takes a night: 10,000 runs of random moves, 100,000 examples of each rule (RUNS= EXAMPLES=)
	@FUNDMGR_MACHINE_RUNS=$(or $(RUNS),10000) FUNDMGR_EXAMPLES=$(or $(EXAMPLES),100000) $(PY) -m pytest \
		--numprocesses=logical --dist=worksteal --timeout=0 $(or $(ARGS),$(NIGHTLY))

walk: .venv/.dev $(CATALOGS) chromium ## walk the worker's form in a browser: screens, keys, bytes, requests, speed of each page
	@$(PY) -m pytest tests/browser/test_walk.py -q -s $(ARGS)

check: .venv/.dev $(CATALOGS) ## check style, types, import arrows, migrations, catalogs, documents
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy fundmgr requests_app
	$(PY) -c "from importlinter.cli import lint_imports_command; lint_imports_command()"
	@# No server is asked: the models and the migrations on disk either agree or not.
	DATABASE_URL=postgresql://nobody@/none?host=/nonexistent $(PY) -W ignore::RuntimeWarning \
		manage.py makemigrations --check --dry-run
	@for script in .ci/check_*.py; do [ -e "$$script" ] || continue; \
		echo "$(PY) $$script"; $(PY) "$$script" || exit 1; done

fmt: .venv/.dev ## format the code and mend what ruff can mend
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

demo: $(INSTALLED) ## load the demo, or show its sign-in links and clients (ARGS="--show --json")
	@$(PY) -m fundmgr.launcher manage demo $(ARGS)

backup: $(INSTALLED) ## seal everything into one file (TO=file or folder; FUNDMGR_BACKUP_KEY or KEY_FILE=)
	@$(PY) -m fundmgr.launcher manage backup "$(or $(TO),.)" $(if $(KEY_FILE),--key-file "$(KEY_FILE)")

restore: $(INSTALLED) ## put a backup into a new data folder and prove it (FROM=file FUNDMGR_DATA_DIR=)
	@$(PY) -m fundmgr.launcher manage restore "$(FROM)" --verify $(if $(KEY_FILE),--key-file "$(KEY_FILE)")

reset: $(INSTALLED) ## delete all data in ./var (or FUNDMGR_DATA_DIR)
	@$(PY) -m fundmgr.launcher reset

bench: .venv/.dev ## measure each workload beside its floor and the typical way (ONLY=intake)
	@for script in bench/$(or $(ONLY),*).py; do echo "== $$script"; $(PY) "$$script" || exit 1; done

clean: ## remove .venv, catalogs and caches; the data stays
	rm -rf .venv mutants .coverage .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -not -path './.git/*' -prune -exec rm -rf {} +
	find . -name '*.mo' -path '*/LC_MESSAGES/*' -delete

.venv/.uv: requirements/uv.lock
	@$(PYTHON3) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "fundmgr needs Python 3.11 or newer: set PYTHON3=/path/to/python3." >&2; exit 1; }
	@$(PYTHON3) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv module is missing: run 'apt-get install -y python3-venv' as root." >&2; exit 1; }
	@echo "Making .venv"
	@$(PY) -m pip --version >/dev/null 2>&1 || $(PYTHON3) -m venv --clear .venv
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.lock
	@touch $@

.venv/.runtime: requirements/runtime.lock .venv/.uv
	@echo "Installing the runtime packages (about a minute the first time)"
	@$(PY) -m uv pip sync --require-hashes --compile-bytecode $<
	@touch $@

.venv/.dev: requirements/dev.lock .venv/.uv
	@echo "Installing the development packages (about two minutes the first time)"
	@$(PY) -m uv pip sync --require-hashes --compile-bytecode $<
	@touch .venv/.runtime $@

%.mo: %.po | .venv/.$(SET)
	@$(PY) -m babel.messages.frontend compile -i $< -o $@

chromium:
	@command -v chromium >/dev/null || if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Debian's chromium for the browser tests"; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			--no-install-recommends chromium fonts-liberation; } >/dev/null || true; fi
	@command -v chromium >/dev/null || \
		echo "WARNING: no chromium here and it cannot be installed: the browser tests WILL BE SKIPPED."
