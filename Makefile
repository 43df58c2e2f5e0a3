# `make demo` shows the tool on specimens; `make test` proves it. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo test lint bench bench-tables bench-site soak specimens docs lock check-release

demo: $(INSTALLED)
	$(BIN)/sanctuary demo

test: lint
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

lint: $(INSTALLED)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy

# Measures all that takes minutes and no more, and writes the tables into the docs.
bench: $(INSTALLED)
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable '.[bench]'
	$(BIN)/python -m benchmarks --write docs/figures.md

# The readers of tables that ours is scored beside bring libraries that would slow all the rest.
bench-tables: $(INSTALLED)
	test -e build/bench-tables || $(PYTHON) -m venv build/bench-tables
	build/bench-tables/bin/python -m pip install --quiet --editable '.[bench-tables]'
	build/bench-tables/bin/python -m benchmarks tables --write docs/figures.md

# Makes a large history and asks for every page of it; needs ab, of Debian's apache2-utils.
bench-site: $(INSTALLED)
	test -e build/big/tracker.db || $(BIN)/python -m benchmarks.big build/big
	$(BIN)/python -m benchmarks.site build/big --write docs/figures.md

# Builds the wheel and uses it in environments of its own, as its users would. Minutes; needs an index.
check-release: $(INSTALLED)
	$(BIN)/python -m tests.release

# Ten thousand captures of a publisher on this machine; takes a quarter of an hour.
soak: $(INSTALLED)
	$(BIN)/python -m benchmarks.soak

# Needs LibreOffice; the specimens are committed, so neither the demo nor the tests do.
specimens: $(INSTALLED)
	$(BIN)/python -B tests/fixtures/ddor/make_specimens.py

# Writes the pages that are made from the code; a test says when one is old.
docs: $(INSTALLED)
	$(BIN)/python -m tests.docs.pages

# Resolves the newest versions that pyproject.toml allows, with their hashes. Of the same versions
# requirements-run.lock has what the program needs to be built and to run, for images and workflows.
COMPILE := uv pip compile -q --generate-hashes --no-emit-index-url --no-annotate --universal \
	--python-version 3.11 --custom-compile-command "make lock"
lock:
	$(COMPILE) pyproject.toml --extra dev -o requirements.lock
	echo hatchling | $(COMPILE) pyproject.toml - -c requirements.lock -o requirements-run.lock

$(INSTALLED): pyproject.toml requirements.lock
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@
