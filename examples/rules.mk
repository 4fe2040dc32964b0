# What the Makefiles of the examples share. Each names its outputs in OUTPUTS: `out/NAME.txt`,
# which a rule makes, is compared with `expected/NAME.txt`.

LINALG ?= linalg
EXPECTED = $(OUTPUTS:%=out/%.txt)

.DELETE_ON_ERROR:
.PHONY: all check update clean
all: $(EXPECTED)

# The program may have changed since the last run, so every output is made again.
check:
	@rm -rf out
	@$(MAKE) --no-print-directory -s all LINALG="$(LINALG)"
	@status=0; for name in $(OUTPUTS); do \
		../compare.sh expected/$$name.txt out/$$name.txt || status=1; done; exit $$status

update:
	@rm -rf out
	@$(MAKE) --no-print-directory -s all LINALG="$(LINALG)"
	@mkdir -p expected && cp $(EXPECTED) expected/

out:
	@mkdir -p $@

clean:
	rm -rf out
