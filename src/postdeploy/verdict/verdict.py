"""The answer: what all findings together say, and what to do."""

from __future__ import annotations

from dataclasses import dataclass, field

from postdeploy.model import Cause, Decision, EvidenceLine, Reason, Recommendation, Severity, WillHelp
from postdeploy.record.document import RecoveryState
from postdeploy.record.last_good import LastGood


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the verdict."""

    part: str
    severity: Severity
    summary: str
    cause: Cause | None = None
    evidence: tuple[EvidenceLine, ...] = ()
    check: str = ""
    """The check that reports it; empty: the run itself."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was measured and what was not, and why not."""

    measured: tuple[str, ...] = ()
    not_measured: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer: keep the deployment, or not, or nothing is proven."""

    decision: Decision
    recommendation: Recommendation
    summary: str
    reason: Reason | None = None
    findings: tuple[Finding, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    writes: tuple[str, ...] = ()
    command: str | None = None
    target: LastGood | None = None
    """The rollback target, where one was looked for."""
    will_help: WillHelp | None = None
    """Whether a rollback is expected to help; None: a rollback is not the question."""
    evidence_for: tuple[str, ...] = ()
    """Evidence for the recommendation."""
    evidence_against: tuple[str, ...] = ()
    """Evidence against it."""
    headline: str = ""
    """What to do, where the recommendation alone does not say it."""
    cause: Cause | None = None
    """Of the failure that the recommendation is about."""
    provisional: str = ""
    """What is awaited that may still change the recommendation; empty: nothing, it is final."""
    recovered: RecoveryState | None = None
    """How far the recovery is, with the proof of a rollback."""


UNFINISHED = Verdict(
    Decision.INCONCLUSIVE,
    Recommendation.MEASURE_AGAIN,
    "the run did not finish",
    Reason.UNPROVEN,
)
"""What stands in verdict.json until the run has published something."""
