"""The comparison run after FAIL: the failing checks again, on the last-good deployment and on this one, at the same moment.

Each attempt is a pytest run in a process of its own, of these checks alone. On the last-good deployment it signs in once; on this one it
takes the session of the run, and signs in only where the run could not. An attempt without a result in time counts as not tried, and so
does one that another deployment answered.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from postdeploy.model import Cause, CheckResult, Deployment, Outcome, Reason
from postdeploy.plugin.options import COMPARISON, PARENT
from postdeploy.record import reading
from postdeploy.record.document import VERDICT, VerdictDocument
from postdeploy.record.last_good import LastGood
from postdeploy.record.reading import Unreadable
from postdeploy.report.html import pictures
from postdeploy.run.run import Run
from postdeploy.run.session import SESSION
from postdeploy.runbook.parts import PREFLIGHT
from postdeploy.verdict.comparison import Attempt, AttemptOutcome, Comparison
from postdeploy.verdict.recommendation import LOG, worth_comparing

_MOST = 3
"""Checks that are compared: one for each cause."""
_NOT_PASSED_ON = ("GITHUB_", "PYTEST_", "COV_CORE_")
_LOOK = 0.05


@dataclass(frozen=True, slots=True)
class Comparisons:
    """The comparisons of one run."""

    made: tuple[Comparison, ...] = ()
    not_tried_reason: str = ""
    """Why there are none."""
    writes: tuple[str, ...] = ()
    """What they wrote in the app."""


def checks_to_try(failures: Iterable[CheckResult], parts: Collection[str], inbox: str) -> tuple[str, ...]:
    """The failing checks of these parts, one for each cause; where only the log shows a failure, the inbox."""
    worth = [result for result in failures if worth_comparing(result)]
    chosen: dict[Cause | None, str] = {}
    for result in worth:
        if result.part in (*parts, PREFLIGHT):
            chosen.setdefault(result.cause, result.name)
    if not chosen and any(result.part == LOG for result in worth):
        return (inbox,)
    return tuple(chosen.values())[:_MOST]


class ComparisonRuns:
    """Starts them, and waits for both."""

    def __init__(self, config: pytest.Config, run: Run) -> None:
        self._config = config
        self._run = run
        self._directory = run.store.directory
        self._inbox = run.runbook.checks["inbox"][0]

    def make(self, failures: Iterable[CheckResult], target: LastGood) -> Comparisons:
        """Repeat what failed, on both deployments."""
        wanted = checks_to_try(failures, self._run.runbook.comparison.parts, self._inbox)
        if not wanted:
            return Comparisons(not_tried_reason="nothing that failed can be tried at another address")
        names = tuple(self._inbox if name == PREFLIGHT else name for name in wanted)
        session = self._run.store.file(SESSION)
        known = (f"--session={session}",) if session.is_file() else ()
        started = {"there": self._start("there", target.url, names)}
        try:
            started["here"] = self._start("here", self._run.plan.url, names, *known)
            verdicts = _wait(started, self._run.runbook.comparison.seconds, self._directory)
        finally:
            for process in started.values():
                _end(process)
        for name, prefix in (("there", pictures.THERE), ("here", pictures.HERE)):
            pictures.adopt(self._run.plan.reports, self._directory / name, prefix)
        there, here = verdicts.get("there"), verdicts.get("here")
        pinned = self._run.deployment or Deployment(self._run.plan.url)
        good = Deployment(target.url, target.id)
        made = tuple(
            Comparison(wish, self._attempt(there, name, wish, good), self._attempt(here, name, wish, pinned))
            for wish, name in zip(wanted, names, strict=True)
        )
        left = tuple(f"{write} (at {target.url})" for write in self._left(there))
        return Comparisons(made, writes=(*left, *(here.writes if here else ())))

    def _attempt(self, verdict: VerdictDocument | None, check: str, wish: str, wanted: Deployment) -> Attempt:
        if verdict is None or _unfinished(verdict):
            return Attempt(AttemptOutcome.NOT_TRIED, f"no result within {self._run.runbook.comparison.seconds:g} s")
        return attempt(verdict, check, wish, wanted)

    def _left(self, verdict: VerdictDocument | None) -> tuple[str, ...]:
        """What it wrote in the app; one that was ended may have signed in."""
        if verdict is None or _unfinished(verdict):
            return (f"perhaps {self._run.runbook.writes.sign_in}",)
        return verdict.writes

    def _start(self, name: str, url: str, checks: tuple[str, ...], *more: str) -> subprocess.Popen[bytes]:
        option = self._config.option
        reports = self._directory / name
        reports.mkdir()
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-m",
            "smoke",
            f"--base-url={url}",
            f"{COMPARISON}={','.join(checks)}",
            "--override-ini=postdeploy=true",  # as it may be given to this run
        ]
        command += _same_project(self._config)
        command += [f"--reports={reports}", "-p", "no:cacheprovider", *same_conditions(option), *more]
        environment = {key: value for key, value in os.environ.items() if not key.startswith(_NOT_PASSED_ON)}
        environment[PARENT] = str(os.getpid())  # it ends when this run does
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


def same_conditions(option: argparse.Namespace) -> list[str]:
    """The options of this run that decide what a check sees: its time, its browser, its window, its runbook."""
    conditions = [f"--budget-factor={option.budget_factor}"]
    conditions += [f"--browser={browser}" for browser in option.browser or ()]
    if option.device:
        conditions.append(f"--device={option.device}")
    if option.browser_channel:
        conditions.append(f"--browser-channel={option.browser_channel}")
    if option.runbook:
        conditions.append(f"--runbook={Path(option.runbook).resolve()}")
    return conditions


def _same_project(config: pytest.Config) -> list[str]:
    """What makes another pytest take the same folder for the project, and the same file for its configuration."""
    found = [f"--rootdir={config.rootpath}"]
    if config.inipath:
        found.append(f"--config-file={config.inipath}")
    if config.option.confcutdir:
        found.append(f"--confcutdir={config.option.confcutdir}")
    return found


def _wait(started: dict[str, subprocess.Popen[bytes]], seconds: float, directory: Path) -> dict[str, VerdictDocument]:
    """The verdicts by the attempt's name, as far as they are written in time."""
    until = time.monotonic() + seconds
    while any(process.poll() is None for process in started.values()) and time.monotonic() < until:
        time.sleep(_LOOK)
    return {name: verdict for name in started for verdict in _verdicts(directory / name / VERDICT)}


