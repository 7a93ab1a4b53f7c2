# Two commands do everything: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Plain `pip install sicetnon` never needs these; a checkout pins what its tests were run with.
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test check fix setup browser graphs docs bench clean

demo: setup ## Run the main job on the shipped examples and say what to open
	$(BIN)/sicetnon demo -o demo

test: setup browser ## Pass the tests
	$(BIN)/python -m pytest -n auto --dist worksteal

check: setup browser ## Format, lint, types, layers, tests
	$(BIN)/ruff format --check src tests benchmarks docs
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n auto --dist worksteal

fix: setup ## Mend what format and lint can mend
	$(BIN)/ruff format src tests benchmarks docs
	$(BIN)/ruff check --fix src tests benchmarks docs

graphs: setup ## Write the machine-written graphs of the example pages anew
	$(BIN)/python -m sicetnon.library.graphs graphs

docs: setup ## Write the reference pages anew
	$(BIN)/python docs/generate.py

bench: setup ## Print the figures of every benchmark
	set -e; for script in benchmarks/*.py; do $(BIN)/python $$script; done

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
