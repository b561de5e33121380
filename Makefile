# Everything is set up on the first use, and again only when the requirements change.
PY := .venv/bin/python

.PHONY: run test lint bench clean

run: .venv/.installed
	@$(PY) main.py $(ARGS)

test: .venv/.developed
	@sh .ci/setup browser
	@$(PY) -m pytest $(ARGS)

lint: .venv/.developed
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: .venv/.developed
	@$(PY) -m bench

clean:
	rm -rf .venv

$(PY):
	@sh .ci/setup venv

.venv/.installed: requirements.txt | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.developed: requirements-dev.txt requirements.txt | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@ .venv/.installed
