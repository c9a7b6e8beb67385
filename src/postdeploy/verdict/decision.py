"""Findings → verdict: pure. docs/decisions.md explains the table to people.

FAIL needs one failure of the deployment that was pinned. Without one, everything required must have passed for PASS;
whatever else there is makes the run INCONCLUSIVE, with the most useful reason.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from postdeploy.model import Cause, CheckResult, Decision, Outcome, Reason, Recommendation, Severity, evidence_lines
from postdeploy.record.last_good import LastGood, NoLastGood
from postdeploy.record.precedent import PassedBefore
from postdeploy.verdict.comparison import Comparison
from postdeploy.verdict.recommendation import LOG, FailureFacts, Recommended, recommend
from postdeploy.verdict.verdict import Coverage, Finding, Verdict


@dataclass(frozen=True, slots=True)
class RollbackCommands:
    """What to type for a rollback."""

    template: str = ""
    """Where the platform is not Vercel: with `{build}` and `{url}`; empty: `postdeploy rollback`."""
    candidates: str | None = None
    """Lists where production could be rolled back to, and does nothing."""

    def to(self, target: str, url: str, *, pin: bool) -> str:
        """The command that rolls back to this deployment or build. `pin`: by an instant rollback."""
        if self.template:
            return self.template.replace("{build}", shlex.quote(target)).replace("{url}", shlex.quote(url))
        return f"postdeploy rollback {shlex.quote(target)} --base-url={shlex.quote(url)}{' --pin' if pin else ''} --yes"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the decision may rest on."""

    results: tuple[CheckResult, ...] = ()
    required: Mapping[str, str] = field(default_factory=dict)
    """Check name → part, for every check without which there is no PASS."""
    not_measured: Mapping[str, str] = field(default_factory=dict)
    """Part → why it was not measured (switched off, not configured)."""
    successor: str | None = None
    """The build that serves the URL at the end, if it is another one than at the beginning."""
    preflight: CheckResult | None = None
    """How the preflight ended, if it did not pass."""
    unfinished: str | None = None
    """Why the run ended before its checks did."""
    deployment: str | None = None
    """What Vercel's commands call the deployment."""
    window_open: bool = False
    """Whether the log's window is still open: only a part of it was seen."""
    auth_slow: bool = False
    """Whether the log shows that the auth service was slow."""
    saturated: bool = False
    """Whether the database's connections ran out."""
    compared_with: str | None = None
    """What the log was compared with."""
    url: str = ""
    """The address under verification."""
    role: str = ""
    """The deployment's production state, where it is not simply live."""
    staged: bool = False
    """Whether it is not live: it has no users."""
    promotes: str = ""
    """The command that promotes it, where it is staged."""
    canary: bool = False
    """Whether it is the canary of a rolling release: only an instant rollback ends that."""
    notes: tuple[Finding, ...] = ()
    """What else people should know."""
    last_good: LastGood | NoLastGood | None = None
    """Where a rollback could go; None: it was not looked for yet."""
    comparisons: tuple[Comparison, ...] = ()
    """The failing checks, repeated on the last-good deployment and on this one."""
    not_tried_reason: str = ""
    """Why none was."""
    left_behind: tuple[str, ...] = ()
    """What the comparison run left behind in production."""
    outside_the_inbox: frozenset[str] = frozenset()
    """Variables that the inbox does not need."""
    changed: tuple[str, ...] = ()
    """Variables of Production that were changed after the last-good deployment was built."""
    core: tuple[str, ...] = ()
    """Parts of which each needs a check that passed, or a reason for its absence in `not_measured`."""
    passed_before: Mapping[str, PassedBefore] = field(default_factory=dict)
    """Check → how it passed on the build before, by the record."""
    role_changed: str = ""
    """Why the smoke user's role may be another one than in the last run that passed; empty: it is not known to be."""
    ways: RollbackCommands = RollbackCommands()
    """How to roll back, and how to list where to."""


_REPAIR = "vercel env ls production, correct the variable, then: vercel redeploy <deployment-url>"

_READY = "READY TO PROMOTE: it has no users yet"
_NO_USERS = "WORKS, and has no users: it is not live"
_LIVE_OR_NOT = (Recommendation.HOLD, Recommendation.FIX_ENVIRONMENT)
"""What is recommended whether or not the deployment is live; anything else is: do not promote it."""


def failures(facts: Facts) -> list[CheckResult]:
    """What failed for the deployment's own sake: not what another build served."""
    results = ([facts.preflight] if facts.preflight else []) + list(facts.results)
    return [result for result in results if result.outcome is Outcome.FAILED and not result.superseded]


def comparing(seconds: float) -> str:
    """What is done before a recommendation is final, for people."""
    return f"comparing with the last-good deployment, if one is known: up to {seconds:g} s"


