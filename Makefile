# Topsail: build, run, test. `make` alone lists what there is.

SWIFT ?= swift
BUILD = $(SWIFT) build -c release
TOPSAIL = .build/release/topsail
MODEL ?=

.DEFAULT_GOAL := help
.PHONY: help prepare build run test bench format lint data

help:
	@echo "make run     build, set up the workspace, open the explorer (without a terminal: print a live report)"
	@echo "make test    build and run all tests, in release"
	@echo "make bench   measure, against peers where they are installed"
	@echo "make format  format all Swift sources"
	@echo "make lint    check the format of all Swift sources"
	@echo "make data    train the shipped SAEs and build the shipped catalog again (hours on a laptop)"

# Swift itself and the system libraries; see .ci/prepare.
prepare:
	@.ci/prepare

build: prepare
	$(BUILD) --product topsail

run: build
	$(TOPSAIL) setup $(if $(MODEL),--model "$(MODEL)")
	@if [ -t 0 ] && [ -t 1 ]; then exec $(TOPSAIL); else exec $(TOPSAIL) report; fi

# Tests drive the program itself, so it is built with them. Those that read the real model find it in a workspace of their own;
# where it cannot be fetched they are skipped and say so.
TEST_WORKSPACE = $(CURDIR)/.build/test-workspace

test: prepare
	@.ci/prepare tests
	$(BUILD) --product topsail
	@$(TOPSAIL) setup --workspace "$(TEST_WORKSPACE)" || echo "note: tests that need the default model will be skipped"
	TOPSAIL_TEST_MODEL="$(TEST_WORKSPACE)/models/SmolLM2-135M-Instruct.Q4_1.gguf" $(SWIFT) test -c release

bench: prepare
	$(BUILD) --product topsail-bench
	.build/release/topsail-bench

format:
	$(SWIFT) format format --in-place --recursive --parallel Package.swift Sources Tests

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

data: build
	$(TOPSAIL) setup $(if $(MODEL),--model "$(MODEL)")
	@[ -e Data/corpus/corpus.jsonl.gz ] || \
		$(TOPSAIL) corpus synthesize --seeds Data/corpus/seeds.jsonl --output Data/corpus --tokens 1012000
	$(TOPSAIL) pipeline --data Data --work .build/data
