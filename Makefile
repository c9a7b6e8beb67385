# Everything that people do here. Needs Python ≥ 3.11; the targets set up the rest.
# A pipeline calls pytest itself: make turns pytest's exit code 10 (INCONCLUSIVE) into its own 2.

.DEFAULT_GOAL := help
.PHONY: help setup browser smoke watch rollback canary test check sandbox demo selftest report faults soak fuzz bench mutants warehouse spark benchlogs house figures schema lock clean
MAKEFLAGS += --no-print-directory

# make check PYTHON=python3.13: that Python, with packages of its own.
ifeq ($(origin PYTHON),command line)
VENV := .venv-$(notdir $(PYTHON))
else
VENV := .venv
endif
export VENV
# Images for containers set this; here every process, and the tests start hundreds, would compile all it imports again.
unexport PYTHONDONTWRITEBYTECODE
BIN := $(VENV)/bin
# Passed on literally: neither make nor the shell interprets it.
override BASE_URL := $(value BASE_URL)
export BASE_URL

help: ## the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' Makefile | while IFS='|' read -r target says; do printf '%-16s %s\n' "$$target" "$$says"; done

setup: ## create .venv with all packages (every target does this first)
	@python=$$(sh setup/python.sh) && "$$python" setup

browser: setup
	@$(BIN)/python setup/browser.py

smoke: setup ## verify a deployment: BASE_URL=https://…; without it the sandbox
	@$(BIN)/python setup/needs.py
	@$(BIN)/python reports/build.py install & \
	failed=0; \
	if [ -n "$$BASE_URL" ]; then \
		$(BIN)/pytest -m smoke "--base-url=$$BASE_URL" || failed=$$?; \
	else \
		$(BIN)/python -m sandbox run --platform -- $(BIN)/pytest -m smoke '--base-url={url}' --runbook sandbox/runbook.toml --logs=vercel || failed=$$?; \
	fi; \
	$(BIN)/python reports/build.py || true; \
	exit $$failed

watch: export WATCH := $(or $(WATCH),10m)
watch: browser ## watch the first minutes after a deploy, its log and the inbox: BASE_URL=https://… WATCH=60m
	@if [ -z "$$BASE_URL" ]; then echo 'watch: no deployment given. make watch BASE_URL=https://…' >&2; exit 2; fi
	@failed=0; \
	$(BIN)/pytest -m watch "--base-url=$$BASE_URL" --logs=vercel "--watch=$$WATCH" || failed=$$?; \
	$(BIN)/python reports/build.py || true; \
	exit $$failed

rollback: browser ## after a rollback: did it help? BASE_URL=https://… (postdeploy rollback performs it)
	@if [ -z "$$BASE_URL" ]; then echo 'rollback: no deployment given. make rollback BASE_URL=https://…' >&2; exit 2; fi
	@failed=0; \
	$(BIN)/pytest -m rollback "--base-url=$$BASE_URL" || failed=$$?; \
	$(BIN)/python reports/build.py || true; \
	exit $$failed

canary: setup ## watch the canary of auto-send revision: BASE_URL=https://… PHASE=before|running
	@if [ -z "$$BASE_URL" ]; then echo 'canary: no deployment given. make canary BASE_URL=https://…' >&2; exit 2; fi
	@failed=0; \
	$(BIN)/pytest -m canary "--base-url=$$BASE_URL" $(if $(PHASE),--phase=$(PHASE)) || failed=$$?; \
	$(BIN)/python reports/build.py || true; \
	exit $$failed

test: browser ## the project's own tests (faults, soak and bench are separate)
	@$(BIN)/coverage erase
	@failed=0; \
	$(MAKE) warehouse || failed=$$?; \
	$(BIN)/python setup/own_tests.py || failed=$$?; \
	$(BIN)/coverage combine -q && $(BIN)/coverage report || failed=$$(( failed ? failed : 2 )); \
	exit $$failed

warehouse: setup ## the tests of logs in ClickHouse, on its own engine: half a gigabyte is installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/warehouse.txt
	@$(BIN)/coverage run -m pytest -q -m warehouse tests/logs/test_warehouse.py

spark: setup ## the tests of logs in a lake, by Spark on a cluster of this machine: half a gigabyte and Java are installed
	@$(BIN)/python setup/java.py
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/spark.txt
	@$(BIN)/coverage run -m pytest -q -m spark tests/logs/test_spark.py

check: setup ## style, types, and the quick tests, import contracts among them: a minute or two
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy --python-version "$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
	@$(BIN)/pytest -q -n auto --dist=worksteal --durations=10 --hypothesis-profile=quick

sandbox: browser ## start a sandbox and keep it up: prints its URL and how to break it
	@$(BIN)/python -m sandbox up

demo: browser ## break a sandbox, verify it, build the report: FAULT=action-throws
	@failed=0; $(BIN)/python -m sandbox demo $(or $(FAULT),action-throws) || failed=$$?; $(BIN)/python reports/build.py || true; exit $$failed

selftest: browser ## let the gate catch twelve faults of the sandbox: about two minutes
	@$(BIN)/python -m sandbox selftest

report: setup ## build the HTML report of the last run
	@$(BIN)/python reports/build.py

faults: browser ## measure every broken state of the sandbox (docs/faults.md and the others)
	@$(BIN)/pytest -m 'faults or sandbox' tests/faults tests/rollback/test_end_to_end.py tests/sequences

soak: export N := $(or $(N),20)
soak: browser ## verify the healthy sandbox N times: N=20
	@$(BIN)/pytest -m soak

fuzz: setup ## look for logs that are read or judged wrongly: SECONDS=60 SEED=1
	@$(BIN)/python -m tests.fuzz.steady --seconds $(or $(SECONDS),60) --seed $(or $(SEED),1)

bench: export N := $(or $(N),9)
bench: browser ## measure how long a run takes, compared with other tools: N=9
	@$(BIN)/python -m bench
	@$(BIN)/python -m bench.readiness

mutants: setup ## change what decides a little, and see whether a test notices: GROUPS="verdict rules"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/mutants.txt
	@nice -n 19 $(BIN)/python -m bench.mutants $(GROUPS)

benchlogs: setup ## measure how fast large logs are read, compared with jq and DuckDB: N=5 GB=5
	@$(BIN)/python -m bench.logs

figures: setup ## measure the cheap published figures again that are stale, and list the others
	@$(BIN)/python -m bench.figures --again

house: setup ## measure the shape of the project; BEFORE=revision adds an earlier one
	@$(BIN)/python -m bench.house $(BEFORE)

schema: setup ## write docs/verdict.schema.json from the type of verdict.json
	@$(BIN)/python setup/schema.py

lock: setup ## write requirements/*.txt from pyproject.toml
	@$(BIN)/python setup/lock.py

clean: ## remove environments, caches and what was built; .env and verdicts stay
	@rm -rf .venv .venv-* reports/node_modules bench/node_modules reports/allure-results reports/allure-report sandbox/.state sandbox/app/.next* .mutants \
		test-results .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
