# Every target of the project. `make` alone prints them.

SWIFT ?= swift
STRICT := -Xswiftc -warnings-as-errors
SWIFT_SOURCES := Package.swift Sources Tests Benchmarks Examples
# One executable that needs nothing on the machine it is copied to.
PRODUCTS := agent-exporter agent-hub pipeline-worker echo-server loadtest
STATIC := --static-swift-stdlib -Xswiftc -static-executable -Xlinker -s --scratch-path .build/static
# Equal functions are needed once, and tables for unwinding not at all: it makes a static program a tenth smaller.
# So is what no program calls, once each function is a section of its own.
STATIC += -Xswiftc -Xfrontend -Xswiftc -function-sections
STATIC += -Xswiftc -use-ld=lld -Xlinker --icf=all -Xlinker --gc-sections -Xlinker --no-eh-frame-hdr \
	-Xlinker -T -Xlinker $(CURDIR)/Sources/Programs/static.ld
PGLIBRARIES := /usr/lib/postgresql/15/lib
# What Debian's static libpq needs: parts of PostgreSQL itself, and CPostgresStubs.
STATIC += -Xcc -DAGENT_STATIC -Xlinker -L$(PGLIBRARIES) -Xlinker -lpgcommon -Xlinker -lpgport

.DEFAULT_GOAL := help
.PHONY: help headers archives run hub demo test test-code test-echo test-kit build image test-static test-image docs bench bench-check bench-tools lint format coverage mutants sanitize fuzz fuzzers clean

# What the exporter says of its build: `make build REVISION=$(git rev-parse --short HEAD)` for a release.
ifdef REVISION
STATIC += -Xcc -DAGENT_EXPORTER_REVISION=\"$(REVISION)\"
endif

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# What the compiler needs besides Swift: the C library's headers, the C++ library that Swift links, and the
# libraries of Debian that are linked into what is built: zlib, OpenSSL, libyaml, libcrypt, SQLite and libpq.
headers:
	@Tests/install cc:gcc /usr/include/stdlib.h:libc6-dev /usr/include/c++:libstdc++-12-dev /usr/include/zlib.h:zlib1g-dev \
		/usr/include/openssl/ssl.h:libssl-dev /usr/include/yaml.h:libyaml-dev /usr/include/crypt.h:libcrypt-dev \
		/usr/include/sqlite3.h:libsqlite3-dev /usr/include/postgresql/libpq-fe.h:libpq-dev

# What is linked into static programs besides.
archives: headers
	@Tests/install $(PGLIBRARIES)/libpgcommon.a:postgresql-server-dev-15

run: headers ## build the exporter and start it with a simulated agent: http://localhost:8000/
	$(SWIFT) build -c release --product agent-exporter $(STRICT)
	.build/release/agent-exporter demo

hub: headers ## build the hub and start it with two simulated workers: http://localhost:8082/
	$(SWIFT) build -c release --product agent-hub $(STRICT)
	.build/release/agent-hub demo --store=memory

demo: headers ## build everything, and start it together: a hub, two workers, a sidecar beside each, webhooks
	for product in agent-exporter agent-hub pipeline-worker; do \
		$(SWIFT) build -c release --product $$product $(STRICT) || exit; \
	done
	Examples/Demo/run

test: test-code test-echo test-kit ## run every test (installs the Debian packages it needs)

# TEST_FLAGS is for swift test.
test-code:
	Tests/setup
	$(SWIFT) test --disable-xctest $(STRICT) $(TEST_FLAGS)

test-echo:
	$(MAKE) build PRODUCTS=echo-server
	Tests/Integration/rough-handling .build/static/release/echo-server

test-kit:
	Tests/setup
	Tests/Operations/run

build: archives ## build the static release binaries into .build/static/release
	@for product in $(PRODUCTS); do \
		echo "$(SWIFT) build -c release --product $$product"; \
		$(SWIFT) build -c release $(STATIC) --product $$product $(STRICT) || exit; \
	done

image: ## build the container image (PROGRAM=, BASE=, IMAGE=, PLATFORM=: see deploy/image/build)
	deploy/image/build

