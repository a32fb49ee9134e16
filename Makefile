# make run    set up .venv and do the main job: compare the shipped forms of governance
# make test   all tests but the slow ones        make check  style, types, imports and the quick tests
#             TESTS="tests/test_model.py": some of them
# make lint   style, types and imports alone     make lock   resolve the dependencies anew (UPGRADE=1: newest)
# make benchmark  measure what linli costs beside other software: a quarter of an hour (OPTIONS=--quick: a minute)
# make weekly-fuzz  read a million damaged inputs of every kind (CASES=1000000): hours; tests/fuzz_table.md keeps the counts
# make weekly-kills  kill every command that writes a thousand times: some minutes
# make reference  make the studies in results/reference again: some hours; what is there already is not made twice
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
LOCK := requirements.lock
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready

.PHONY: run test check lint style types imports benchmark reference weekly-fuzz weekly-kills peers lock clean

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

weekly-kills: $(READY)
	PYTHONPATH=. $(BIN)/python tests/kill_loop.py $(or $(KILLS),1000)

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
