"""What people do after a deploy, with the real commands in processes of their own: verify, go back, prove that it helped."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sandbox import Sandbox
from tests.faults.measure import ROOT, Measured, run_suite

_MOVED = 6
"""Seconds for the domain to move, where 180 would only make a story long."""
_SETTLE = 20
"""Seconds of clean log that make a recovery."""
_LIMITS = f"""
[rollback]
moved = {_MOVED}
settle = {_SETTLE}
"""
_PARTS = ("--without=cron", "--without=webhooks", "--without=environment")
_LONGEST = 120.0


@dataclass(frozen=True, slots=True)
class Acted:
    """What one `postdeploy rollback` came to."""

    exit_code: int
    output: str
    report: dict[str, Any]
    """rollback.json; empty where nothing was sent."""

    @property
    def outcome(self) -> str:
        """How it ended, by its report."""
        return str(self.report.get("outcome", ""))


@dataclass
class Person:
    """Somebody with a checkout, a folder for reports and a record, in front of the sandbox's production."""

    sandbox: Sandbox
    folder: Path
    record: Path | None = None
    reports: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.reports = self.folder / "reports"
        self._runbook = self.folder / "runbook.toml"
        known = (ROOT / "sandbox" / "runbook.toml").read_text(encoding="utf-8")
        self._runbook.write_text(known + _LIMITS, encoding="utf-8")

    def verify(self, *options: str) -> Measured:
        """`pytest -m smoke` on the production domain."""
        return self._run("smoke", *options)

    def verify_at(self, address: str, *options: str) -> Measured:
        """The same on another address."""
        return self._run("smoke", *options, url=address)

    def prove(self, *options: str) -> Measured:
        """`pytest -m rollback` on the production domain."""
        return self._run("rollback", *options)

    def go_back(self, *options: str) -> Acted:
        """`postdeploy rollback --yes`."""
        return self._act(["postdeploy", "rollback", f"--base-url={self.sandbox.url}", "--yes", *options])

    def do(self, command: str | None) -> Acted:
        """What a verdict told to type, word for word."""
        assert command
        return self._act(shlex.split(command))

    def _act(self, words: list[str]) -> Acted:
        written = self.reports / "rollback.json"
        written.unlink(missing_ok=True)
        program = Path(sys.executable).with_name(words[0])
        options = [f"--reports={self.reports}", f"--runbook={self._runbook}", *self._recorded]
        done = subprocess.run(
            [str(program), *words[1:], *options],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=_LONGEST,
            check=False,
        )
        report = json.loads(written.read_text(encoding="utf-8")) if written.exists() else {}
        return Acted(done.returncode, done.stdout + done.stderr, report)

    def _run(self, mark: str, *options: str, url: str = "") -> Measured:
        known = (f"--runbook={self._runbook}", *self._recorded, *_PARTS, *options)
        return run_suite(url or self.sandbox.url, self._environment, self.reports, *known, mark=mark)

    @property
    def _recorded(self) -> list[str]:
        return [f"--record={self.record}"] if self.record else []

    @property
    def _environment(self) -> dict[str, str]:
        """A machine of one's own: the lock of a rollback is kept in the home."""
        inherited = {
            name: value for name, value in os.environ.items() if not re.match("SMOKE_|VERCEL_|PYTEST_|CRON_", name)
        }
        known = self.sandbox.environment() | self.sandbox.platform_environment()
        return inherited | known | {"XDG_STATE_HOME": str(self.folder / "state")}


@dataclass
class Night:
    """A bad deployment is live, the one before it was good, and somebody is awake."""

    sandbox: Sandbox
    good: str
    bad: str
    person: Person
    folder: Path

    @classmethod
    def falls(cls, sandbox: Sandbox, folder: Path, *faults: str, environment: dict[str, str] | None = None) -> Night:
        """A good deployment, and a minute later one with mistakes in its code or its environment."""
        sandbox.clock.advance(60)
        good = sandbox.deploy("good")
        sandbox.clock.advance(60)
        bad = sandbox.deploy("good", *faults, environment=environment)
        return cls(sandbox, good, bad, Person(sandbox, folder / "one"), folder)

    def somebody_else(self) -> Person:
        """At another machine."""
        return Person(self.sandbox, self.folder / "two")

    @property
    def live(self) -> str:
        """What serves the production domain."""
        return self.sandbox.current_deployment

    @property
    def sent(self) -> list[str]:
        """What the platform was told to do."""
        return [f"{write.method} {write.path.rpartition('/projects/')[2]}" for write in self.sandbox.platform.writes]

    def push(self, *faults: str) -> str:
        """Another deployment, a minute later; returns its id."""
        self.sandbox.clock.advance(60)
        return self.sandbox.deploy("good", *faults)

    def promote_by_hand(self, deployment: str) -> None:
        """What somebody does in the dashboard."""
        known = self.sandbox.platform_environment()
        httpx.post(
            f"{known['VERCEL_API_URL']}/v10/projects/{known['VERCEL_PROJECT_ID']}/promote/{deployment}",
            params={"teamId": known["VERCEL_TEAM_ID"]},
            headers={"Authorization": f"Bearer {known['VERCEL_TOKEN']}"},
        ).raise_for_status()
