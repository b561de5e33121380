# Everything is set up on the first use, and again only when the requirements change.
PY := .venv/bin/python

.PHONY: run test lint bench clients clean

run: .venv/.installed
	@$(PY) main.py $(ARGS)

test: .venv/.developed
	@sh .ci/setup browser
ifdef ARGS
	@$(PY) -m pytest $(ARGS)
else
	@$(PY) -m pytest --numprocesses 4 --dist loadfile --no-loadscope-reorder --ignore tests/e2e
	@$(PY) -m pytest tests/e2e
endif

lint: .venv/.developed
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: .venv/.developed
	@$(PY) -m bench

# Clients that others wrote, for tests/clients: a Python package that needs 3.11 or older, and one of npm.
clients: .clients/vocode/.installed .clients/vocode-react/.installed

clean:
	rm -rf .venv .clients

$(PY):
	@sh .ci/setup venv

.venv/.installed: requirements.txt | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.developed: requirements-dev.txt requirements-local.txt requirements.txt | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/.installed

.clients/vocode/.installed: Makefile
	@python3.11 -m venv .clients/vocode
	@.clients/vocode/bin/python -m pip install --quiet --disable-pip-version-check vocode==0.1.111
	@touch $@

.clients/vocode-react/.installed: Makefile
	@npm install --silent --no-audit --no-fund --prefix .clients/vocode-react \
		vocode@1.0.37 react@18 react-dom@18 buffer@6 esbuild@0.28
	@touch $@
