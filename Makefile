# Every target of the project. `make` alone prints them.

SWIFT ?= swift
STRICT := -Xswiftc -warnings-as-errors
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks

.DEFAULT_GOAL := help
.PHONY: help test lint format clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## run every test (installs the Debian packages it needs)
	$(SWIFT) test --disable-xctest $(STRICT)

lint: ## check the format of every Swift file
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format: ## rewrite every Swift file in the project's format
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_SOURCES)

clean: ## remove everything that was built
	rm -rf .build
