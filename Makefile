# Logic: .ci/prepare.py (standard library only). Here: finding a Python that can run it.

# The first Python that is new enough and can make environments; failing that, any, to say what is wrong.
FIND_PYTHON = for p in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	$$p -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))" >/dev/null 2>&1 && echo $$p && exit; done; \
	for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c "" >/dev/null 2>&1 && echo $$p && exit; done

PYTHON := $(or $(PYTHON),$(shell $(FIND_PYTHON)))
PREPARE = @$(if $(PYTHON),,echo "No Python 3 found: install Python 3.11 or newer (python.org/downloads, or your system's packages)"; exit 2;) \
	"$(PYTHON)" .ci/prepare.py

.PHONY: help lab test proof faults handouts prints slides export class bench refresh stale update lock clean

help:
	@echo "make lab        set up what is needed and open JupyterLab at the course (LAB_ARGS=--no-browser ...)"
	@echo "make test       style, types, units, browser walks and every notebook cell (TEST_ARGS=-x ...)"
	@echo "make handouts   the printable pages, into build/handouts/ (PDF=1 prints them too, PAPER=Letter on that paper)"
	@echo "make prints     test booklets with their keys and a page for each chapter, as PDFs, into build/prints/ (PAPER=Letter)"
	@echo "make slides     slides of every chapter, into build/slides/ (LESSON=risks-50: one lesson; CORE=1: no Deeper)"
	@echo "make update     take a newer course and keep your own edits"
	@echo "make bench      measure speed and weight, into build/bench.json"
	@echo "make proof      the slow proofs"
	@echo "make faults     try every fault of the learner's record, and write the table in tests/README.md"
	@echo "make refresh    execute every notebook and store clean outputs"
	@echo "make stale      the rows of data/ that should be checked again (STALE_ARGS='--today 2028-01-01')"
	@echo "make lock       newest packages within pyproject.toml's bounds, into the locks"
	@echo "make export     the questions for a learning management system (Moodle, Canvas, QTI ...), into build/export/"
	@echo "make class      what a class has done, from its files, into build/class/ (FILES=~/Downloads/class)"
	@echo "make clean      remove build/ and what make set up"
	@echo "PYTHON=/path/to/python3 chooses the Python; without make, see README.md (pip)."

lab:
	$(PREPARE) lab $(LAB_ARGS)

test:
	$(PREPARE) test $(TEST_ARGS)

proof:
	$(PREPARE) proof $(TEST_ARGS)

faults:
	$(PREPARE) faults

handouts:
	$(PREPARE) handouts $(if $(filter-out 0 no,$(PDF)),--pdf) $(if $(PAPER),--paper $(PAPER)) $(HANDOUTS_ARGS)

prints:
	$(PREPARE) prints $(if $(PAPER),--paper $(PAPER)) $(PRINTS_ARGS)

slides:
	$(PREPARE) slides $(if $(LESSON),--lesson $(LESSON)) $(if $(filter-out 0 no,$(CORE)),--core) $(SLIDES_ARGS)

class:
	$(PREPARE) class $(FILES) $(CLASS_ARGS)

export:
	$(PREPARE) export $(EXPORT_ARGS)

bench:
	$(PREPARE) bench

refresh:
	$(PREPARE) refresh

stale:
	$(PREPARE) stale $(STALE_ARGS)

update:
	$(PREPARE) update

lock:
	$(PREPARE) lock

clean:
	rm -rf build .venv .venv-test .pytest_cache .ruff_cache .mypy_cache .import_linter_cache .hypothesis .coverage
	find .ci notebooks tests -name __pycache__ -type d -prune -exec rm -rf {} +
