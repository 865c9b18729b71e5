# Everything that a person does with a checkout. Needs Python 3.11 or newer and make.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# The environment is ready when this file is newer than what it was made from.
READY := .venv/ready

.PHONY: run test test-engines test-others lint venv bench soak soak-embedded soak-meilisearch record lock clean

run: $(READY) ## Make the sample shop, index it, and answer lookups on 127.0.0.1:8080
	$(BIN)/customer-lookup demo

test: $(READY) ## Run every test; those of the engines and the sync beside the others, since both wait a lot
	$(MAKE) --no-print-directory --jobs=2 --keep-going test-engines test-others

test-engines: $(READY)
	$(BIN)/python -m pytest tests/index tests/sync

test-others: $(READY)
	$(BIN)/python -m pytest --ignore=tests/index --ignore=tests/sync

lint: $(READY) ## Style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

venv: $(READY) ## Make .venv; afterwards .venv/bin/customer-lookup works

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

bench: $(READY) ## Measure, and print the tables that the README shows
	$(BIN)/python -m bench

soak: $(READY) ## The long tests; those of Meilisearch beside the others, since both wait a lot
	$(MAKE) --jobs=2 --output-sync=target --keep-going soak-embedded soak-meilisearch

soak-embedded: $(READY)
	$(BIN)/python -m pytest -m "soak and not meilisearch" --timeout 0

soak-meilisearch: $(READY)
	$(BIN)/python -m pytest -m "soak and meilisearch" --timeout 0

record: $(READY) ## Record anew what Meilisearch answers the tests; needs a real one
	find tests -type d -name cassettes -prune -exec rm -rf {} +
	$(BIN)/python -m pytest -m "meilisearch and not soak" --record-mode rewrite

lock: ## Choose the newest versions again; needs uv
	uv pip compile --universal --python-version 3.11 --generate-hashes --all-extras \
		--no-emit-index-url --no-header --quiet --upgrade pyproject.toml --output-file requirements.lock

clean: ## Forget the environment, the sample shop, what the benchmarks wrote and the caches; nothing of yours
	rm -rf .venv var/demo var/bench build dist *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
