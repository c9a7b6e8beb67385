"""Calls of pytest as people make them, in this project."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = "http://postdeploy.invalid"
"""A target that does not exist."""
LOGIN = '<!DOCTYPE html><html data-dpl-id="dpl_1"><script src="/_next/a.js"></script></html>'
USER = {"SMOKE_EMAIL": "smoke@example.test", "SMOKE_PASSWORD": "hunter2hunter2"}


def run(*arguments: str, **environment: str) -> tuple[int, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SMOKE_", "PYTEST_", "VERCEL_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", "--budget-factor=0.2", *arguments],
        cwd=ROOT,
        env=clean | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr
