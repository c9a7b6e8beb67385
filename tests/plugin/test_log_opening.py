"""When the log of a run is opened: what a person wrote wrongly must be a usage error, not a failure in a thread."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]


@pytest.mark.processes
@pytest.mark.parametrize("option", ["--baseline=absent.json", "--logs=absent.json"])
def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path, option: str) -> None:
    access = {"VERCEL_TOKEN": "none", "VERCEL_PROJECT_ID": "prj_none", "VERCEL_API_URL": "http://localhost:1"}
    command = ["-m", "smoke", "--base-url=http://localhost:1", "--logs=vercel", option, f"--reports={tmp_path}"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *command],
        cwd=PROJECT,
        env={**os.environ, **access},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "no file absent.json" in done.stdout + done.stderr) == (4, True)
