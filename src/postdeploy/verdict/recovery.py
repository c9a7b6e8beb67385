"""Whether a rollback helped: what production went back to, and what the checks after it come to. Pure."""

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
"""What is said of a failure after a rollback as before one; nothing else is."""


def judge(facts: Facts, recovery: Recovery, log: LogReport | None, superseded: str | None = None) -> Verdict:
    """The verdict on a rollback. `superseded`: by what production was taken over since, in a sentence.

    The checks of `settled` may be missing while the log is still being watched: then it is the inbox's verdict.
    """
    own = {part: why for part, why in facts.not_measured.items() if part in (ROLLBACK, SETTLED)}
    facts = replace(facts, not_measured=own)  # what else there is, is no business of this run
    results = {one.name: one.outcome for one in facts.results if one.part == ROLLBACK}
    back = bool(results) and all(
        results.get(name) is Outcome.PASSED for name, part in facts.required.items() if part == ROLLBACK
    )
    verdict = replace(decision.judge(facts), recovered=RecoveryState.UNKNOWN)
    match verdict.decision:
        case Decision.FAIL:
            verdict = _failed(verdict, recovery, facts)
        case Decision.INCONCLUSIVE if superseded and verdict.reason is not Reason.BLOCKED:
            said = (
                f"{superseded}: whether the rollback helped, nobody can tell any more. Verify what serves now: -m smoke"
            )
            verdict = replace(verdict, reason=Reason.SUPERSEDED, summary=said)
        case Decision.INCONCLUSIVE if back and verdict.reason is not Reason.SUPERSEDED:
            said = f"{_inbox_is_back(recovery)}; no more is proven: {verdict.summary}"
            verdict = replace(
                verdict,
                headline="RECOVERED (inbox), and no more is proven",
                summary=said,
                recovered=RecoveryState.INBOX,
            )
        case Decision.INCONCLUSIVE:
            pass
        case _:
            verdict = _passed(verdict, recovery, facts, log)
    notes = (*_borne(recovery, log), *_afterwards(recovery))
    return replace(verdict, findings=(*verdict.findings, *notes))


def _failed(verdict: Verdict, recovery: Recovery, facts: Facts) -> Verdict:
    """After a rollback there is nothing to go back to: either what surrounds the code is at fault, or nobody knows."""
    elsewhere = any(one.cause is Cause.NOT_RESTORED and one.severity is Severity.FAIL for one in verdict.findings)
    if elsewhere:
        return replace(
            verdict,
            headline=f"NOT RECOVERED: production does not serve {recovery.target}",
            recommendation=Recommendation.INVESTIGATE,
            command=f"postdeploy deployments --base-url={facts.url}",
            recovered=RecoveryState.NOT,
        )
    advice = verdict.recommendation if verdict.recommendation in _KEPT else Recommendation.INVESTIGATE
    does = {
        Recommendation.HOLD: "HOLD: the database or the auth service is out",
        Recommendation.FIX_ENVIRONMENT: "FIX THE ENVIRONMENT and redeploy",
        Recommendation.INVESTIGATE: "investigate what both deployments have in common",
    }[advice]
    return replace(
        verdict,
        headline=f"NOT RECOVERED: the rollback did not help, {does}",
        summary=f"{verdict.summary} (on {recovery.target}, which production went back to)",
        recommendation=advice,
        command=verdict.command if advice is Recommendation.FIX_ENVIRONMENT else None,
        target=None,
        will_help=None,
        recovered=RecoveryState.NOT,
    )


def _passed(verdict: Verdict, recovery: Recovery, facts: Facts, log: LogReport | None) -> Verdict:
    back = _inbox_is_back(recovery)
    if SETTLED in facts.not_measured:
        why = facts.not_measured[SETTLED]
        return _inbox(verdict, f"{back}; the log was not measured ({why})")
    if log is None or not any(one.part == SETTLED and one.outcome is Outcome.PASSED for one in facts.results):
        return _inbox(verdict, f"{back}; the log is being watched")
    if log.recovery.new:
        kinds = f"{len(log.recovery.new)} error pattern{'s' if len(log.recovery.new) > 1 else ''}"
        lacks = (
            "that it was not known for"
            if log.baseline and log.errors_compared
            else "and nothing says whether it was known for them"
        )
        return _inbox(verdict, f"{back}; the log shows {kinds} {lacks}")
    return replace(
        verdict,
        headline="RECOVERED",
        recovered=RecoveryState.RECOVERED,
        recommendation=Recommendation.KEEP,
        summary=f"{back}; {times.span(log.window.seconds)} of its log show no new error pattern",
    )


def _inbox(verdict: Verdict, summary: str) -> Verdict:
    return replace(
        verdict,
        headline="RECOVERED (inbox): keep watching",
        recovered=RecoveryState.INBOX,
        recommendation=Recommendation.KEEP_WATCHING,
        summary=summary,
    )


def _inbox_is_back(recovery: Recovery) -> str:
    return f"production serves {recovery.target}, signing in works, the Master Inbox loads conversations"


def _borne(recovery: Recovery, log: LogReport | None) -> list[Finding]:
    """What is borne with, because the target was known for it."""
    found = []
    if recovery.failing:
        failing = ", ".join(recovery.failing)
        found.append(
            Finding(ROLLBACK, Severity.WARN, f"failed there before, by its own record, and is borne with: {failing}")
        )
    if log and log.recovery.known:
        kinds = f"{len(log.recovery.known)} error pattern{'s' if len(log.recovery.known) > 1 else ''}"
        says = f"{kinds} in its log that it was known for ({log.baseline}), borne with"
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
    """What people must know after a rollback."""
    notes = [f"not restored: {each}" for each in recovery.not_restored]
    notes += [f"to undo it: {recovery.undo[0]}"] if recovery.undo else []
    return [Finding(ROLLBACK, Severity.NOTE, each) for each in notes]
