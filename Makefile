# make run    set up .venv and do the main job: compare the shipped forms of governance
# make test   all tests but the slow ones        make check  style, types, imports and the quick tests
#             TESTS="tests/test_model.py": some of them
# make lint   style, types and imports alone     make lock   resolve the dependencies anew (UPGRADE=1: newest)
# make benchmark  measure what linli costs beside other software: a quarter of an hour (OPTIONS=--quick: a minute)
# make weekly  all that takes too long for every change, one after the other (WEEKLY): those that follow, the slow tests
# make weekly-mutants  make mistakes in rules and loops, one at a time, and see whether a test fails (SEED=1 N=300): hours
# make weekly-fuzz  read a million damaged inputs of every kind (CASES=1000000): hours; tests/fuzz_table.md keeps the counts
# make weekly-kills  kill every command that writes a thousand times: some minutes
# make weekly-mesa   try the newest pre-release of Mesa, which linli does not promise to run on, and report
# make reference  make the studies in results/reference again: some hours; runs of a study that are there are not made twice
# make clean  remove everything made here but results/
PYTHON ?= python3
VENV ?= .venv

BIN := $(VENV)/bin
PYTEST := $(BIN)/python -m pytest -n 2 --dist loadfile
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
QUICK := $(addprefix tests/test_,draws.py rules.py scenarios.py scenarios_errors.py survival.py governance_network.py \
	studies_files.py model.py agents_order.py signatures.py signatures_state.py network.py null.py door.py)
PEERS := benchmarks/requirements.txt
FRAMES := benchmarks/requirements-mesa-frames.txt
NEWER ?= python3.12
MESA_NEXT := tests/test_mesa_conventions.py tests/test_model.py tests/test_agents_order.py
LOCK := requirements.lock
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready
WEEKLY := weekly-kills weekly-fuzz weekly-mutants weekly-mesa weekly-slow

.PHONY: run test check lint style types imports benchmark reference weekly $(WEEKLY) peers lock clean

run: $(READY)
	$(BIN)/linli compare

test: $(READY)
	$(PYTEST) $(TESTS)

check: lint
	$(PYTEST) -q -m "not thorough and not slow" $(QUICK)

lint: style types imports

style: $(READY)
	$(BIN)/ruff check

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports --no-logo

# The measuring has an environment of its own; mesa-frames, which wants an older numpy, another. The benchmark says
# so where one of the peers cannot be installed.
benchmark:
	@$(MAKE) --no-print-directory peers VENV=.venv-benchmark
	.venv-benchmark/bin/python -m benchmarks $(OPTIONS)

# One that fails hinders no other, and make fails in the end.
weekly: $(READY)
	@$(MAKE) --no-print-directory --keep-going $(WEEKLY)

weekly-slow: $(READY)
	$(PYTEST) -m slow $(TESTS)

weekly-mutants: $(READY)
	nice $(BIN)/python tests/mutants.py $(or $(SEED),1) $(or $(N),300) tests/mutants.md

weekly-kills: $(READY)
	PYTHONPATH=. $(BIN)/python tests/kill_loop.py $(or $(KILLS),1000) tests/kills.md

# The next line of Mesa in an environment of its own: newer than the lock and than linli allows, so nothing here fails.
weekly-mesa:
	@$(MAKE) --no-print-directory .venv-mesa-next/.ready VENV=.venv-mesa-next PYTHON=$(NEWER)
	@.venv-mesa-next/bin/python -m pip install -qqq --disable-pip-version-check --pre --upgrade "mesa>=4.0.0a0"
	@.venv-mesa-next/bin/python -m pytest -n 0 -q --tb=line -p no:cacheprovider $(MESA_NEXT) && passed=passes || \
		passed="does not pass"; \
		echo "Mesa $$(.venv-mesa-next/bin/python -c 'from importlib.metadata import version; print(version("mesa"))'):" \
		"linli $$passed; it stays below 4 until a released 4.0 does."

weekly-fuzz: $(READY)
	PYTHONPATH=. $(BIN)/python tests/fuzz_inputs.py $(or $(CASES),1000000) $(or $(SEED),20261130)

reference: $(READY)
	results/reference/make.sh $(STUDIES)

peers: $(READY)
	@$(PIP) -r $(PEERS) || echo "agentpy cannot be installed"
	@cmp -s $(FRAMES) .venv-mesa-frames/installed.txt || { $(PYTHON) -m venv --clear .venv-mesa-frames && \
		.venv-mesa-frames/bin/python -m pip install -qq --disable-pip-version-check -r $(FRAMES) && \
		cp $(FRAMES) .venv-mesa-frames/installed.txt; } || echo "mesa-frames cannot be installed"

# The lock holds what linli needs, with hashes; linli itself follows, tied to this folder.
$(LOCKED): $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit("linli needs Python 3.11 or newer: make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up $(VENV): about half a minute, 0.8 GB"
	$(PYTHON) -m venv --clear $(VENV)
	$(PIP) --no-compile --require-hashes -r $(LOCK)
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

lock: $(READY)
	$(PIP) uv
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes \
		--no-config --no-header --no-emit-index-url --no-emit-find-links $(if $(UPGRADE),--upgrade) --quiet -o $(LOCK)

clean:
	rm -rf .venv .venv-* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find agents sim tests -name __pycache__ -type d -prune -exec rm -rf {} +
