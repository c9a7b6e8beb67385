"""Two runs that start at once in one reports folder: one verifies, the other says which one that is, and touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from werkzeug import Response

from tests.adversary.attack import stale
from tests.site import RUNBOOK, SOMEBODY, Site, site, to_the_login_page

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]
PROJECT = Path(__file__).parents[2]
TIMES = int(os.environ.get("N", "3"))
TOGETHER = """
import os, pathlib, time
folder = pathlib.Path(__file__).parent
(folder / f"ready-{os.getpid()}").touch()
until = time.monotonic() + 30
while not (folder / "go").exists() and time.monotonic() < until: time.sleep(0.001)
"""
"""A plugin that pytest loads before ours."""


def start(served: Site, folder: Path) -> subprocess.Popen[str]:
    given = (f"--base-url={served.url}", f"--reports={folder / 'reports'}", f"--runbook={folder / 'runbook.toml'}")
    return subprocess.Popen(
        [sys.executable, "-m", "pytest", "-m", "smoke", *given, "-k", "unauthenticated", "-p", "together"],
        cwd=PROJECT,
        env={**os.environ, **SOMEBODY, "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_ready(folder: Path, processes: int) -> None:
    until = time.monotonic() + 30
    while len(list(folder.glob("ready-*"))) < processes and time.monotonic() < until:
        time.sleep(0.01)


@pytest.mark.parametrize("turn", range(TIMES))
def test_of_two_at_once_exactly_one_verifies(tmp_path: Path, turn: int) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    (reports / "verdict.json").write_text(stale(), encoding="utf-8")
    (tmp_path / "together.py").write_text(TOGETHER, encoding="utf-8")
    (tmp_path / "runbook.toml").write_text(RUNBOOK.format(look=0.2), encoding="utf-8")
    with site() as served:
        runs = [start(served, tmp_path) for _ in range(2)]

        def once_the_other_is_refused() -> Response:
            until = time.monotonic() + 5
            while all(run.poll() is None for run in runs) and time.monotonic() < until:
                time.sleep(0.02)
            return to_the_login_page()

        served.inbox = once_the_other_is_refused
        wait_until_ready(tmp_path, len(runs))
        (tmp_path / "go").touch()
        said = [run.communicate(timeout=90)[0] for run in runs]
    by_code = {run.returncode: (run, output) for run, output in zip(runs, said, strict=True)}
    assert set(by_code) == {0, 10}, said
    winner, refusal = by_code[0][0], by_code[10][1]
    assert f"another run writes its verdict to {reports} (process {winner.pid}, since " in refusal
    verdict = json.loads((reports / "verdict.json").read_text(encoding="utf-8"))
    assert (verdict["decision"], verdict["complete"]) == ("PASS", True)