def pending(verdict: Verdict, seconds: float) -> Verdict:
    """A FAIL stands at once; what to do about it may change when it was compared."""
    if verdict.decision is not Decision.FAIL or verdict.reason:
        return verdict
    return replace(verdict, provisional=comparing(seconds))


def judge(facts: Facts) -> Verdict:
    """The verdict on one run."""
    results = ([facts.preflight] if facts.preflight else []) + list(facts.results)
    failed = [result for result in results if result.outcome is Outcome.FAILED]
    proven = failures(facts)
    lowered = facts.role_changed and proven and all(one.cause is Cause.EMPTY_LIST for one in proven)
    if lowered:
        failed = proven = []
    findings = (*_findings(results, proven), *facts.notes)
    coverage = _coverage(facts)
    writes = _counted(results, facts.left_behind)
    if proven:
        return _failed(proven, facts, findings, coverage, writes)
    reason, summary = (Reason.BLOCKED, facts.role_changed) if lowered else _doubt(facts, results, failed)
    if reason:
        again = Recommendation.MEASURE_AGAIN
        return Verdict(Decision.INCONCLUSIVE, again, summary, reason, findings, coverage=coverage, writes=writes)
    passed = sum(1 for result in results if result.outcome is Outcome.PASSED)
    absent = {part: facts.not_measured[part] for part in facts.core if part in facts.not_measured}
    watch = absent or (facts.window_open and not facts.staged)  # without users there is nothing to watch
    ready = bool(facts.promotes and not absent)
    return Verdict(
        decision=Decision.PASS,
        recommendation=Recommendation.KEEP_WATCHING if watch else Recommendation.KEEP,
        summary=f"{passed} checks passed" + (f"; it is {facts.role}" if facts.staged else ""),
        findings=findings,
        coverage=coverage,
        writes=writes,
        command=facts.promotes if ready else None,
        headline=_what_was_asked(absent) or (_READY if ready else _NO_USERS if facts.staged else ""),
    )


def _what_was_asked(absent: Mapping[str, str]) -> str:
    """What a PASS says first, where parts that it should rest on were left out by request."""
    if not absent:
        return ""
    reasons = list(dict.fromkeys(absent.values()))
    each = [(" and ".join(part for part, why in absent.items() if why == reason), reason) for reason in reasons]
    return "PASS of what was asked: " + "; ".join(f"{parts} left out ({reason})" for parts, reason in each)


def _counted(results: list[CheckResult], left_behind: tuple[str, ...]) -> tuple[str, ...]:
    """What the run left behind, each kind once and with its number."""
    counts = Counter(sentence for sentence, _ in dict.fromkeys(write for result in results for write in result.writes))
    own = [f"{count} × {sentence}" if count > 1 else sentence for sentence, count in counts.items()]
    return tuple(dict.fromkeys([*own, *left_behind]))


def _failed(
    proven: list[CheckResult], facts: Facts, findings: tuple[Finding, ...], coverage: Coverage, writes: tuple[str, ...]
) -> Verdict:
    found = recommend(
        FailureFacts(
            failures=tuple(proven),
            last_good=facts.last_good,
            comparisons=facts.comparisons,
            not_tried_reason=facts.not_tried_reason,
            changed=facts.changed,
            passed_before=facts.passed_before,
            compared_with=facts.compared_with,
            outside_the_inbox=facts.outside_the_inbox,
            logged=any(one.part == LOG and one.outcome in (Outcome.PASSED, Outcome.FAILED) for one in facts.results),
            unlogged=next(
                (one.summary for one in facts.results if one.part == LOG and one.outcome is Outcome.UNPROVEN), ""
            ),
            auth_slow=facts.auth_slow,
            saturated=facts.saturated,
        )
    )
    if facts.staged and found.recommendation not in _LIVE_OR_NOT:
        found = Recommended(
            Recommendation.DO_NOT_PROMOTE, found.leading, evidence_for=(f"it has no users: it is {facts.role}",)
        )
    summary = found.leading.summary or found.leading.story
    reason = None
    if facts.successor:
        reason = Reason.SUPERSEDED
        if found.recommendation not in _LIVE_OR_NOT:
            now = "another deployment serves now: verify that one. A rollback from here would take it down too"
            found = Recommended(Recommendation.INVESTIGATE, found.leading, evidence_against=(now,))
        summary = f"{summary} (of a superseded deployment; {facts.successor} serves now)"
    return Verdict(
        decision=Decision.FAIL,
        recommendation=found.recommendation,
        summary=summary,
        reason=reason,
        findings=findings,
        coverage=coverage,
        writes=writes,
        command=_command(found, proven, facts),
        target=found.target,
        will_help=None if found.recommendation is Recommendation.FIX_ENVIRONMENT else found.will_help,
        cause=found.leading.cause or Cause.UNKNOWN,
        evidence_for=found.evidence_for,
        evidence_against=found.evidence_against,
    )


