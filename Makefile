# Foothold: `make run` starts it, `make test` runs every test. `make help` lists the rest.
.DEFAULT_GOAL := help
SHELL := /bin/sh

UV := .tools/uv/bin/uv
PYTHON := .venv/bin/python
DESK := frontdesk/.venv/bin/python

# Quiet and private by default; the ports are those of launch/settings.py.
export RASA_TELEMETRY_ENABLED := false
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export FOOTHOLD_ACTIONS_PORT ?= 5055
export SANIC_HOST := 127.0.0.1

.PHONY: help setup run train chat test lint bench report content tune

help: ## Say what the commands do
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: ## Install what is needed (run, test and the others do it by themselves)
	@launch/setup.sh

run: ## Train if needed, start everything, print the addresses
	@launch/setup.sh --quiet
	@exec $(PYTHON) -m launch

train: ## Train the assistant if its data has changed
	@launch/setup.sh --quiet
	@$(PYTHON) -m launch --train-only

chat: train ## Talk to the assistant in this terminal
	@$(PYTHON) -m launch.chat

test: ## Install what the tests need and run all of them
	@launch/setup.sh
	@launch/test.sh

lint: ## Check format, style and types
	@launch/setup.sh --quiet
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy assistant actions launch tests bench report tuning
	cd frontdesk && .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy .

report: train ## Write a page on how well people are understood (stock Rasa takes hours: see ARGS)
	@$(PYTHON) -m report $(ARGS)

content: ## Write a page of all topics and answers, for a clinician to review
	@launch/setup.sh --quiet
	@$(PYTHON) -m report.content

bench: ## Measure against Rasa's stock pipeline (takes about half an hour)
	@launch/setup.sh --quiet
	@$(PYTHON) -m bench

tune: ## Teach the encoder from the examples, after many new ones (fetches PyTorch, gigabytes)
	@launch/setup.sh --quiet
	@$(UV) run --isolated --locked --group tuning --python $(PYTHON) python -W ignore -m tuning
