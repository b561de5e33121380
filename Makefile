# Everything is set up on the first use, and again only when the requirements change.
PY := .venv/bin/python
# Whoever waits for sound in real time comes before the browsers, which compute.
PARALLEL := $(PY) -m pytest --dist loadfile --no-loadscope-reorder
# Kept, whatever the shell says: many processes read the same code.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test lint bench clients bundle package-test clean

run: .venv/.installed
	@$(PY) main.py $(ARGS)

test: .venv/.developed
	@sh .ci/setup browser
ifdef ARGS
	@$(PY) -m pytest $(ARGS)
else
	@$(PARALLEL) --numprocesses 4 --ignore tests/ui --ignore tests/e2e || failed=1; \
	$(PARALLEL) --numprocesses 3 tests/ui || failed=1; \
	$(PY) -m pytest tests/e2e || failed=1; \
	test -z "$$failed"
endif

lint: .venv/.developed
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: .venv/.developed
	@$(PY) -m bench

# Clients that others wrote, for tests/clients: a Python package that needs 3.11 or older, and one of npm.
clients: .clients/vocode/.installed .clients/vocode-react/.installed

# A folder with Rostrum and its Python: dist/rostrum/rostrum starts it. Takes minutes.
bundle: .packages/bundle/.installed
	@.packages/bundle/bin/python -m PyInstaller --noconfirm --log-level WARN --workpath .packages/work packaging/rostrum.spec

# What is too slow for `make test`, and needs a network: everything installed anew, and the bundle, both tried out.
package-test: .venv/.developed bundle
	@rm -rf .packages/fresh && $(PY) -m venv .packages/fresh
	@.packages/fresh/bin/python -m pip install --quiet --disable-pip-version-check .
	@$(PY) -m tests.packaging.try_out .packages/fresh/bin/rostrum
	@$(PY) -m tests.packaging.try_out dist/rostrum/rostrum

.packages/bundle/.installed: requirements-bundle.txt requirements.txt | $(PY)
	@$(PY) -m venv .packages/bundle
	@.packages/bundle/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-bundle.txt
	@touch $@

clean:
	rm -rf .venv .clients .packages build dist

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