# STATIC_PROGRAMS=agent-exporter leaves the hub and the worker out.
STATIC_PROGRAMS ?= agent-exporter agent-hub pipeline-worker

test-static: ## run the static binaries with nothing around them, as images do (needs root)
	Tests/setup
	$(MAKE) build PRODUCTS="$(STATIC_PROGRAMS)"
	for program in $(STATIC_PROGRAMS); do Tests/Integration/static-binary .build/static/release/$$program || exit; done

test-image: ## build all images in a base made here, and run what is in them (needs root)
	Tests/setup
	Tests/Integration/image

docs: ## write the reference pages in docs again, from the tables of flags and the registries
	$(SWIFT) build --product agent-exporter
	$(SWIFT) build --product agent-hub
	$(SWIFT) build --product pipeline-worker
	.build/debug/agent-exporter --help-markdown > docs/reference.md
	.build/debug/agent-hub --help-markdown > docs/hub-reference.md
	.build/debug/pipeline-worker --help-markdown > docs/worker-reference.md

bench: bench-tools ## measure it beside what else there is, seven minutes, into Benchmarks/results.md
	Tests/install h2o:h2o go:golang-go prometheus-node-exporter:prometheus-node-exporter \
		prometheus-pushgateway:prometheus-pushgateway
	.build/python/bin/python Benchmarks/Compare/bench.py

bench-check: bench-tools ## hold ratios and counts against Benchmarks/thresholds.json
	.build/python/bin/python Benchmarks/Compare/bench.py --check

# It counts allocations in malloc's place: the first definition of it is the one that counts.
COUNTED := -Xlinker --allow-multiple-definition

bench-tools:
	Tests/setup
	Tests/install cc:gcc valgrind:valgrind
	$(MAKE) build PRODUCTS="agent-exporter echo-server loadtest"
	$(MAKE) build PRODUCTS=micro-bench STRICT="$(STRICT) $(COUNTED)"

lint: ## check the format of every Swift file
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_SOURCES)

format: ## rewrite every Swift file in the project's format
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_SOURCES)

coverage: ## print the line coverage of each file under Sources
	Tests/setup
	$(SWIFT) test --disable-xctest --enable-code-coverage
	Tests/coverage

# A sample of small slips in the sources. MODULES="Flags JSON" takes it from these, SLOW=1 adds Tests/Integration.
COUNT ?= 60
SEED ?= 1

mutants: ## change COUNT (60) places in a copy, one by one, and list what no test notices (SEED=, MODULES=, SLOW=1)
	Tests/setup
	SWIFT="$(SWIFT)" Tests/Mutants/run --count $(COUNT) --seed $(SEED) --modules "$(MODULES)" $(if $(SLOW),--slow)

sanitize: sanitize-address sanitize-thread ## run the tests under AddressSanitizer, then under ThreadSanitizer

# One of the two; SANITIZED="--skip IntegrationTests" leaves the scripts out.
sanitize-%:
	Tests/setup
	TSAN_OPTIONS="suppressions=$(CURDIR)/Tests/thread-sanitizer.txt" \
		$(SWIFT) test --disable-xctest --sanitize=$* --scratch-path .build/$* $(SANITIZED)

# libFuzzer and AddressSanitizer over the pure code of one module and its fuzzer. Swift's backtracer is off because it hangs
# on a process that AddressSanitizer has taken over.
RUNS ?= 200000
FUZZERS := RequestParser ResponseParser ChunkedDecoder Exposition JSON YAML Report Webhook
FUZZ_FLAGS := -O -wmo -parse-as-library -swift-version 6 -strict-memory-safety -warnings-as-errors \
	-enable-upcoming-feature InternalImportsByDefault -sanitize=fuzzer,address -use-ld=lld -package-name agent-exporter
FUZZ_CORPUS := .build/fuzz/corpus

fuzzers: $(FUZZERS:%=.build/fuzz/%)

