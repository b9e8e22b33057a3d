# Two commands: `make book` and `make test`. Everything runs in .venv, made from requirements.txt; Node.js too.

PYTHON := .venv/bin/python
ENV    := .venv/.installed
QUICK  := _runs/book/notebooks/restoring/quick_start.ipynb
SOURCES = $(shell find latentlib notebooks -name '*.py')
ESSAYS = $(filter-out notebooks/studies/%,$(wildcard notebooks/*/*.py))

CHAPTER ?= restoring
SCALE   ?= quick
MODEL   ?= restoring/fashion_mnist
PORT    ?= 8000
WORKERS ?= 2
CLANG    = clang --target=wasm32 -O3 -msimd128 -mbulk-memory -ffreestanding -fno-builtin -nostdlib -ffp-contract=off \
	-Wall -Wextra -Wl,--no-entry -Wl,--strip-all

FRONT  = frontend/node_modules/.package-lock.json
NPM    = PATH="$(CURDIR)/.venv/bin:$$PATH" npm --prefix frontend
SPREAD = OMP_NUM_THREADS=1 $(PYTHON) -m pytest -n $(WORKERS) --dist loadfile

.DEFAULT_GOAL := help
.PHONY: help book pdf zip home live test test-portable notebooks chapter train bench serve lint lock clean

help: ## explain each target
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  \1\t/' | expand -t 18

book: $(QUICK) ## re-execute the quick start, build the pages strictly (RELEASE=1: and refuse placeholders), say where
	$(PYTHON) tools/build_book.py $(if $(RELEASE),--release)

test: $(ENV) lint book ## everything: lint, types, pytest, pairs in step, stored notebooks, strict book, pages in Chromium
	$(NPM) test
	$(SPREAD) tests --ignore tests/live --ignore tests/widgets
	$(PYTHON) -m pytest tests/live  # processes of their own: a browser and an event loop do not share one
	$(PYTHON) -m pytest tests/widgets/test_session.py tests/widgets/test_explorer.py tests/widgets
	$(SPREAD) --nbval --nbval-sanitize-with tests/nbval.cfg notebooks
	@$(PYTHON) tests/needs.py

test-portable: $(ENV) ## the stored notebooks once more, as on another CPU
	ATEN_CPU_CAPABILITY=default DNNL_MAX_CPU_ISA=SSE41 OMP_NUM_THREADS=1 $(PYTHON) -m pytest --nbval --nbval-sanitize-with tests/nbval.cfg notebooks

live: $(ENV) $(FRONT) ## rebuild what runs in the reader's browser: kernel (needs clang and lld), weights, scripts, poster
	cd frontend/engine && $(CLANG) -o kernel.wasm kernel.c
	$(PYTHON) tools/export_live.py
	$(NPM) run build
	$(NPM) run poster

lint: $(ENV) $(FRONT) ## format, lint, types
	$(NPM) run lint
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy

notebooks: $(ENV) ## execute every notebook and store its outputs in the .ipynb beside it
	for source in $(ESSAYS); do $(PYTHON) -m latentlib notebook --store "$$source" || exit 1; done

chapter: $(ENV) ## run a chapter's experiments: CHAPTER=restoring SCALE=quick|paper
	$(PYTHON) -m latentlib reproduce $(CHAPTER) --scale $(SCALE)

train: $(ENV) ## train a model of the zoo again, replace it and measure it: MODEL=restoring/fashion_mnist
	$(PYTHON) -m latentlib train $(MODEL) --replace
	$(PYTHON) -m latentlib assess $(MODEL)

bench: $(ENV) ## measure speeds, and their ratios to a bare forward pass, DEAP and scikit-image
	OMP_NUM_THREADS=1 $(PYTHON) -m pytest tests/benchmarks --benchmark-columns=median,ops
	OMP_NUM_THREADS=1 $(PYTHON) tests/benchmarks/compare.py

pdf: book ## print the whole book into _build/book.pdf, by Chromium
	$(PYTHON) tools/print_book.py

zip: book ## pack the whole book into _build/book.zip, to be read from disk
	$(PYTHON) tools/pack_book.py

home: $(ENV) ## after a change of CITATION.cff: tell the notebooks where the repository is
	$(PYTHON) tools/book_home.py

serve: book ## open the book on http://127.0.0.1:PORT
	$(PYTHON) -m http.server $(PORT) --bind 127.0.0.1 --directory _build/html

lock: $(ENV) ## resolve pyproject.toml's ranges into requirements.txt anew, with hashes
	$(PYTHON) -m pip install --quiet uv
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --all-extras --no-emit-index-url --no-annotate \
		--generate-hashes --custom-compile-command "make lock" --upgrade pyproject.toml --output-file requirements.txt

clean: ## remove what was built, but not the environment
	rm -rf _build _runs .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks

$(ENV): requirements.txt pyproject.toml notebooks/pyproject.toml
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	python3 -m venv .venv
	@$(PYTHON) tools/install.py
	@touch $(ENV)

$(FRONT): frontend/package-lock.json | $(ENV)
	$(NPM) ci --no-audit --no-fund --ignore-scripts

$(QUICK): $(ENV) $(SOURCES) $(wildcard latentlib/weights/*/*)
	$(PYTHON) -m latentlib notebook notebooks/restoring/quick_start.py --output $(QUICK)
