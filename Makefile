# linalg: the two commands of the README are `make demo` and `make test`; each sets up what it
# needs. Everything built stands in .build, everything the demo writes in out.

SWIFT ?= swift
PREFIX ?= /usr/local
DESTDIR ?=
# The release build carries the Swift runtime with it. lld, because the other linkers warn about
# mktemp in Apple's own static Foundation.
RELEASE_FLAGS = -c release --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker --gc-sections \
	-Xlinker -s
# Tests build with optimisation (numeric loops) and still see internals.
TESTING_FLAGS = -c release -Xswiftc -enable-testing --scratch-path .build/testing
LINALG = .build/release/linalg
PACKAGES = libopenblas-dev liblapacke-dev libpng-dev zlib1g-dev pkg-config
SWIFT_FILES = Package.swift Sources Tests examples

# The tests that draw at random, over many more draws than `make test` has time for.
SOAK_EXPRESSIONS ?= 1000000
SEEDS ?= 50

.PHONY: demo test soak build install lint format deps examples bench bench-scaling clean

demo: build
	@mkdir -p out
	$(LINALG) svd-compress examples/pictures/yard.png --ranks 1,5,10,20,50,100 \
		--plot out/spectrum.svg --table out/table.md
	@for k in 5 20 50; do \
		$(LINALG) svd-compress examples/pictures/yard.png --rank $$k -o out/yard-$$k.png \
			--format csv -q >/dev/null || exit; done
	@echo
	@echo "Wrote out/yard-5.png, out/yard-20.png and out/yard-50.png (the picture at these ranks),"
	@echo "out/spectrum.svg (its singular values) and out/table.md (the table above)."

test: deps
	$(SWIFT) build --build-tests $(TESTING_FLAGS)
	OPENBLAS_NUM_THREADS=1 $(SWIFT) test --skip-build $(TESTING_FLAGS)

soak: deps
	$(SWIFT) build --build-tests $(TESTING_FLAGS)
	SOAK_EXPRESSIONS=$(SOAK_EXPRESSIONS) SEEDS=$(SEEDS) OPENBLAS_NUM_THREADS=1 \
		$(SWIFT) test --skip-build $(TESTING_FLAGS) \
		--filter 'ExpressionRandomTests|GradientCheckTests'

build: deps
	$(SWIFT) build $(RELEASE_FLAGS) --product linalg

install: build
	install -D -m 755 $(LINALG) $(DESTDIR)$(PREFIX)/bin/linalg

lint:
	$(SWIFT) format lint --strict --parallel --recursive $(SWIFT_FILES)

format:
	$(SWIFT) format --in-place --parallel --recursive $(SWIFT_FILES)

# Compiling against every library at once tells whether anything is missing.
deps:
	@printf '%s\n' '#include <cblas.h>' '#include <lapacke.h>' '#include <png.h>' \
		'#include <zlib.h>' 'int main(void) { return 0; }' > .deps.c; \
	if clang .deps.c -llapacke -lopenblas -lpng -lz -o .deps.out 2>/dev/null; \
	then rm -f .deps.c .deps.out; exit 0; fi; \
	rm -f .deps.c .deps.out; \
	if ! command -v apt-get >/dev/null; then \
		echo "Please install OpenBLAS, LAPACKE, libpng and zlib with their headers" \
			"(Debian: $(PACKAGES))." >&2; exit 69; \
	elif [ "$$(id -u)" = 0 ]; then root=; \
	elif command -v sudo >/dev/null; then root=sudo; \
	else echo "Please run as root: apt-get install $(PACKAGES)" >&2; exit 69; fi; \
	$$root apt-get update -qq && \
	DEBIAN_FRONTEND=noninteractive $$root apt-get install -y -qq $(PACKAGES) >/dev/null

examples: build
	$(MAKE) -C examples check LINALG=$(abspath $(LINALG))

bench: build
	$(SWIFT) build $(RELEASE_FLAGS) --product benchmarks
	@mkdir -p docs
	.build/release/benchmarks --linalg $(LINALG) $(if $(PYTHON),--python $(PYTHON)) \
		--output docs/benchmarks.md

# How time grows with size: prints the fitted exponent.
bench-scaling: deps
	$(SWIFT) build $(RELEASE_FLAGS) --product benchmarks
	.build/release/benchmarks --scaling

clean:
	rm -rf .build out
