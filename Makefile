# The commands of the project; `make help` lists them. What they do is in Python: sparkproject/{install,run,lint}.py.

SHELL := /bin/sh
.DEFAULT_GOAL := help
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
PORT ?= 8000
ARGS ?=
export PORT

RUN := "$(VENV)/bin/python"
INSTALL := "$(PYTHON)" sparkproject/install.py "$(VENV)"
INSTALL_RUN := $(INSTALL) requirements.txt
INSTALL_DEV := $(INSTALL) requirements.txt requirements-dev.txt

.PHONY: help run dev test lint check format bench planted torture seeds schema requirements

help: ## this list
	@grep -E '^[a-z]+:.*## ' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 16

run: ## serve on http://127.0.0.1:8000 with everything it needs (PORT= DATABASE_URL= DEMO=0)
	@$(INSTALL_RUN)
	@exec $(RUN) -m sparkproject.run

dev: ## the same with autoreload and error pages
	@$(INSTALL_DEV)
	@exec $(RUN) -m sparkproject.run --dev

test: ## all tests, on PostgreSQL and in a browser (ARGS="core -k money" for some)
	@$(INSTALL) --browser requirements.txt requirements-dev.txt
	@$(RUN) -m pytest -n auto $(ARGS)

lint: ## format, lint, types, imports, migrations, system checks, schema
	@$(INSTALL_DEV)
	@$(RUN) -m sparkproject.lint

check: lint test ## what must be clean before a change is merged

format: ## put the code into its format
	@$(INSTALL_DEV)
	@$(RUN) -m ruff check --fix-only --quiet . && $(RUN) -m ruff format .

bench: ## how far each operation is from a bare handler
	@$(INSTALL_DEV)
	@$(RUN) -m bench $(ARGS)

planted: ## plant faults into copies: do the tests catch each? (ARGS="currency" for some)
	@$(INSTALL_DEV)
	@$(RUN) -m planted $(ARGS)

torture: ## drive the real server hard: nothing lost, torn or leaked (ARGS="kills --size 5" for some)
	@$(INSTALL_DEV)
	@$(RUN) -m torture $(ARGS)

seeds: ## draw other cases than the tests do, three times (ARGS="--seed 7" for one again)
	@$(INSTALL_DEV)
	@$(RUN) -m torture.seeds $(ARGS)

schema: ## write the OpenAPI description to openapi.yaml
	@$(INSTALL_DEV)
	@$(RUN) -m sparkproject.lint --write-schema openapi.yaml

requirements: ## pin requirements.txt and requirements-dev.txt anew
	@$(INSTALL_DEV)
	@$(RUN) -m piptools compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header -o requirements.txt requirements.in
	@$(RUN) -m piptools compile --quiet --strip-extras --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header -o requirements-dev.txt requirements-dev.in
