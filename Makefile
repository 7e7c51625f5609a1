# What a person does with this project. `make run` and `make test` set up all they need by themselves.
SHELL := /bin/sh
.DEFAULT_GOAL := help
HOST ?= 127.0.0.1
PORT ?= 8000
BIN := .venv/bin
BENCHES := $(shell grep -l __main__ bench/*.py)
WORKERS ?= auto

.PHONY: help run demo test check bench format docs tour setup setup-test setup-bench clean

help: ## this list
	@grep -E '^[a-z][a-z-]*:.*##' $(MAKEFILE_LIST) | sort | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: ## make .venv with the locked packages (make run does it by itself)
	@deploy/set-up.sh run

setup-test:
	@deploy/set-up.sh test

run: setup ## the service with demo data at http://127.0.0.1:8000 (HOST and PORT change that)
	$(BIN)/ventanilla serve --demo --host $(HOST) --port $(PORT)

demo: setup ## the whole job once: print, sign, scan, read, accept, rebuild, archive
	$(BIN)/ventanilla demo

check: setup-test ## the quick half of the tests: style, types, import contracts, sizes
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m bench.sizes

test: check ## everything that CI runs
	$(BIN)/pytest -n $(WORKERS)

setup-bench:
	@deploy/set-up.sh bench

bench: setup-test ## the measured figures, one program after another
	@for program in $(BENCHES); do \
		module=$$(echo $$program | sed 's,/,.,g; s,\.py$$,,'); \
		echo "== $$module"; $(BIN)/python -m $$module || exit 1; \
	done

format: setup-test ## put the code in its normal form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: setup-test ## write again the pages that follow from the code
	$(BIN)/python -m docs.generate

tour: setup-test ## take the pictures of docs/tour.md again
	$(BIN)/python -m docs.tour

clean: ## remove what can be made again; stored data stays
	rm -rf .venv .venv-bench build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