fuzz: fuzzers ## fuzz parsers and encoders, RUNS executions each (200000)
	@for name in $(FUZZERS); do \
		mkdir -p $(FUZZ_CORPUS)/$$name Tests/Fuzz/Seeds/$$name; \
		echo "$$name: $(RUNS) executions"; \
		SWIFT_BACKTRACE=enable=no .build/fuzz/$$name -runs=$(RUNS) -max_len=512 -timeout=5 -print_final_stats=1 \
			-artifact_prefix=.build/fuzz/$$name- $(FUZZ_CORPUS)/$$name Tests/Fuzz/Seeds/$$name 2> .build/fuzz/$$name.log \
			|| { tail -n 40 .build/fuzz/$$name.log; exit 1; }; \
		grep -E 'number_of_executed_units|average_exec_per_sec' .build/fuzz/$$name.log; \
	done

.build/fuzz/Exposition: Tests/Fuzz/ExpositionFuzz.swift $(wildcard Sources/Telemetry/*/*.swift)
	@mkdir -p $(@D)
	@echo "building $@"; $(SWIFT)c $(FUZZ_FLAGS) -module-name Telemetry -I Sources/CZlib -o $@ $^

.build/fuzz/JSON: Tests/Fuzz/JSONFuzz.swift $(wildcard Sources/JSON/*/*.swift)
	@mkdir -p $(@D)
	$(SWIFT)c $(FUZZ_FLAGS) -module-name JSON -o $@ $^

.build/fuzz/YAML: Tests/Fuzz/YAMLFuzz.swift $(wildcard Sources/YAML/*.swift)
	@mkdir -p $(@D)
	@echo "building $@"; $(SWIFT)c $(FUZZ_FLAGS) -module-name YAML -I Sources/CYAML -o $@ $^

.build/fuzz/%: Tests/Fuzz/%Fuzz.swift Tests/Fuzz/FuzzInput.swift $(wildcard Sources/AsyncHTTP/HTTP1/*.swift)
	@mkdir -p $(@D)
	@echo "building $@"; $(SWIFT)c $(FUZZ_FLAGS) -module-name AsyncHTTP -o $@ $^

# The modules that reports need, each no more than they need of it.
FUZZ_MODULE = $(SWIFT)c $(FUZZ_FLAGS) -I $(@D) -I Sources/COpenSSL -emit-module -emit-module-path

.build/fuzz/Report: Tests/Fuzz/ReportFuzz.swift $(wildcard Sources/Hub/Reports/*.swift Sources/JSON/*/*.swift)
	@mkdir -p $(@D)
	@echo "building $@"
	@$(FUZZ_MODULE) $(@D)/JSON.swiftmodule -module-name JSON -c -o $(@D)/JSON.o $(wildcard Sources/JSON/*/*.swift)
	@$(FUZZ_MODULE) $(@D)/Digests.swiftmodule -module-name Digests -c -o $(@D)/Digests.o Sources/Digests/Digest.swift
	@$(FUZZ_MODULE) $(@D)/AsyncHTTP.swiftmodule -module-name AsyncHTTP -c -o $(@D)/AsyncHTTP.o \
		Sources/AsyncHTTP/System/ByteCount.swift Sources/AsyncHTTP/HTTP1/RawSpan+Comparing.swift
	@$(SWIFT)c $(FUZZ_FLAGS) -module-name Hub -I $(@D) -I Sources/COpenSSL -lcrypto -o $@ \
		$(@D)/JSON.o $(@D)/Digests.o $(@D)/AsyncHTTP.o $(filter-out Sources/JSON/%,$^)

.build/fuzz/Webhook: Tests/Fuzz/WebhookFuzz.swift $(wildcard Sources/WebhookChecks/*.swift)
	@mkdir -p $(@D)
	@echo "building $@"
	@$(FUZZ_MODULE) $(@D)/Digests.swiftmodule -module-name Digests -c -o $(@D)/Digests.o Sources/Digests/Digest.swift
	@$(FUZZ_MODULE) $(@D)/Webhooks.swiftmodule -module-name Webhooks -c -o $(@D)/Webhooks.o $(wildcard Sources/Webhooks/*.swift)
	@$(SWIFT)c $(FUZZ_FLAGS) -module-name WebhookChecks -I $(@D) -I Sources/COpenSSL -lcrypto -o $@ \
		$(@D)/Digests.o $(@D)/Webhooks.o $^

clean: ## remove everything that was built
	rm -rf .build
