"""Whether a rollback helped, by the checks that ran after it. Pure."""

from __future__ import annotations

from dataclasses import replace

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import Cause, Decision, Outcome, Reason, Recommendation, Severity, evidence_lines
from postdeploy.record.document import RecoveryState
from postdeploy.rollback.proof import Recovery
from postdeploy.runbook.parts import ROLLBACK, SETTLED
from postdeploy.system import times
from postdeploy.verdict import decision
from postdeploy.verdict.decision import Facts
from postdeploy.verdict.verdict import Finding, Verdict

_KEPT = (Recommendation.HOLD, Recommendation.FIX_ENVIRONMENT)
"""What is recommended after a rollback as before one; nothing else is."""


def judge(facts: Facts, recovery: Recovery, log: LogReport | None, superseded: str | None = None) -> Verdict:
    """The verdict on a rollback. `superseded`: by what, since the rollback, in a sentence.

    The checks of `settled` may be missing while the log is still being watched: then it is the inbox's verdict.
    """
    own = {part: why for part, why in facts.not_measured.items() if part in (ROLLBACK, SETTLED)}
    facts = replace(facts, not_measured=own)  # the other parts are not what this run is about
    results = {one.name: one.outcome for one in facts.results if one.part == ROLLBACK}
    works = bool(results) and all(
        results.get(name) is Outcome.PASSED for name, part in facts.required.items() if part == ROLLBACK
    )
    verdict = replace(decision.judge(facts), recovered=RecoveryState.UNKNOWN)
    match verdict.decision:
        case Decision.FAIL:
            verdict = _failed(verdict, recovery, facts)
        case Decision.INCONCLUSIVE if superseded and verdict.reason is not Reason.BLOCKED:
            said = f"{superseded}: it can't be proven any more whether the rollback helped. Verify what serves now: -m smoke"
            verdict = replace(verdict, reason=Reason.SUPERSEDED, summary=said)
        case Decision.INCONCLUSIVE if works and verdict.reason is not Reason.SUPERSEDED:
            said = f"{_inbox_works(recovery)}; nothing more is proven: {verdict.summary}"
            verdict = replace(
                verdict,
                headline="RECOVERED (inbox), and nothing more is proven",
                summary=said,
                recovered=RecoveryState.INBOX,
            )
        case Decision.INCONCLUSIVE:
            pass
        case _:
            verdict = _passed(verdict, recovery, facts, log)
    notes = (*_tolerated(recovery, log), *_afterwards(recovery))
    return replace(verdict, findings=(*verdict.findings, *notes))


def _failed(verdict: Verdict, recovery: Recovery, facts: Facts) -> Verdict:
    """After a rollback no other one is recommended: what surrounds the code is at fault, or the cause is not known."""
    elsewhere = any(one.cause is Cause.NOT_RESTORED and one.severity is Severity.FAIL for one in verdict.findings)
    if elsewhere:
        return replace(
            verdict,
            headline=f"NOT RECOVERED: production does not serve {recovery.target}",
            recommendation=Recommendation.INVESTIGATE,
            command=f"postdeploy deployments --base-url={facts.url}",
            recovered=RecoveryState.NOT,
        )
    recommendation = verdict.recommendation if verdict.recommendation in _KEPT else Recommendation.INVESTIGATE
    action = {
        Recommendation.HOLD: "HOLD: the database or the auth service is out",
        Recommendation.FIX_ENVIRONMENT: "FIX THE ENVIRONMENT and redeploy",
        Recommendation.INVESTIGATE: "investigate what both deployments have in common",
    }[recommendation]
    return replace(
        verdict,
        headline=f"NOT RECOVERED: the rollback did not help, {action}",
        summary=f"{verdict.summary} (on {recovery.target}, which production was rolled back to)",
        recommendation=recommendation,
        command=verdict.command if recommendation is Recommendation.FIX_ENVIRONMENT else None,
        target=None,
        will_help=None,
        recovered=RecoveryState.NOT,
    )


def _passed(verdict: Verdict, recovery: Recovery, facts: Facts, log: LogReport | None) -> Verdict:
    works = _inbox_works(recovery)
    if SETTLED in facts.not_measured:
        why = facts.not_measured[SETTLED]
        return _inbox(verdict, f"{works}; the log was not measured ({why})")
    if log is None or not any(one.part == SETTLED and one.outcome is Outcome.PASSED for one in facts.results):
        return _inbox(verdict, f"{works}; the log is still being watched")
    if log.recovery.new:
        shows = f"{works}; the log shows {_patterns(log.recovery.new)}"
        compared = log.baseline and log.errors_compared
        known = "not known on it before" if compared else "without a baseline, so it is open whether they are new"
        return _inbox(verdict, f"{shows} {known}")
    return replace(
        verdict,
        headline="RECOVERED",
        recovered=RecoveryState.RECOVERED,
        recommendation=Recommendation.KEEP,
        summary=f"{works}; {times.span(log.window.seconds)} of its log show no new error pattern{_no_users(log)}",
    )


def _no_users(log: LogReport) -> str:
    """What is added where the log holds no user traffic."""
    return "" if log.totals.requests else ", and no user traffic: nothing learned about users"


def _inbox(verdict: Verdict, summary: str) -> Verdict:
    return replace(
        verdict,
        headline="RECOVERED (inbox): keep watching",
        recovered=RecoveryState.INBOX,
        recommendation=Recommendation.KEEP_WATCHING,
        summary=summary,
    )


def _inbox_works(recovery: Recovery) -> str:
    return f"production serves {recovery.target}, signing in works, the Master Inbox loads conversations"


def _patterns(incidents: tuple[str, ...]) -> str:
    return f"{len(incidents)} error pattern{'s' if len(incidents) > 1 else ''}"


def _tolerated(recovery: Recovery, log: LogReport | None) -> list[Finding]:
    """What fails nothing, because it was known on the target before; and what was not."""
    found = []
    if recovery.failing:
        failing = ", ".join(recovery.failing)
        found.append(Finding(ROLLBACK, Severity.WARN, f"tolerated, because it failed on the target before: {failing}"))
    if log and log.recovery.known:
        says = (
            f"{_patterns(log.recovery.known)} in its log tolerated, because known on the target before ({log.baseline})"
        )
        found.append(Finding(SETTLED, Severity.WARN, says, evidence=evidence_lines(log.recovery.known)))
    if log and log.recovery.new:
        found.append(
            Finding(
                SETTLED,
                Severity.WARN,
                f"new: {'; '.join(log.recovery.new[:3])}",
                evidence=evidence_lines(log.recovery.new),
            )
        )
    return found


def _afterwards(recovery: Recovery) -> list[Finding]:
    """What a rollback does not restore, and how to undo it."""
    notes = [f"not restored: {each}" for each in recovery.not_restored]
    notes += [f"to undo it: {recovery.undo[0]}"] if recovery.undo else []
    return [Finding(ROLLBACK, Severity.NOTE, each) for each in notes]
