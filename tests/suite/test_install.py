"""A newcomer's first minutes without a clone: an empty environment, an app's folder, the first verdict."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.site import RUNBOOK, SOMEBODY, site
from tests.suite.installed import PROJECT

pytestmark = pytest.mark.install


def test_from_an_empty_environment_to_the_first_verdict(wheel: Path, tmp_path: Path) -> None:
    """Four commands: make the environment, install, let doctor write what is needed, verify."""
    app = tmp_path / "app"
    app.mkdir()
    binaries = app / ".venv" / "bin"
    subprocess.run([sys.executable, "-m", "venv", ".venv"], cwd=app, check=True)
    lock = PROJECT / "requirements" / "run.txt"
    subprocess.run([binaries / "pip", "install", "-q", "--require-hashes", "-r", lock], cwd=app, check=True)
    subprocess.run([binaries / "pip", "install", "-q", "--no-deps", wheel], cwd=app, check=True)
    environment = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", ""), **SOMEBODY}
    subprocess.run([binaries / "postdeploy", "doctor", "--init"], cwd=app, env=environment, check=False)
    (app / "runbook.toml").write_text(RUNBOOK.format(look=5), encoding="utf-8")  # no browser needed
    with site() as served:
        command = [str(binaries / "pytest"), "-m", "smoke", f"--base-url={served.url}", "-k", "unauthenticated"]
        ended = subprocess.run(command, cwd=app, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert json.loads((app / "reports" / "verdict.json").read_text(encoding="utf-8"))["decision"] == "PASS"
