"""After FAIL: the failing check once more, at the last good deployment's own address and here, at the same moment.

Each attempt is a run of its own, in a process of its own, of nothing but these checks. There it signs in once. Here it takes the session
that the run has, and only where the run could not sign in it tries to. What has not come to a result in time was not tried, and what
another deployment answered counts for nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from postdeploy.model import Cause, CheckResult, Deployment, LastGood, Outcome, Reason
from postdeploy.run.run import Run
from postdeploy.run.session import SESSION
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.recommendation import LOG, worth_trying
from postdeploy.verdict.verdict import UNFINISHED

_MOST = 3
"""Checks that are tried: one for each cause."""
_NOT_PASSED_ON = ("GITHUB_", "PYTEST_", "COV_CORE_")
_LOOK = 0.05
PREFLIGHT = "preflight"
_BROKEN = re.compile(r"answered 5\d\d|x-vercel-error ")
"""What a look before the checks says of a deployment that serves nobody. Anything else may be the way to it, or an app that answers
at the production address alone."""


@dataclass(frozen=True, slots=True)
class Trials:
    """What they came to; `untried` says why there are none."""

    made: tuple[Comparison, ...] = ()
    untried: str = ""
    writes: tuple[str, ...] = ()
    """What they left behind, at the last good deployment's address."""


def checks_to_try(failures: Iterable[CheckResult], parts: Collection[str], inbox: str) -> tuple[str, ...]:
    """The failing checks of these parts, one for each cause; where only the log knows of trouble, the inbox."""
    worth = [result for result in failures if worth_trying(result)]
    chosen: dict[Cause | None, str] = {}
    for result in worth:
        if result.part in (*parts, PREFLIGHT):
            chosen.setdefault(result.cause, result.name)
    if not chosen and any(result.part == LOG for result in worth):
        return (inbox,)
    return tuple(chosen.values())[:_MOST]


class TrialPart:
    """Belongs to the process that a person started."""

    def __init__(self, config: pytest.Config, run: Run, directory: Path) -> None:
        self._config = config
        self._run = run
        self._directory = directory
        self._inbox = run.runbook.checks["inbox"][0]

    def make(self, failures: Iterable[CheckResult], target: LastGood) -> Trials:
        """Try what failed, there and here."""
        wanted = checks_to_try(failures, self._run.runbook.comparison.parts, self._inbox)
        if not wanted:
            return Trials(untried="nothing that failed can be tried at another address")
        names = tuple(self._inbox if name == PREFLIGHT else name for name in wanted)
        session = self._run.store.file(SESSION)
        known = (f"--session={session}",) if session.is_file() else ()
        started = {"there": self._start("there", target.url, names)}
        try:
            started["here"] = self._start("here", self._run.target.base_url, names, *known)
            told = _wait(started, self._run.runbook.comparison.seconds, self._directory)
        finally:
            for process in started.values():
                _end(process)
        there, here = told.get("there", {}), told.get("here", {})
        pinned = self._run.deployment or Deployment(self._run.target.base_url)
        good = Deployment(target.url, target.id)
        trials = tuple(
            Comparison(wish, self._attempt(there, name, wish, good), self._attempt(here, name, wish, pinned))
            for wish, name in zip(wanted, names, strict=True)
        )
        left = tuple(f"{write} (at {target.url})" for write in self._left(there))
        return Trials(trials, writes=(*left, *here.get("writes", ())))

    def _attempt(self, verdict: dict[str, Any], check: str, wish: str, wanted: Deployment) -> Attempt:
        if _unfinished(verdict):
            return Attempt(
                AttemptOutcome.UNTRIED, f"it came to no result within {self._run.runbook.comparison.seconds:g} s"
            )
        return attempt(verdict, check, wish, wanted)

    def _left(self, verdict: dict[str, Any]) -> tuple[str, ...]:
        """What it left behind; one that was ended may have signed in."""
        if _unfinished(verdict):
            return (f"perhaps {self._run.runbook.writes.sign_in}",)
        return tuple(verdict.get("writes", ()))

    def _start(self, name: str, url: str, checks: tuple[str, ...], *more: str) -> subprocess.Popen[bytes]:
        option = self._config.option
        reports = self._directory / name
        reports.mkdir()
        command = [sys.executable, "-m", "pytest", "-m", "smoke", f"--base-url={url}", f"--trial={','.join(checks)}"]
        command += [f"--reports={reports}", f"--budget-factor={option.budget_factor}", "-p", "no:cacheprovider", *more]
        command += [f"--browser={browser}" for browser in option.browser or ()]
        if option.browser_channel:
            command.append(f"--browser-channel={option.browser_channel}")
        if option.runbook:
            command.append(f"--runbook={Path(option.runbook).resolve()}")
        environment = {key: value for key, value in os.environ.items() if not key.startswith(_NOT_PASSED_ON)}
        with (reports / "output").open("wb") as output:
            return subprocess.Popen(
                command,
                cwd=self._config.rootpath,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def _wait(started: dict[str, subprocess.Popen[bytes]], seconds: float, directory: Path) -> dict[str, dict[str, Any]]:
    """The verdicts by the attempt's name, as far as they are there in time."""
    until = time.monotonic() + seconds
    while any(process.poll() is None for process in started.values()) and time.monotonic() < until:
        time.sleep(_LOOK)
    return {name: verdict for name in started for verdict in _verdicts(directory / name / "verdict.json")}


def _verdicts(file: Path) -> Iterator[dict[str, Any]]:
    with contextlib.suppress(OSError, ValueError):
        yield json.loads(file.read_text(encoding="utf-8"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """With its browser."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _unfinished(verdict: dict[str, Any]) -> bool:
    """Whether nothing came of it in time."""
    return not verdict or (not verdict["checks"] and verdict["summary"] == UNFINISHED.summary)


def attempt(verdict: dict[str, Any], check: str, wish: str, wanted: Deployment) -> Attempt:
    """What became of a check, by the verdict of its own run.

    `wish`: what failed; `check`: what was run for it; `wanted`: the deployment that it is about.
    """
    served = _served(verdict)
    if served.differs(wanted):
        return Attempt(AttemptOutcome.UNTRIED, f"{served.url} is answered by {served.name}")
    if verdict.get("reason") == Reason.SUPERSEDED:
        return Attempt(AttemptOutcome.UNTRIED, str(verdict["summary"]))
    results = {one["name"]: one for one in verdict.get("checks", ())}
    before = results.get(PREFLIGHT)
    if before and before["outcome"] == Outcome.FAILED:
        cause = Cause(before["cause"]) if before["cause"] else Cause.PAGE
        ended = (
            AttemptOutcome.FAILED if wish == PREFLIGHT or _BROKEN.search(before["summary"]) else AttemptOutcome.UNTRIED
        )
        return Attempt(ended, f"its address does not show the app: {before['summary']}", cause)
    found = results.get(check)
    if found and found["outcome"] == Outcome.PASSED:
        return Attempt(AttemptOutcome.PASSED)
    if found and found["outcome"] == Outcome.FAILED:
        return Attempt(AttemptOutcome.FAILED, found["summary"], Cause(found["cause"]) if found["cause"] else None)
    why = (found or {}).get("summary") or verdict.get("summary") or "it came to no verdict"
    return Attempt(AttemptOutcome.UNTRIED, why)


def _served(verdict: dict[str, Any]) -> Deployment:
    """The deployment that answered, by the marks in its pages."""
    found = verdict.get("deployment") or {}
    return Deployment(found.get("url", ""), found.get("deployment_id"), found.get("build_id"), found.get("assets"))
