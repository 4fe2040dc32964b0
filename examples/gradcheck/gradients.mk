# For your own Makefile: `include gradients.mk`, name the programs, then `make check-gradients`.
#
# Each is checked as `linalg gradcheck -- python3 PROGRAM` and leaves a JUnit report behind. The
# target fails when any of them does, after all have been checked.

LINALG ?= linalg
PYTHON ?= python3
GRADIENT_PROGRAMS ?= loss.py
# The folder of the reports, and further options such as --strict.
GRADIENT_REPORTS ?= .
GRADIENT_OPTIONS ?=

.PHONY: check-gradients
check-gradients:
	@status=0; for program in $(GRADIENT_PROGRAMS); do \
		$(LINALG) gradcheck $(GRADIENT_OPTIONS) \
			--junit $(GRADIENT_REPORTS)/$$(basename $$program .py)-gradients.xml \
			-- $(PYTHON) $$program || status=1; \
	done; exit $$status
