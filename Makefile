# Two commands do everything: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Plain `pip install sicetnon` never needs these; a checkout pins what its tests were run with.
PIP := $(BIN)/python -m pip --disable-pip-version-check

BENCHMARKS := check ingest history identity load query

.PHONY: demo test test-servers test-spark test-web test-w3c servers check fix setup browser graphs docs golden bench clean

demo: setup ## Run the main job on the shipped examples and say what to open
	$(BIN)/sicetnon demo -o demo

test: setup browser ## Pass the tests
	$(BIN)/python -m pytest -n auto --dist worksteal

test-servers: servers ## Hold every SPARQL server that installs here to the suite of the stores
	$(BIN)/python -m pytest tests/test_stores.py tests/test_store_faults.py -m 'virtuoso or not virtuoso'

servers: setup ## Install the SPARQL servers that tests and benchmarks run against
	$(BIN)/python benchmarks/servers.py --install

test-spark: setup ## Pass the tests of the Spark engine; needs Java 17 or later
	$(PIP) install --quiet --constraint constraints.txt '.[spark]'
	$(BIN)/python -m pytest -m spark

test-web: setup ## Pass the tests of the server, with many more requests from the fuzzer
	SICETNON_EXAMPLES=50 $(BIN)/python -m pytest tests/test_web.py tests/test_web_api.py tests/test_web_clients.py tests/test_web_safety.py tests/conformance

test-w3c: setup ## Ask the endpoint all that the W3C's query tests ask; needs the package index
	$(BIN)/python benchmarks/w3c.py

check: setup browser ## Format, lint, types, layers, query style, tests
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tests/style.py
	$(BIN)/python -m pytest -n auto --dist worksteal

fix: setup ## Mend what format and lint can mend
	$(BIN)/ruff format src tests benchmarks docs
	$(BIN)/ruff check --fix src tests benchmarks docs
	$(BIN)/python tests/style.py --fix

graphs: setup ## Write the machine-written graphs of the example pages anew
	$(BIN)/python -m sicetnon.library.graphs graphs

docs: setup ## Write the reference pages anew, and run the notebook
	$(BIN)/python docs/generate.py
	$(BIN)/python tests/notebook.py

golden: setup ## Write the answers of the query library anew, to be read
	$(BIN)/python tests/golden.py

bench: setup ## Print the figures of every benchmark
	set -e; for script in $(BENCHMARKS); do $(BIN)/python benchmarks/$$script.py; done

setup: $(VENV)/.ready

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed")'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --upgrade 'pip>=25.1'
	$(PIP) install --quiet --constraint constraints.txt --editable '.[all]' --group dev
	touch $@

browser: setup
	$(BIN)/python tests/browser.py

clean:
	rm -rf $(VENV) demo dist build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
