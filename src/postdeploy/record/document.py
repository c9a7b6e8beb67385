"""reports/verdict.json as one typed value: written from it, read through it; `make schema` makes docs/verdict.schema.json from it.

Keys may be added within one schema version, never removed or renamed. A reader takes what it knows of a document and leaves the rest.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import msgspec

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import (
    Cause,
    Decision,
    Outcome,
    PlatformIdentity,
    Reason,
    Recommendation,
    Severity,
    Stage,
    WillHelp,
)
from postdeploy.record.last_good import LastGood
from postdeploy.record.prerequisites import RollbackPrerequisites
from postdeploy.redaction import Redactor, blot
from postdeploy.uptime.journey import UptimeLatency

VERDICT = "verdict.json"
"""What the file is called, in a folder of reports and in an artifact."""

SCHEMA = 1
Moment = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
"""ISO 8601, UTC."""


class RecoveryState(StrEnum):
    """How far the recovery after a rollback is."""

    RECOVERED = "recovered"
    """The inbox works, and the log shows no new error pattern."""
    INBOX = "inbox"
    """The inbox works; nothing more is proven."""
    NOT = "not recovered"
    UNKNOWN = "unknown"


class DeploymentPart(msgspec.Struct, frozen=True, kw_only=True):
    """The deployment that was verified."""

    url: str
    """The address that was verified."""
    deployment_id: str | None = None
    build_id: str | None = None
    assets: str | None = None
    """Fingerprint of the page's asset list."""
    role: str | None = msgspec.field(default=None, name="standing")
    """Its production state, where it is not simply live: staged, the canary of a rolling release, …"""
    platform: PlatformIdentity | None = None
    """The deployment according to Vercel; null: Vercel was not asked, or does not know it."""


class RecoverySection(msgspec.Struct, frozen=True, kw_only=True):
    """What production was rolled back to, and whether that helped."""

    state: RecoveryState
    target: str
    """The deployment that production was rolled back to."""
    source: str = msgspec.field(name="told_by")
    """How that is known."""
    left: str = ""
    """The deployment that it was rolled back from; empty: not known."""
    failing: tuple[str, ...] = ()
    """Checks that failed on the target before; they are tolerated."""
    not_restored: tuple[str, ...] = ()
    """What the rollback does not restore."""
    undo: tuple[str, ...] = ()
    """Commands that undo the rollback."""


class FindingPart(msgspec.Struct, frozen=True, kw_only=True):
    """One finding."""

    part: str = ""
    severity: Severity
    summary: str = ""
    cause: Cause | None = None
    """Each cause has a page in docs/findings/."""
    evidence: tuple[str, ...] = ()
    check: str = ""
    """The check that reports it; empty: the run itself."""


class CheckPart(msgspec.Struct, frozen=True, kw_only=True):
    """How one check ended."""

    name: str
    part: str = ""
    outcome: Outcome
    cause: Cause | None = None
    summary: str = ""
    seconds: float = 0.0
    down: bool = False
    """Whether every visitor gets an error of the platform or a 5xx instead of the app."""


class LogCoverage(msgspec.Struct, frozen=True, kw_only=True):
    """The log's window, and how much of it is proven."""

    stage: Stage
    opened: str = ""
    """When the deployment got production traffic, by the platform's clock; empty: the log was not read."""
    source: str = msgspec.field(default="", name="told_by")
    """How that is known."""
    closes: str = ""
    """The end of the threshold's window."""
    judged_since: str = ""
    judged_until: str = ""
    seconds: float = 0.0
    """How much was judged."""
    proven: bool = False
    missing: tuple[str, ...] = ()
    """What is not proven, and why."""
    gaps: tuple[str, ...] = ()
    """What was not seen, gaps that are allowed included."""


class CoveragePart(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, and what was not."""

    measured: tuple[str, ...] = ()
    not_measured: dict[str, str] = {}
    """Part → why it was not measured."""
    log: LogCoverage | None = None
    """null: no log was asked for."""


class VerdictDocument(msgspec.Struct, frozen=True, kw_only=True):
    """verdict.json of postdeploy."""

    schema: Annotated[int, msgspec.Meta(extra_json_schema={"const": SCHEMA})] = SCHEMA
    run_id: str = ""
    stage: Stage
    started: Moment = ""
    finished: Moment
    complete: bool = False
    """Whether the run came to its end. false: the verdict is what was known by then, and more was to come."""
    provisional: bool = False
    """Whether a comparison run is in progress, which may still change the recommendation; the decision stands."""
    decision: Decision
    reason: Reason | None = None
    recommendation: Recommendation | None = None
    headline: str = ""
    """What to do and what was proven, for people: the first line of every report."""
    summary: str = ""
    command: str | None = None
    """What to type next."""
    target: LastGood | None = None
    """The rollback target; null: none was looked for, or there is none."""
    will_help: WillHelp | None = None
    """Whether a rollback is expected to help; null: a rollback is not the question."""
    evidence_for: tuple[str, ...] = ()
    """Evidence for the recommendation."""
    evidence_against: tuple[str, ...] = ()
    """Evidence against the recommendation."""
    deployment: DeploymentPart
    prerequisites: RollbackPrerequisites | None = None
    """With a PASS and a token: what a rollback would need; else null."""
    recovery: RecoverySection | None = None
    """With -m rollback; else null."""
    findings: tuple[FindingPart, ...] = ()
    checks: tuple[CheckPart, ...] = ()
    coverage: CoveragePart = CoveragePart()
    log: LogReport | None = None
    """What the runtime log showed; null: no log was asked for, or its watch had not ended."""
    uptime: UptimeLatency | None = None
    """How long the journeys and probes of a watch took; null: none were made."""
    writes: tuple[str, ...] = ()
    """What the run left behind in production."""
    access: tuple[str, ...] = ()
    """Fingerprints of what the app answered about the smoke user's role and memberships."""

    def names(self, deployment: str) -> bool:
        """Whether the verdict is about this deployment, by its id."""
        platform = self.deployment.platform
        return deployment in (self.deployment.deployment_id, platform.id if platform else None)

    @property
    def ended(self) -> dt.datetime:
        """When the run finished, UTC."""
        return _utc(dt.datetime.fromisoformat(self.finished))

    @property
    def seconds(self) -> float:
        """How long the run took; 0: not known."""
        try:
            return (self.ended - _utc(dt.datetime.fromisoformat(self.started))).total_seconds()
        except ValueError:
            return 0.0


def _utc(at: dt.datetime) -> dt.datetime:
    return at if at.tzinfo else at.replace(tzinfo=dt.UTC)


def written(document: VerdictDocument, redact: Redactor) -> bytes:
    """The document as it stands in verdict.json: every text redacted."""
    redacted = blot(msgspec.to_builtins(document), redact)
    return msgspec.json.format(msgspec.json.encode(redacted), indent=2) + b"\n"
