# One entry to everything. `make run` and `make test` set themselves up on a fresh machine.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PORT ?= 8000
PROCESSES ?= 2
PY := .venv/bin/python
FLASK := .venv/bin/flask --app app
VENDOR := static/vendor
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)

.PHONY: help run setup test check format messages fuzz sim sim-browser bench screenshots test-system clean

help: ## What there is
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 16

run: setup ## Set up, migrate, load demo data when empty, serve on http://localhost:$(PORT)
	@$(FLASK) prepare --demo --past --address "http://localhost:$(PORT)"
	@exec .venv/bin/gunicorn -c deploy/gunicorn.conf.py -b 127.0.0.1:$(PORT) 'app:create_app()'

setup: .venv/.ready $(VENDOR)/.ready field/core/translations/.ready ## Virtual environment, third-party JS, catalogues

.venv/.ready: deploy/requirements.txt deploy/requirements-dev.txt
	@echo "Setting up Python packages …"
	@test -x $(PY) || python3 -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check -r deploy/requirements-dev.txt
	@touch $@

node_modules/.ready: package.json package-lock.json
	@echo "Setting up JavaScript packages …"
	@npm install --no-save --no-audit --no-fund --loglevel=error
	@touch $@

$(VENDOR)/.ready: node_modules/.ready
	@mkdir -p $(VENDOR)
	@cp node_modules/htmx.org/dist/htmx.min.js $(VENDOR)/htmx.min.js
	@cp node_modules/idb/build/index.js $(VENDOR)/idb.js
	@cp node_modules/idb/build/*.d.ts $(VENDOR)/ && mv $(VENDOR)/index.d.ts $(VENDOR)/idb.d.ts
	@cp node_modules/leaflet/dist/leaflet-src.esm.js $(VENDOR)/leaflet.js && cp node_modules/leaflet/dist/leaflet.css $(VENDOR)/leaflet.css
	@echo 'export {};' > $(VENDOR)/leaflet.d.ts
	@cp node_modules/@picocss/pico/css/pico.min.css $(VENDOR)/pico.min.css
	@mkdir -p $(VENDOR)/qr && cp node_modules/qr/decode.js node_modules/qr/index.js $(VENDOR)/qr/
	@touch $@

field/core/translations/.ready: $(wildcard field/core/translations/*/LC_MESSAGES/messages.po) .venv/.ready
	@.venv/bin/pybabel -q compile -d field/core/translations
	@touch $@

messages: .venv/.ready ## Collect the texts of code and templates into the catalogues
	@mkdir -p build
	@.venv/bin/pybabel -q extract -F field/core/babel.cfg -k _l -k lazy_gettext --no-location --sort-output --project Doorstep -o build/messages.pot app.py field templates
	@for l in zh en; do .venv/bin/pybabel -q update -N --no-fuzzy-matching --ignore-pot-creation-date --ignore-obsolete -i build/messages.pot -d field/core/translations -l $$l; done

test-system:
	@bash tests/system.sh

test: setup test-system ## Everything: Python on SQLite and PostgreSQL, JavaScript, browser journeys
	@node --test --test-reporter=dot $$(find tests/js -name '*.test.js')
	@.venv/bin/pytest -n $(PROCESSES) --dist loadgroup --no-loadscope-reorder $(ARGS)

check: setup ## Lint, format, types of Python, JavaScript and templates
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@biome ci --error-on-warnings .
	@tsc -p jsconfig.json
	@.venv/bin/djlint --quiet --lint templates

format: setup ## Put code into the one format
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format --quiet .
	@biome check --write --log-level=error .

fuzz: setup test-system ## Odd requests at random, N of each kind (usual: 500), on both databases
	@FUZZ=$(or $(N),500) .venv/bin/pytest tests/fuzz $(ARGS)

sim: setup test-system ## Phones, faults and deaths drawn from seeds, N schedules from SEED on, on each DATABASE
	@N=$(or $(N),300) SEED=$(or $(SEED),1) DATABASE=$(or $(DATABASE),both) JOBS=$(JOBS) $(PY) -m tests.sim

sim-browser: setup test-system ## Days of a real browser drawn from seeds, N of them from SEED on (usual: 1000)
	@N=$(or $(N),1000) SEED=$(or $(SEED),1) .venv/bin/pytest -n $(PROCESSES) --dist loadgroup tests/journeys/test_days.py; \
	  played=$$?; cat build/days.txt; exit $$played

bench: setup test-system ## Measure, each figure beside a yardstick of the same run; ONLY=ingest,photos for some, DISK_MS=2 as on such a disk; build/bench.json
	@ONLY="$(ONLY)" DISK_MS=$(DISK_MS) $(PY) -m tests.bench

screenshots: setup test-system ## Pictures of every page, into build/screenshots and docs/pictures
	@$(PY) -m tests.journeys.screenshots

clean: ## Remove what setup made; data stays
	@rm -rf .venv node_modules $(VENDOR) build field/core/translations/.ready
