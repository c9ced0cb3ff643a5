# Everything from a bare checkout, with only Python 3.11 or newer on the machine.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet --no-input

.PHONY: demo screenshots test test-all test-thorough faults soak bench lint types contracts content tests lock clean

demo: $(VENV)/ready  ## try everything in the browser, no token needed
	$(BIN)/tipbot demo

screenshots: $(VENV)/ready  ## the README's pictures of the demo; needs a Chromium
	$(BIN)/python tools/screenshots.py

test: lint types contracts content tests  ## everything that must hold

lint: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/ready
	$(BIN)/mypy

contracts: $(VENV)/ready
	$(BIN)/lint-imports

content: $(VENV)/ready
	$(BIN)/tipbot content check

tests: $(VENV)/ready
	$(BIN)/pytest -n 6 --dist worksteal

# TIPBOT_TEST_RUNS says how often each fault strikes, TIPBOT_TEST_SEED where the seeds begin; ONLY="sqlite and kill".
faults: $(VENV)/ready  ## every kind of fault in a loop by real processes, some minutes, and an oracle that reads both sides
	$(BIN)/pytest tests/faults -m faults -n 2 --dist loadfile $(if $(ONLY),-k "$(ONLY)")

# SOAK="--people 1000 --rate 100 --minutes 1" tries the hour alone, in a few minutes; --help says what else there is.
soak: $(VENV)/ready  ## an hour of mixed life on each database, 100,000 deliveries and kills, each fault 300 times
	$(BIN)/python -m tests.soak $(SOAK)
ifeq ($(SOAK),)
	TIPBOT_TEST_THOROUGH=1 $(BIN)/pytest tests/process/test_several.py
	TIPBOT_TEST_RUNS=300 $(MAKE) faults
endif

test-thorough: $(VENV)/ready  ## the tests, with many times as many tries of what happens by chance
	TIPBOT_TEST_THOROUGH=1 $(BIN)/pytest -n 6 --dist worksteal

test-all:  ## the tests on every Python from 3.11 on that is installed, in the path or by pyenv
	@for version in 3.11 3.12 3.13; do \
	  found=; \
	  for python in python$$version "$$HOME"/.pyenv/versions/$$version.*/bin/python; do \
	    if "$$python" -c "" 2>/dev/null; then found=$$python; break; fi; \
	  done; \
	  if [ -z "$$found" ]; then echo "Python $$version is not installed: skipped"; continue; fi; \
	  echo "== Python $$version"; \
	  $(MAKE) tests VENV=.venvs/$$version PYTHON="$$found" || exit 1; \
	done

bench: $(VENV)/ready  ## TipBot beside its peers in one run, 40 minutes; less with BENCH=--quick
	$(BIN)/python -m benchmarks $(BENCH)

# The pinned dependencies with their hashes, for run time and for development.
lock: $(VENV)/ready
	$(PIP) install uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade pyproject.toml --output-file requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --upgrade --extra dev pyproject.toml --output-file requirements/dev.txt

$(VENV)/ready: requirements/dev.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --require-hashes --requirement requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

clean:
	rm -rf $(VENV) .venvs dist benchmarks/.peers .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
