"""Writes verdict.json and verdict.md: everything passes the redactor first, and files are replaced as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import CheckResult, Decision, Deployment
from postdeploy.record.document import (
    VERDICT,
    CheckPart,
    CoveragePart,
    DeploymentPart,
    FindingPart,
    LogCoverage,
    RecoverySection,
    RecoveryState,
    VerdictDocument,
    written,
)
from postdeploy.redaction import Redactor
from postdeploy.report.facts import RunFacts
from postdeploy.report.headline import headline
from postdeploy.report.markdown import as_markdown
from postdeploy.system import files, times
from postdeploy.verdict.verdict import Finding, Verdict

LOCK = ".run.lock"
"""Held by the run whose verdict is being made in this folder."""

if TYPE_CHECKING:
    from postdeploy.rollback.proof import Recovery


def as_json(verdict: Verdict, facts: RunFacts, redact: Redactor) -> bytes:
    """verdict.json as docs/verdict.schema.json describes it."""
    return written(as_document(verdict, facts), redact)


def as_document(verdict: Verdict, facts: RunFacts) -> VerdictDocument:
    """The verdict and what is known of its run, as verdict.json holds them; not redacted yet."""
    return VerdictDocument(
        run_id=facts.run_id,
        stage=facts.stage,
        started=times.iso(facts.started, "seconds"),
        finished=times.iso(facts.finished, "seconds"),
        complete=facts.complete,
        provisional=bool(verdict.provisional),
        decision=verdict.decision,
        reason=verdict.reason,
        recommendation=verdict.recommendation,
        headline=headline(verdict),
        summary=verdict.summary,
        command=verdict.command,
        target=verdict.target,
        will_help=verdict.will_help,
        evidence_for=verdict.evidence_for,
        evidence_against=verdict.evidence_against,
        deployment=_deployment(facts),
        prerequisites=facts.prerequisites if verdict.decision is Decision.PASS else None,
        recovery=_recovery(verdict, facts.recovery),
        findings=tuple(_finding(one) for one in verdict.findings),
        checks=tuple(_check(one) for one in (facts.preflight, *facts.results) if one),
        coverage=CoveragePart(
            measured=verdict.coverage.measured,
            not_measured=verdict.coverage.not_measured,
            log=_log_coverage(facts.log),
        ),
        log=facts.log,
        uptime=facts.uptime,
        writes=verdict.writes,
        access=tuple(sorted({fact for one in facts.results for fact in one.access})),
    )


def _deployment(facts: RunFacts) -> DeploymentPart:
    served = facts.deployment or Deployment(facts.url)
    return DeploymentPart(
        url=served.url,
        deployment_id=served.deployment_id,
        build_id=served.build_id,
        assets=served.assets,
        role=facts.role or None,
        platform=facts.platform,
    )


def _finding(finding: Finding) -> FindingPart:
    return FindingPart(
        part=finding.part,
        severity=finding.severity,
        summary=finding.summary,
        cause=finding.cause,
        evidence=tuple(map(str, finding.evidence)),
        check=finding.check,
    )


def _check(result: CheckResult) -> CheckPart:
    return CheckPart(
        name=result.name,
        part=result.part,
        outcome=result.outcome,
        cause=result.cause,
        summary=result.summary,
        seconds=round(result.seconds, 2),
        down=result.down,
    )


def _recovery(verdict: Verdict, recovery: Recovery | None) -> RecoverySection | None:
    if recovery is None:
        return None
    return RecoverySection(
        state=verdict.recovered or RecoveryState.UNKNOWN,
        target=recovery.target,
        source=recovery.source,
        left=recovery.left,
        failing=recovery.failing,
        not_restored=recovery.not_restored,
        undo=recovery.undo,
    )


def _log_coverage(log: LogReport | None) -> LogCoverage | None:
    if log is None:
        return None
    window, proof = log.window, log.proof
    return LogCoverage(
        stage=log.stage,
        opened=window.opened,
        source=window.source,
        closes=window.closes,
        judged_since=window.judged_since,
        judged_until=window.judged_until,
        seconds=window.seconds,
        proven=proof.proven,
        missing=proof.missing,
        gaps=proof.gaps,
    )


def write(directory: Path, verdict: Verdict, facts: RunFacts, redact: Redactor) -> None:
    """Write verdict.json and verdict.md."""
    directory.mkdir(parents=True, exist_ok=True)
    files.replace(directory / VERDICT, as_json(verdict, facts, redact))
    files.replace(directory / "verdict.md", as_markdown(verdict, facts, redact).encode())
