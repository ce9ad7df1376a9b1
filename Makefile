# Every target of the project. `make` alone prints them.

SWIFT ?= swift
STRICT := -Xswiftc -warnings-as-errors
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks

.DEFAULT_GOAL := help
.PHONY: help test lint format fuzz clean

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## run every test (installs the Debian packages it needs)
	$(SWIFT) test --disable-xctest $(STRICT)

lint: ## check the format of every Swift file
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format: ## rewrite every Swift file in the project's format
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_SOURCES)

# libFuzzer and AddressSanitizer over the parsers alone: they import nothing, so no other code need be built.
# Swift's backtracer is off because it hangs on a process that AddressSanitizer has taken over.
RUNS ?= 200000
FUZZERS := RequestParser ResponseParser ChunkedDecoder
FUZZ_FLAGS := -O -wmo -parse-as-library -swift-version 6 -strict-memory-safety -warnings-as-errors \
	-sanitize=fuzzer,address -use-ld=lld -package-name agent-exporter -module-name AsyncHTTP
FUZZ_CORPUS := .build/fuzz/corpus

fuzz: $(FUZZERS:%=.build/fuzz/%) ## fuzz the parsers, RUNS executions each (200000)
	@for name in $(FUZZERS); do \
		mkdir -p $(FUZZ_CORPUS)/$$name; \
		echo "$$name: $(RUNS) executions"; \
		SWIFT_BACKTRACE=enable=no .build/fuzz/$$name -runs=$(RUNS) -max_len=512 -timeout=5 -print_final_stats=1 -artifact_prefix=.build/fuzz/$$name- \
			$(FUZZ_CORPUS)/$$name Tests/Fuzz/Seeds/$$name 2> .build/fuzz/$$name.log \
			|| { tail -n 40 .build/fuzz/$$name.log; exit 1; }; \
		grep -E 'number_of_executed_units|average_exec_per_sec' .build/fuzz/$$name.log; \
	done

.build/fuzz/%: Tests/Fuzz/%Fuzz.swift Tests/Fuzz/FuzzInput.swift $(wildcard Sources/AsyncHTTP/HTTP1/*.swift)
	@mkdir -p $(@D)
	$(SWIFT)c $(FUZZ_FLAGS) -o $@ $^

clean: ## remove everything that was built
	rm -rf .build
