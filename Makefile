# Everything a person does here. Needs a Python from 3.11 on; the rest is set up on the way.
# A pipeline calls pytest itself: make turns pytest's exit code 10 (INCONCLUSIVE) into its own 2.

.DEFAULT_GOAL := help
.PHONY: help setup browser smoke watch rollback test check sandbox report faults soak bench benchlogs house schema lock clean
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
# Through the environment and as it stands: neither make nor the shell gets to interpret it.
override BASE_URL := $(value BASE_URL)
export BASE_URL

help: ## what there is
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target says; do printf '%-16s %s\n' "$$target" "$$says"; done

setup: ## .venv with everything in it (all targets do this first)
	@python=$$(sh setup/python.sh) && "$$python" setup

browser: setup
	@$(BIN)/python setup/browser.py

smoke: browser ## verify a deployment: BASE_URL=https://…, or the sandbox when none is given
	@failed=0; \
	if [ -n "$$BASE_URL" ]; then \
		$(BIN)/pytest -m smoke "--base-url=$$BASE_URL" || failed=$$?; \
	else \
		$(BIN)/python -m sandbox run --platform -- $(BIN)/pytest -m smoke '--base-url={url}' --runbook sandbox/runbook.toml --logs=vercel || failed=$$?; \
	fi; \
	$(BIN)/python reports/build.py || true; \
	exit $$failed

watch: browser ## verify, and watch the log until the first ten minutes after the deploy are over: BASE_URL=https://…
	@if [ -z "$$BASE_URL" ]; then echo 'watch: which deployment? make watch BASE_URL=https://…' >&2; exit 2; fi
	@failed=0; \
	$(BIN)/pytest -m smoke "--base-url=$$BASE_URL" --logs=vercel --watch=10m || failed=$$?; \
	$(BIN)/python reports/build.py || true; \
	exit $$failed

rollback: browser ## after a rollback: prove that it helped: BASE_URL=https://… (postdeploy rollback does it)
	@if [ -z "$$BASE_URL" ]; then echo 'rollback: which deployment? make rollback BASE_URL=https://…' >&2; exit 2; fi
	@failed=0; \
	$(BIN)/pytest -m rollback "--base-url=$$BASE_URL" || failed=$$?; \
	$(BIN)/python reports/build.py || true; \
	exit $$failed

test: browser ## the project's own tests (the matrix, soak and bench are targets of their own)
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -m 'not (faults or soak or chaos)'
	@$(BIN)/coverage combine -q && $(BIN)/coverage report

check: setup ## style, types, import contracts and the quick tests: a minute
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/pytest -q -n auto

sandbox: browser ## a deployment of one's own, kept running: prints its URL and how to break it
	@$(BIN)/python -m sandbox up

report: setup ## the last run as HTML
	@$(BIN)/python reports/build.py

faults: browser ## every broken state of the sandbox, and what the suite says of it
	@$(BIN)/pytest -m 'faults or sandbox' tests/faults tests/rollback/test_end_to_end.py

soak: export N := $(or $(N),20)
soak: browser ## the healthy sandbox N times: N=20
	@$(BIN)/pytest -m soak

bench: export N := $(or $(N),7)
bench: browser ## how long it takes, beside other ways to do the same: N=7
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.readiness

benchlogs: setup ## how fast big logs are read, beside jq and DuckDB: N=5 GB=5
	@$(BIN)/python -m bench.logs

house: setup ## the project's shape in figures; BEFORE=revision puts an earlier one next to it
	@$(BIN)/python -m bench.house $(BEFORE)

schema: setup ## docs/verdict.schema.json anew, from the type that verdict.json is written from
	@$(BIN)/python setup/schema.py

lock: setup ## requirements/*.txt anew from pyproject.toml
	@$(BIN)/python setup/lock.py

clean: ## all that was generated
	@rm -rf .venv reports/node_modules bench/node_modules reports/allure-results reports/allure-report sandbox/.state