def _verdicts(file: Path) -> Iterator[VerdictDocument]:
    with contextlib.suppress(OSError, Unreadable):
        yield reading.read(file.read_bytes())


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process together with its browser."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _unfinished(verdict: VerdictDocument) -> bool:
    """Whether it was ended before its first check was."""
    return not verdict.complete and not verdict.checks


def attempt(verdict: VerdictDocument, check: str, wish: str, wanted: Deployment) -> Attempt:
    """The result of a check, by the verdict of its attempt.

    `wish`: what failed; `check`: what was run for it; `wanted`: the deployment that it is about.
    """
    served = _served(verdict)
    if served.differs(wanted):
        return Attempt(AttemptOutcome.NOT_TRIED, f"{served.url} is answered by {served.name}")
    if verdict.reason is Reason.SUPERSEDED:
        return Attempt(AttemptOutcome.NOT_TRIED, verdict.summary)
    results = {one.name: one for one in verdict.checks}
    before = results.get(PREFLIGHT)
    if before and before.outcome is Outcome.FAILED:
        # Where it is not down, the way to it may be at fault, or the app answers at the production address alone.
        ended = AttemptOutcome.FAILED if wish == PREFLIGHT or before.down else AttemptOutcome.NOT_TRIED
        return Attempt(ended, f"its address does not show the app: {before.summary}", before.cause or Cause.PAGE)
    found = results.get(check)
    if found and found.outcome is Outcome.PASSED:
        return Attempt(AttemptOutcome.PASSED)
    if found and found.outcome is Outcome.FAILED:
        return Attempt(AttemptOutcome.FAILED, found.summary, found.cause)
    why = (found.summary if found else "") or verdict.summary or "no verdict"
    return Attempt(AttemptOutcome.NOT_TRIED, why)


def _served(verdict: VerdictDocument) -> Deployment:
    """The deployment that answered, by the marks in its pages."""
    found = verdict.deployment
    return Deployment(found.url, found.deployment_id, found.build_id, found.assets)
