"""`postdeploy canary`: the run of `pytest -m canary`, with its options and its exit code."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.processes, pytest.mark.timeout(60)]


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        pytest.param(("app.example.com",), 4, "which workspace is the canary's?", id="no workspace"),
        pytest.param(("https://app.example.com", "--phase=after"), 4, "--phase=after: unknown", id="an unknown phase"),
        pytest.param((), 4, "Missing argument 'URL'", id="no address"),
    ],
)
def test_what_cannot_be_watched_is_a_usage_error(
    tmp_path: Path, arguments: tuple[str, ...], code: int, says: str
) -> None:
    command = [sys.executable, "-c", "from postdeploy.cli.main import main; main()", "canary", *arguments]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ran.returncode, says in ran.stdout + ran.stderr) == (code, True), ran.stdout + ran.stderr
