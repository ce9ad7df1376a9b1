# Every target of the project. `make` alone prints them.

SWIFT ?= swift
STRICT := -Xswiftc -warnings-as-errors
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks

.DEFAULT_GOAL := help
.PHONY: help test lint format bench fuzz-metrics clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## run every test (installs the Debian packages it needs)
	Tests/setup
	$(SWIFT) test --disable-xctest $(STRICT)

lint: ## check the format of every Swift file
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format: ## rewrite every Swift file in the project's format
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_SOURCES)

bench: ## measure small things alone: nanoseconds and allocations
	$(SWIFT) build -c release --product micro-bench $(STRICT)
	.build/release/micro-bench

fuzz-metrics: ## fuzz the exposition formats and the negotiation (FUZZ_SECONDS=60)
	Tests/Fuzz/run ExpositionFuzz Sources/Metrics

clean: ## remove everything that was built
	rm -rf .build
