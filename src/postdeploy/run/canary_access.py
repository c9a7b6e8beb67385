"""How a run gets at the canary: the metrics by SQL, the revision path's lines by Vercel's log."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from postdeploy.canary.lines import LineReader, RevisionLines
from postdeploy.canary.metrics import CanaryMetrics, Snapshot
from postdeploy.canary.report import CanaryReport
from postdeploy.canary.sql import Database
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Span
from postdeploy.logs.vercel.source import VercelLogs
from postdeploy.model import Blocked
from postdeploy.run.run import Run
from postdeploy.system.store import Key
from postdeploy.vercel.access import platform_access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.deployments import find, switched

_SLICE = 1.0
"""Seconds after which a pause looks whether another deployment has taken over."""
_READ = 60.0
"""Seconds that reading the log may take."""

CANARY_REPORT = Key("canary", CanaryReport)


@dataclass(frozen=True, slots=True)
class ProvenInboxes:
    """What the record knows of the inbox."""

    at: dict[str, int] = field(default_factory=dict)
    """Deployment → when an earlier run passed its inbox, epoch milliseconds."""
    unread: str = ""
    """What of the record was not read, in brackets; empty: nothing."""


PROVEN_INBOXES = Key("proven-inboxes", ProvenInboxes)


@dataclass(frozen=True, slots=True)
class CanaryDeployment:
    """The deployment that runs the canary, according to Vercel."""

    id: str
    owner: str | None
    since: int
    """When it got production traffic, epoch milliseconds by Vercel's clock."""


def deployment_of(run: Run, clock: Clock) -> CanaryDeployment:
    """The deployment that the address serves.

    Raises:
        Blocked: Vercel can't be asked, or does not answer.
    """
    if run.environment.platform is None:
        missing = " and ".join(run.environment.platform_missing)
        raise Blocked(f"when the canary's deployment went live is unknown: no {missing}", f"Set {missing}.")
    host = urlsplit(run.plan.url).netloc
    with Vercel(platform_access(run.environment), clock=clock) as vercel:
        found = find(vercel, host)
        return CanaryDeployment(found.id, found.owner or None, switched(vercel, host, found).at)


def database_of(run: Run, since: int) -> Database:
    """The metrics by SQL since a moment.

    Raises:
        Blocked: the environment names no database.
    """
    url = run.environment.canary_database
    if url is None:
        cure = "Set CANARY_DATABASE_URL to the app's database, with a role that can only read."
        raise Blocked("no source of metrics that shows drafts: CANARY_DATABASE_URL not set", cure)
    return Database(url, run.runbook.canary, since)


@dataclass(eq=False)
class CanaryAccess:
    """The world of a canary's watch."""

    run: Run
    deployment: CanaryDeployment
    metrics: CanaryMetrics
    clock: Clock
    opened: int = field(init=False)
    source: str = field(init=False)

    def __post_init__(self) -> None:
        """The window opens now."""
        self.opened = self.clock.now()
        self.source = self.metrics.source

    def monotonic(self) -> float:
        """Seconds."""
        return time.monotonic()

    def wait(self, seconds: float) -> None:
        """Let time pass, unless another deployment takes over."""
        until = time.monotonic() + seconds
        while not self.superseded and (left := until - time.monotonic()) > 0:
            time.sleep(min(_SLICE, left))

    def look(self) -> Snapshot:
        """One look at the metrics."""
        return self.metrics.look()

    @property
    def superseded(self) -> bool:
        """Whether another deployment has taken over."""
        return self.run.superseded is not None

    def lines(self) -> RevisionLines | None:
        """The lines of the revision path since the window opened, by Vercel's history of the log."""
        if "canary_log" in self.run.plan.left_out:
            return None
        logs = VercelLogs(platform_access(self.run.environment), self.deployment.id, self.deployment.owner)
        rows: dict[str, LogEntry] = {}
        covered: list[Span] = []
        until, limit = self.clock.now(), time.monotonic() + _READ

        def done() -> bool:
            return time.monotonic() > limit or any(one.until >= until for one in covered)

        for news in logs.read(self.opened, done):
            rows.update({one.row_id or f"{one.at} {len(rows)}": one for one in news.entries})
            covered += [news.covered] if news.covered else []
            if logs.lacks_history:
                break
        missing = "" if any(one.until >= until for one in covered) else "Vercel did not show the log to its end"
        return LineReader(self.run.runbook).count(rows.values(), missing)
