# Topsail: build, run, test. `make` alone lists what there is.

SWIFT ?= swift
BUILD = $(SWIFT) build -c release
TOPSAIL = .build/release/topsail
MODEL ?=
PREFIX ?= $(HOME)/.local

.DEFAULT_GOAL := help
.PHONY: help prepare build run install test bench format lint data

help:
	@echo "make run     build, set up the workspace, open the explorer (without a terminal: print a live report)"
	@echo "make install  program, data, manual page and completions into PREFIX (~/.local)"
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

install: build
	install -D -m 755 $(TOPSAIL) "$(DESTDIR)$(PREFIX)/bin/topsail"
	mkdir -p "$(DESTDIR)$(PREFIX)/share/topsail"
	cp -R Data/. "$(DESTDIR)$(PREFIX)/share/topsail/"
	$(TOPSAIL) man | install -D -m 644 /dev/stdin "$(DESTDIR)$(PREFIX)/share/man/man1/topsail.1"
	$(TOPSAIL) --generate-completion-script bash | \
		install -D -m 644 /dev/stdin "$(DESTDIR)$(PREFIX)/share/bash-completion/completions/topsail"
	$(TOPSAIL) --generate-completion-script zsh | \
		install -D -m 644 /dev/stdin "$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_topsail"
	$(TOPSAIL) --generate-completion-script fish | \
		install -D -m 644 /dev/stdin "$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/topsail.fish"

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
