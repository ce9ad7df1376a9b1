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

# libFuzzer and AddressSanitizer over Metrics and its fuzzer as one module. Swift's backtracer is off because it hangs on a
# process that AddressSanitizer has taken over.
RUNS ?= 200000
FUZZ_METRICS_FLAGS := -O -wmo -parse-as-library -swift-version 6 -strict-memory-safety -warnings-as-errors \
	-enable-upcoming-feature InternalImportsByDefault -sanitize=fuzzer,address -use-ld=lld \
	-package-name agent-exporter -module-name Metrics -I Sources/CZlib

fuzz-metrics: .build/fuzz/Exposition ## fuzz the exposition formats and the negotiation, RUNS executions (200000)
	@mkdir -p .build/fuzz/corpus/Exposition
	SWIFT_BACKTRACE=enable=no .build/fuzz/Exposition -runs=$(RUNS) -max_len=4096 -timeout=5 -print_final_stats=1 \
		-artifact_prefix=.build/fuzz/Exposition- .build/fuzz/corpus/Exposition

.build/fuzz/Exposition: Tests/Fuzz/ExpositionFuzz.swift $(wildcard Sources/Metrics/*/*.swift)
	@mkdir -p $(@D)
	$(SWIFT)c $(FUZZ_METRICS_FLAGS) -o $@ $^

clean: ## remove everything that was built
	rm -rf .build
