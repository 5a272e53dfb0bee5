# Two commands do everything on a fresh Debian 12 with Python 3.11: `make run` and `make test`.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
ADDRESS ?= 127.0.0.1:8000
VAR_DIR ?= var
SITE_URL ?= http://$(ADDRESS)
export SITE_URL VAR_DIR

RUN_DEBS := python3-venv gettext libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core fonts-unifont
TEST_DEBS := $(RUN_DEBS) chromium poppler-utils openssl softhsm2 libatomic1

.PHONY: run test soak lock sbom test-postgresql explore shuffle mutate lint prepare benchmark messages clean

run: $(VENV)/.installed-run $(VAR_DIR)/.prepared ## Install what is missing, prepare the instance, serve it
	@$(BIN)/python manage.py firstrun
	@echo "Serving on $(SITE_URL) - stop with Ctrl+C"
	@MALLOC_ARENA_MAX=2 LOG_LEVEL=$${LOG_LEVEL:-WARNING} $(BIN)/gunicorn -c compliance/with_worker.py compliance.wsgi --bind $(ADDRESS) --access-logfile /dev/null --log-level warning

prepare: $(VAR_DIR)/.prepared

# Once per change of the requirements, of the messages or of the static files.
$(VAR_DIR)/.prepared: requirements.txt $(shell find locale -name '*.po') $(shell find checklists -path '*static*' -type f) | $(VENV)/.installed-run
	@mkdir -p $(VAR_DIR)
	@echo "Compiling the messages and collecting the static files"
	@$(BIN)/python manage.py compilemessages --verbosity 0 --locale fr
	@$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

$(VENV)/.installed-run: requirements.lock
	@.ci/install-debs "rendering PDF reports, compiling translations" $(RUN_DEBS)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the Python packages of requirements.lock into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.installed-test: requirements-dev.lock
	@.ci/install-debs "rendering PDF reports, compiling translations, driving a browser, reading PDFs" $(TEST_DEBS)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the Python packages of requirements-dev.lock into $(VENV)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

test: $(VENV)/.installed-test lint ## Run every check and every test, browser tests included
	@$(BIN)/python manage.py compilemessages --verbosity 0 --locale fr
	@$(BIN)/python -m pytest

test-postgresql: $(VENV)/.installed-test ## Run every test on a PostgreSQL server of its own, which must be installed
	@$(BIN)/python manage.py compilemessages --verbosity 0 --locale fr
	@$(BIN)/python -m tests.postgres

explore: $(VENV)/.installed-test ## Try the properties on examples that no run tried before
	@$(BIN)/python -m pytest --random-order --hypothesis-profile explore $$(grep -rl "@given" tests)

shuffle: $(VENV)/.installed-test ## Run every test in an order no run had before; the seed printed at the top gives it again
	@$(BIN)/python manage.py compilemessages --verbosity 0 --locale fr
	@$(BIN)/python -m pytest --random-order

mutate: $(VENV)/.installed-test ## Put a sample of small faults into the core: print the share its tests notice
	@$(BIN)/python -m benchmarks.mutants

lint: $(VENV)/.installed-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/djade --check --target-version 5.2 $$(find templates benchmarks -name "*.html")
	@$(BIN)/lint-imports
	@$(BIN)/mypy

benchmark: $(VENV)/.installed-test ## Print each measured ratio
	@$(BIN)/python -m benchmarks

soak: $(VENV)/.installed-test ## Everything at once for MINUTES (10); MODE=--postgresql: two nodes on PostgreSQL
	@$(BIN)/python manage.py compilemessages --verbosity 0 --locale fr
	@$(BIN)/python -m benchmarks.soak --minutes $(or $(MINUTES),10) $(MODE)

lock: $(VENV)/.installed-test ## Write the locks anew, after a change of the requirements: every package, with its hashes
	@for name in requirements requirements-dev; do \
	  $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url \
	    --no-annotate $$name.txt --output-file $$name.lock; done

sbom: $(VENV)/.installed-test ## Write what the product is made of, as CycloneDX: sbom.json
	@$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --of JSON --output-file sbom.json
	@echo "sbom.json: $$(grep -c '"bom-ref"' sbom.json) components"

messages: ## Collect the messages to translate
	@$(BIN)/python manage.py makemessages --locale fr --no-location --no-wrap --no-obsolete --ignore .venv --ignore var

clean: ## Remove what make installed; the instance's own data in var/ stay
	rm -rf $(VENV)
