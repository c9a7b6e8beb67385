#!/usr/bin/env bash
# Installs this checkout into an environment of its own, on a runner: setup/on_runner.sh FOLDER
# The app's own packages and Python stay as they are.
set -euo pipefail
source="$(cd "$(dirname "$0")/.." && pwd)"
venv="$1"
python -m venv "$venv"
export PIP_DISABLE_PIP_VERSION_CHECK=1
# Not compiled: a runner imports a part of it, once.
"$venv/bin/python" -m pip install --quiet --no-compile --require-hashes --requirement "$source/requirements/run.txt"
"$venv/bin/python" -m pip install --quiet --no-compile --no-deps --no-build-isolation "$source"
"$venv/bin/postdeploy" install-browser
"$venv/bin/postdeploy" --version
