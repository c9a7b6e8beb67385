"""The verdict on the canary: expand it, switch it off, or keep watching. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum

from postdeploy.canary.report import CanaryReport
from postdeploy.model import Cause, Decision, Outcome, Reason, Recommendation, Severity
from postdeploy.runbook.parts import CANARY, CANARY_BEFORE, CANARY_DRAFTS, CANARY_LOG
from postdeploy.runbook.tables import Runbook
from postdeploy.verdict import decision
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.verdict import Finding, Verdict

_PARTS = (CANARY_BEFORE, CANARY, CANARY_DRAFTS, CANARY_LOG)
_BEFORE = "before"


def judge(facts: Facts, phase: StrEnum, report: CanaryReport | None, runbook: Runbook) -> Verdict:
    """The verdict on the canary. `report`: what its watch ended with; None: it was not watched."""
    own = {part: why for part, why in facts.not_measured.items() if part in _PARTS}
    verdict = decision.judge(replace(facts, not_measured=own))
    verdict = replace(verdict, findings=(*verdict.findings, *_notes(report)))
    match verdict.decision:
        case Decision.FAIL if _canary_fails(verdict):
            return _switched_off(verdict, facts, runbook)
        case Decision.PASS if phase == _BEFORE:
            said = "the kill switch is on, and no draft was attempted since the deploy"
            return replace(verdict, headline="READY for the canary", recommendation=Recommendation.KEEP, summary=said)
        case Decision.PASS if report and CANARY_DRAFTS in own:
            return replace(verdict, summary=report.says)
        case Decision.PASS if report:
            return replace(verdict, recommendation=Recommendation.EXPAND, summary=report.says)
        case Decision.INCONCLUSIVE if (
            report and verdict.reason is Reason.UNPROVEN and _lacks_only_traffic(report, facts)
        ):
            return replace(
                verdict,
                headline="KEEP WATCHING the canary: too little traffic",
                recommendation=Recommendation.KEEP_WATCHING,
                summary=report.too_few,
            )
        case _:
            return verdict


def _canary_fails(verdict: Verdict) -> bool:
    return any(one.severity is Severity.FAIL and one.cause is Cause.CANARY for one in verdict.findings)


def _lacks_only_traffic(report: CanaryReport, facts: Facts) -> bool:
    """Whether the check of the watch is the only one that is unproven, and for this reason."""
    unproven = sum(one.outcome is Outcome.UNPROVEN for one in facts.results)
    return unproven == 1 and bool(report.too_few) and report.whole and not report.unread and not report.stale


def _switched_off(verdict: Verdict, facts: Facts, runbook: Runbook) -> Verdict:
    """No rollback: the old build would run the canary as well, or lose the fix. The switches, the fastest first."""
    table = runbook.canary
    page = f"{facts.url}{runbook.app.inbox_path}?view=settings&settingsTab=admin&clientId={table.workspace}"
    return replace(
        verdict,
        recommendation=Recommendation.SWITCH_OFF,
        command=None,
        target=None,
        will_help=None,
        evidence_for=(
            f"at once: switch the workspace's toggle off: {page}",
            f"slower: set {table.kill_switch}=1 and redeploy. A variable counts from the next deployment on",
        ),
        evidence_against=(),
    )


def _notes(report: CanaryReport | None) -> Iterator[Finding]:
    if report is None:
        return
    for text in (report.says, report.detects):
        if text:
            yield Finding(CANARY, Severity.NOTE, text)
    for gap in report.gaps[:3]:
        yield Finding(CANARY, Severity.NOTE, f"the metrics could not be read in {gap}")