def _command(found: Recommended, proven: list[CheckResult], facts: Facts) -> str | None:
    """What to type: the rollback, or the commands that repair what failed and the redeploy that puts them into effect."""
    match found.recommendation:
        case Recommendation.ROLL_BACK if found.target:
            return facts.ways.to(found.target.id, facts.url, pin=facts.canary)
        case Recommendation.ROLL_BACK:
            return facts.ways.candidates
        case Recommendation.FIX_ENVIRONMENT:
            calls = [one for one in proven if one.recommendation is Recommendation.FIX_ENVIRONMENT]
            repairs = dict.fromkeys(command for one in calls for command in one.commands)
            redeploy = f"vercel redeploy {facts.deployment or '<deployment-url>'} --target=production"
            return " && ".join([*repairs, redeploy]) if repairs else _REPAIR
        case _:
            return None


def _doubt(facts: Facts, results: list[CheckResult], failed: list[CheckResult]) -> tuple[Reason | None, str]:
    """Why nothing is proven, the most useful reason first; (None, "") if everything is."""
    blocked = [result for result in results if result.outcome is Outcome.BLOCKED]
    if blocked:
        return Reason.BLOCKED, f"{blocked[0].summary}. {blocked[0].cure}"
    if facts.successor:
        return Reason.SUPERSEDED, f"superseded by {facts.successor} during the run. Verify that one."
    if failed:
        return Reason.SUPERSEDED, "a check failed while another build was already answering. Verify that one."
    if facts.unfinished:
        return Reason.UNPROVEN, facts.unfinished
    unproven = [result for result in results if result.outcome is Outcome.UNPROVEN]
    if unproven:
        return Reason.UNPROVEN, unproven[0].summary
    broken = [result for result in results if result.outcome is Outcome.BROKEN]
    if broken:
        return Reason.UNPROVEN, f"our own error in {broken[0].name}: {broken[0].summary}"
    passed = {result.name for result in results if result.outcome is Outcome.PASSED}
    missing = [check for check in facts.required if check not in passed]
    if missing:
        more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
        return Reason.UNPROVEN, f"required checks did not run: {', '.join(missing[:3])}{more}. Run them all: -m smoke"
    if not passed:
        return Reason.UNPROVEN, "no check ran"
    proven = {result.part for result in results if result.outcome is Outcome.PASSED}
    bare = [part for part in facts.core if part not in proven and part not in facts.not_measured]
    if bare:
        return Reason.UNPROVEN, f"no check of {', '.join(bare)} passed. Run them all: -m smoke"
    return None, ""


def _findings(results: list[CheckResult], proven: list[CheckResult]) -> Iterable[Finding]:
    for result in results:
        if result.outcome is Outcome.FAILED:
            severity = Severity.FAIL if result in proven else Severity.NOTE
            summary = result.summary or result.story
            yield Finding(result.part, severity, summary, result.cause, result.evidence, check=result.name)
        for warning in result.warnings:
            yield Finding(result.part, Severity.WARN, warning)
    stopped = [result for result in results if result.outcome in (Outcome.BLOCKED, Outcome.UNPROVEN, Outcome.BROKEN)]
    for outcome, why in dict.fromkeys((result.outcome, result.summary) for result in stopped):
        same = [result for result in stopped if (result.outcome, result.summary) == (outcome, why)]
        who = same[0].name + (f" and {len(same) - 1} more" if len(same) > 1 else "")
        says = f"{outcome}: {why}" if who == same[0].part else f"{who} {outcome}: {why}"
        yield Finding(same[0].part, Severity.NOTE, says, same[0].cause, evidence_lines(one.name for one in same))
    skipped = [result for result in results if result.outcome is Outcome.NOT_REACHED]
    for reason in dict.fromkeys(result.summary for result in skipped):
        names = [result.name for result in skipped if result.summary == reason]
        yield Finding("run", Severity.NOTE, f"{len(names)} checks not reached: {reason}", None, evidence_lines(names))


def _coverage(facts: Facts) -> Coverage:
    passed = {result.name for result in facts.results if result.outcome in (Outcome.PASSED, Outcome.FAILED)}
    parts = list(dict.fromkeys([*facts.required.values(), *(result.part for result in facts.results)]))
    looked = {*facts.required.values(), *(one.part for one in facts.results if one.outcome is not Outcome.NOT_REACHED)}
    why = "its checks had no result" if failures(facts) else ""
    absent = {one.part: why or one.summary for one in facts.results if one.part not in looked}
    missing = absent | dict(facts.not_measured)
    for part in parts:
        left_out = [check for check, owner in facts.required.items() if owner == part and check not in passed]
        if left_out:
            missing.setdefault(part, f"{len(left_out)} of its checks had no result")
    return Coverage(tuple(part for part in parts if part not in missing), missing)
