# Everything that is done with this project. `make` alone lists it.
#
# A heading is a line "#: Heading"; what stands behind ## after a target is its help.

PYTHON ?= python3.11
STATE_DIR ?= .run
export STATE_DIR

BIN := .venv/bin
LOCAL := $(BIN)/python -m deploy.local
WITH := $(LOCAL) with $(BIN)/python -m
PYTEST := $(BIN)/pytest
# Where `make test` keeps the servers of the integration ring: one set for each half, because tests share queues.
TEST_STATE := .run/test
HALF := tests/integration/booking tests/integration/notify
# The whole ring takes all processors; a part is quicker without.
SPREAD := --numprocesses auto --dist
SOURCES = $(shell git ls-files '*.py')

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup up down run test test-unit test-integration test-acceptance test-browser test-outside bench lint format \
	migrate seed token person outbox parked dead-letters retry-parked audit audit-of logs assets lock servers browser translations

help:
	@awk -f deploy/local/help.awk $(MAKEFILE_LIST)

#: Run it

run: setup  ## the whole system in the foreground; Ctrl-C stops it (PORT=8000, STATE_DIR=.run)
	@$(LOCAL) run

up: setup  ## the same in the background; returns when it is ready
	@$(LOCAL) up

down:  ## stop it, or clean up after a crash
	@$(LOCAL) down

logs:  ## follow what the processes write (NAME=booking for one of them)
	@tail -n 40 -F $(STATE_DIR)/logs/$(or $(NAME),*).log

#: Set up

setup: .venv/installed servers assets translations  ## everything that `make run` needs; quick when nothing changed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) deploy/local/virtualenv.py
	@touch $@

servers:
	@$(PYTHON) deploy/local/packages.py

browser:
	@$(PYTHON) deploy/local/packages.py --browser

assets: services/portal/static/build/manifest.json  ## build what the browser loads

ASSET_SOURCES := package-lock.json vite.config.js $(shell find services/portal/assets -type f 2>/dev/null)

node_modules/.package-lock.json: package.json package-lock.json | .venv/installed
	@echo "Fetching the portal's packages"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --loglevel error --no-audit --no-fund --ignore-scripts >/dev/null
	@touch $@

services/portal/static/build/manifest.json: $(ASSET_SOURCES) node_modules/.package-lock.json
	@echo "Building the portal's assets"
	@PATH="$(CURDIR)/$(BIN):$$PATH" npx --no-install vite build --logLevel error
	@touch $@

PO_FILES := $(shell find services/portal/translations -name '*.po' 2>/dev/null)

translations: $(PO_FILES:.po=.mo)

%.mo: %.po | .venv/installed
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

lock:  ## pin what pyproject.toml and package.json ask for
	@$(BIN)/pip-compile --quiet --extra dev --generate-hashes --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --output-file requirements.lock pyproject.toml
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm install --silent --package-lock-only --ignore-scripts

#: Test (T=path for a part, ARGS="-k word" for pytest)

test: setup browser  ## every ring, one after the other
	@$(MAKE) --no-print-directory --keep-going test-unit test-integration test-outside

test-unit: setup  ## no input or output, seconds
	@$(PYTEST) -q $(if $(T),,$(SPREAD) worksteal) $(or $(T),tests/unit) $(ARGS)

test-integration: setup  ## on PostgreSQL, RabbitMQ and Redis started for it; the whole ring in two halves at once
ifdef T
	@STATE_DIR=$(TEST_STATE) $(LOCAL) servers $(PYTEST) -q $(T) $(ARGS)
else
	@mkdir -p $(TEST_STATE)
	@STATE_DIR=$(TEST_STATE)/half $(LOCAL) servers $(PYTEST) -q $(HALF) $(ARGS) >$(TEST_STATE)/half.log 2>&1 & half=$$!; \
	STATE_DIR=$(TEST_STATE)/rest $(LOCAL) servers $(PYTEST) -q tests/integration $(addprefix --ignore ,$(HALF)) $(ARGS); rest=$$?; \
	wait $$half; half=$$?; cat $(TEST_STATE)/half.log; exit $$((half + rest))
endif

test-acceptance: setup  ## a whole stack through HTTP, the mailbox and the stand-in WeChat
	@$(PYTEST) -q $(or $(T),tests/acceptance) $(ARGS)

test-browser: setup browser  ## the pages in Chromium
	@$(PYTEST) -q $(or $(T),tests/browser) $(ARGS)

# The last two rings, one after the other on one stack.
test-outside:
	@$(PYTEST) -q tests/acceptance tests/browser $(ARGS)

#: Check

lint: .venv/installed  ## what ruff thinks of it
	@$(BIN)/ruff check . && $(BIN)/ruff format --check --diff --quiet deploy/local

format: .venv/installed  ## let ruff put it in order
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet $(or $(T),.)

bench: setup  ## measure it
	@$(BIN)/python -m bench $(ARGS)

#: Operate the running system

migrate:  ## bring its databases, rights and queues up to date
	@$(WITH) deploy.local.provisioning

seed:  ## load the demo base into an empty one
	@$(WITH) deploy.demo.seed $(ARGS)

person:  ## create a person (NAME=chen.wei ARGS="--name 陈伟 --email chen.wei@example.com --roles admin")
	@$(WITH) services.accounts.operations create-person $(NAME) $(ARGS)

token:  ## print an API token (PERSON=lead01)
	@$(WITH) services.accounts.operations create-token $(PERSON)

outbox:  ## facts that wait to be sent, per service
	@$(WITH) services.contracts.messaging.operations outbox status

parked:  ## facts that could not be handled (ARGS="--service booking")
	@$(WITH) services.contracts.messaging.operations parked list $(ARGS)

retry-parked:  ## try them again (ARGS="--event ID" for one)
	@$(WITH) services.contracts.messaging.operations parked redrive $(ARGS)

dead-letters:  ## messages that could not be read (ARGS="--reader notify")
	@$(WITH) services.contracts.messaging.operations dead-letters list $(ARGS)

audit:  ## does the audit trail hold? (ARGS="--heads FILE" compares it with heads kept elsewhere)
	@$(WITH) services.contracts.messaging.operations audit verify $(ARGS)

audit-of:  ## who changed a thing, and what (CHAIN=facility:LAB-1)
	@$(WITH) services.contracts.messaging.operations audit show $(CHAIN)
