"""Ctrl-C in the middle of a run: it ends at once, cleanly, and claims nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from sandbox import Sandbox
from tests.faults.measure import ROOT

pytestmark = [pytest.mark.sandbox, pytest.mark.browser]


def test_an_interrupted_run_leaves_no_process_no_stack_trace_and_no_verdict(sandbox: Sandbox, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-v",
        "-m",
        "smoke",
        f"--base-url={sandbox.url}",
        f"--reports={tmp_path}",
    ]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | sandbox.environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,  # a terminal sends Ctrl-C to the whole group
    ) as process:
        assert process.stdout is not None
        lines = [next(line for line in process.stdout if "PASSED" in line)]
        os.killpg(process.pid, signal.SIGINT)
        output = "".join([*lines, *process.stdout])
    assert (process.returncode, "Traceback" in output) == (2, False), output
    verdict = msgspec.json.decode((tmp_path / "verdict.json").read_bytes())
    assert (verdict["decision"], verdict["complete"]) == ("INCONCLUSIVE", False)
    assert "SIGINT" in verdict["summary"]
    assert "passed" in [one["outcome"] for one in verdict["checks"]]
    assert ended(process.pid), "the browser's driver is still there"


def ended(group: int) -> bool:
    """Whether all processes of a group are gone, or go within seconds."""
    for _ in range(100):
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        threading.Event().wait(0.1)
    return False
