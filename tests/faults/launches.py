"""`postdeploy launch` as a person runs it, in a process of its own, in front of the sandbox's production."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from postdeploy.launch import checklist
from postdeploy.launch.steps import Launch, StepName
from postdeploy.model import UsageError
from postdeploy.report.writing import LOCK
from postdeploy.system import exclusive
from sandbox import Sandbox
from sandbox.revision import ACME, READER
from tests.faults.measure import ROOT

PROGRAM = "from postdeploy.cli.main import main; main()"
ACTING = "VERCEL_ROLLBACK_TOKEN"
_QUICK = """
[rollback]
moved = 6
settle = 5
[uptime]
every = 4
jitter = 0
probe = 2
repeat = 1
"""
_CANARY = f"""
[canary]
workspace = "{ACME}"
role = "{READER}"
"""
_LONGEST = 240.0
_PARTS = ("cron", "webhooks", "settled")


@dataclass
class Launcher:
    """A folder of its own, with a runbook of short times."""

    sandbox: Sandbox
    folder: Path

    def __post_init__(self) -> None:
        known = (ROOT / "sandbox" / "runbook.toml").read_text(encoding="utf-8")
        (self.folder / "short.toml").write_text(known + _QUICK + _CANARY, encoding="utf-8")

    @property
    def reports(self) -> Path:
        return self.folder / "reports"

    @property
    def launch(self) -> Launch:
        return checklist.read(self.reports)

    @property
    def states(self) -> dict[str, str]:
        return {one.name: one.state for one in self.launch.steps}

    @property
    def acts(self) -> list[str]:
        return [f"{one.method} {one.path.rpartition('/')[2]}" for one in self.sandbox.platform.writes]

    @contextmanager
    def begun(self, *options: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
        """The command, which runs; ended with its last process if a test fails meanwhile."""
        inherited = {
            name: value for name, value in os.environ.items() if not re.match("SMOKE_|VERCEL_|PYTEST_|CRON_", name)
        }
        known = self.sandbox.environment() | self.sandbox.platform_environment()
        state = {"XDG_STATE_HOME": str(self.folder / "state"), "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            [sys.executable, "-P", "-c", PROGRAM, "launch", *options],
            cwd=self.folder,
            env=inherited | known | state | environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)

    def asked(self, *options: str, watch: str = "30s") -> tuple[str, ...]:
        """The options of a quick launch."""
        parts = [f"--without={part}" for part in _PARTS]
        return (
            f"--base-url={self.sandbox.url}",
            "--runbook=short.toml",
            f"--watch={watch}",
            "--wait=60s",
            *parts,
            *options,
        )

    def until(self, name: StepName, process: subprocess.Popen[str], ready: Callable[[], bool] = lambda: True) -> None:
        """Wait until this step runs."""
        limit = time.monotonic() + _LONGEST
        while process.poll() is None and time.monotonic() < limit:
            try:
                if self.launch.step(name).started and ready():
                    return
            except (UsageError, StopIteration):
                pass
            time.sleep(0.1)
        output = process.stdout.read() if process.poll() is not None and process.stdout else ""
        raise AssertionError(f"{name} was not reached:\n{output}")

    def wait_for_the_run(self) -> None:
        """Until the run that a killed launch left behind has ended."""
        limit = time.monotonic() + _LONGEST
        while exclusive.holder(self.reports / LOCK) is not None and time.monotonic() < limit:
            time.sleep(0.2)
