"""How a run gets at its deployment's log: by the platform's API or from files, with the target for the sentinels."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

import httpx

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import Opening
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs.files import open_source
from postdeploy.logs.progress import NOT_SHOWN, ReadProgress
from postdeploy.logs.protocol import Source, Span
from postdeploy.logs.vercel.pace import Pace
from postdeploy.logs.vercel.source import VercelLogs
from postdeploy.model import Blocked
from postdeploy.record import baselines
from postdeploy.record.entries import Record, good_deployments, unread_says, verdicts_on
from postdeploy.run.log_request import VERCEL, LogRequest
from postdeploy.run.run import Run
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.deployments import find, previous, switched
from postdeploy.vercel.ids import is_deployment_id
from postdeploy.vercel.project import project_state

_NOTHING = "nothing to compare with"
_RUNS_BEFORE = 50
"""Runs whose requests may still stand in the window."""
_SMOKE = Pace(poll=3.0, lag=3.0, overlap=30.0, history_timeout=0.0)
"""What was seen until now, without waiting for delayed rows: a run with --watch waits for them."""


@dataclass(eq=False, kw_only=True)
class LogAccess:
    """The world of a log watch."""

    run: Run = field(kw_only=False)
    browser_requests: Callable[[], Iterable[SuiteRequest]]
    """By our own clock."""
    publish: Callable[[LogReport], None]
    earlier: Callable[[], Record] = Record
    """What earlier runs said."""
    stdin: int = 0
    """What is piped in, as a descriptor."""
    progress: ReadProgress = NOT_SHOWN
    """Shows how far the reading of `--baseline` is."""
    clock: Clock = field(default_factory=Clock)
    _file: Source | None = None
    _vercel: VercelLogs | None = None
    _given: Baseline | None = None
    _owner: str | None = None
    _project: str = ""
    _built: int | None = None
    """When the deployment under verification was built, epoch milliseconds."""

    def __post_init__(self) -> None:
        """Open what is a file.

        Raises:
            UsageError: it can't be used.
        """
        log = self.run.plan.log
        assert log is not None
        self.log: LogRequest = log
        """Which log is read, and how it is judged."""
        self._file = None if log.source == VERCEL else open_source(log.source, self.stdin, self.run.runbook)
        self._given = baselines.from_file(log.baseline, self.run.runbook, self.progress) if log.baseline else None

    def opening(self) -> Opening:
        """When the deployment got production traffic: given, asked for, or assumed; its source says which."""
        given = self.log.deployed_at
        pinned = self.run.deployment
        pinned_id = pinned.deployment_id if pinned and is_deployment_id(pinned.deployment_id) else None
        if self.log.source != VERCEL:
            if given is not None:
                return Opening(given, "given by --deployed-at", pinned_id)
            return Opening(None, "assumed: the first row of the log", pinned_id)
        host = urlsplit(self.run.plan.url).netloc
        with Vercel(platform_access(self.run.environment), clock=self.clock) as vercel:
            release = self.run.release
            found = find(vercel, release.canary if release else host)
            self._owner, self._project, self._built = found.owner or None, found.project, found.created_at
            if given is not None:
                return Opening(given, "given by --deployed-at", found.id)
            if release and release.started_at:
                return Opening(release.started_at, "by the start of the rolling release", found.id)
            switch = switched(vercel, host, found)
            return Opening(switch.at, f"by the platform's {switch.source}", found.id)

    def source(self, opening: Opening) -> Source:
        """Vercel's log, or the file."""
        if self._file is not None:
            return self._file
        pace = Pace() if self.log.watch is not None else _SMOKE
        access = platform_access(self.run.environment)
        self._vercel = VercelLogs(access, opening.deployment or "", self._owner, pace=pace, clock=self.clock)
        return self._vercel

    def expect(self, moment: int) -> None:
        """Read the log as soon as it can show this moment, epoch milliseconds: it is waited for."""
        if self._vercel:
            self._vercel.expect(moment)

    def baseline(self, opening: Opening) -> tuple[Baseline | None, str]:
        """What the log is compared with, and a note about it. Where the record was read in part, less is known of both."""
        found, about = self._baseline(opening)
        unread = self.earlier().notes
        return found, "; ".join(filter(None, (about, unread_says(unread) if unread else "")))

    def _baseline(self, opening: Opening) -> tuple[Baseline | None, str]:
        """What `--baseline` gives; else the last-good deployment.

        Usually that is the previous one: its last hour at Vercel shows more than ten minutes in our record, and comes first. If the
        previous one was not good, its errors are not tolerated: then the record of the last-good deployment counts.
        """
        if self._given is not None:
            return self._given, ""
        if self.log.recovery:
            return self._own_past(opening)
        good, recorded = self._recorded(opening.deployment) if opening.deployment else (None, None)
        if self.log.source != VERCEL or opening.since is None or opening.deployment is None:
            if recorded is None:
                return None, f"{_NOTHING}: give --baseline=FILE, an earlier log or verdict.json; or keep a --record"
            return recorded, ""
        try:
            return self._against(opening, good, recorded)
        except Blocked as error:
            about = f"Vercel does not show the deployment before: {error}"
            return recorded, about if recorded else f"{_NOTHING}: {about}"

    def _own_past(self, opening: Opening) -> tuple[Baseline | None, str]:
        """After a rollback: what the deployment itself was known for, by its record; else by its log before it was replaced."""
        own = baselines.of_its_own(self.earlier().entries, opening.deployment or "")
        if own is not None:
            return own, ""
        if self.log.source != VERCEL or opening.since is None or opening.deployment is None:
            return None, f"{_NOTHING}: no record of this deployment; give --record, or --baseline=FILE"
        access = platform_access(self.run.environment)
        try:
            with Vercel(access, clock=self.clock) as vercel:
                asked = project_state(vercel).last_request
                left = find(vercel, asked.from_) if asked and asked.to == opening.deployment and asked.from_ else None
        except Blocked as error:
            return None, f"{_NOTHING}: Vercel does not show what was live between ({error})"
        until = left.created_at if left and left.created_at else opening.since
        span = Span(until - round(self.run.runbook.logs.baseline * 1000), until)
        logs = VercelLogs(access, opening.deployment, self._owner, pace=_SMOKE)
        found = baselines.from_platform(logs, span, f"{opening.deployment} before it was replaced", self.run.runbook)
        about = f"{_NOTHING}: Vercel shows no log of {opening.deployment} from before it was replaced"
        return found, "" if found else about

    def _recorded(self, current: str) -> tuple[str | None, Baseline | None]:
        """The last-good deployment in our record that was not built after this one, and what its log said."""
        entries = self.earlier().entries
        words = verdicts_on(entries, urlsplit(self.run.plan.url).netloc, self._project)
        mine = words[current].went_live if current in words else None
        built = dt.datetime.fromtimestamp(self._built / 1000, dt.UTC) if self._built else mine
        older = (one for one in good_deployments(words, other_than=current) if not built or one.was_built <= built)
        good = next(older, None)
        return (good.deployment, baselines.from_record(entries, good.deployment)) if good else (None, None)

    def _against(self, opening: Opening, good: str | None, recorded: Baseline | None) -> tuple[Baseline | None, str]:
        """Vercel's history of the previous deployment, or the record of the last-good one."""
        access, release = platform_access(self.run.environment), self.run.release
        with Vercel(access, clock=self.clock) as vercel:
            current = find(vercel, opening.deployment or "")
            before = find(vercel, release.current) if release else previous(vercel, current)
        if before is None:
            return recorded, f"{_NOTHING}: no deployment was live before" if recorded is None else ""
        if recorded is not None and good != before.id:
            return (
                recorded,
                f"not compared with {before.id}, which was live before: the record does not list it as good",
            )
        since = opening.since or 0
        span = Span(since - round(self.run.runbook.logs.baseline * 1000), since)
        found = baselines.from_platform(
            VercelLogs(access, before.id, before.owner or self._owner, pace=_SMOKE), span, before.id, self.run.runbook
        )
        if found is not None:
            return found, "" if good in (None, before.id) else f"the record does not list {before.id} as good"
        about = f"Vercel shows no log of {before.id} from before the deploy"
        return recorded, about if recorded else f"{_NOTHING}: {about}"

    def send(self, path: str) -> int | None:
        """Request a path of the target, unauthenticated; for a file its clock is the one to learn."""
        asked = self.clock.monotonic()
        try:
            answer = self.run.target.get(path)
        except httpx.HTTPError:
            return None
        if self._file is not None:
            self.clock.learn(answer, asked)
        return answer.status_code

    def earlier_requests(self) -> Iterator[str]:
        """Ids of the requests of the runs before this one, by the record."""
        for one in reversed(self.earlier().entries[-_RUNS_BEFORE:]):
            yield from one.log.own_requests if one.log else ()

    def own(self) -> Iterator[SuiteRequest]:
        """The requests of our browser by the platform's clock."""
        offset = self.clock.now() - time.time() * 1000
        for one in self.browser_requests():
            yield replace(one, at=one.at + offset)
