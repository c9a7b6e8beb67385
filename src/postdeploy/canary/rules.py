"""What the progress of a canary means. Each rule looks at one thing; what fails is a value, its sentence is made from it.

Shares are judged a few times only (`[canary] looks`), each at its part of `[canary] level`, so that looking often does not make a
false alarm more probable. What can't happen by chance (a draft attempted twice, a second workspace) fails at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from postdeploy.canary.exact import Share, above, power, rise
from postdeploy.canary.progress import Progress
from postdeploy.model import Severity
from postdeploy.runbook.canary_tables import CanaryTable


class CanaryRule(StrEnum):
    """What is judged."""

    WORKSPACES = "workspaces"
    REPEATED = "repeated"
    ELSEWHERE = "elsewhere"
    APPLIED = "applied"
    REVIEW = "review"
    ERRORS = "errors"


@dataclass(frozen=True, slots=True)
class CanaryFinding:
    """What a rule found."""

    rule: CanaryRule
    severity: Severity
    sentence: str


def at_once(seen: Progress, _: CanaryTable) -> list[CanaryFinding]:
    """What can't happen by chance."""
    found = [*_workspaces(seen)]
    if seen.repeated:
        most = max(seen.attempts.values())
        drafts = "1 draft was" if seen.repeated == 1 else f"{seen.repeated} drafts were"
        found.append(
            _fail(CanaryRule.REPEATED, f"{drafts} attempted more than once, one of them at least {most} times")
        )
    for name, count in seen.elsewhere.items():
        says = f"{count} drafts were attempted in the workspace {name}, which is not the canary's"
        found.append(_fail(CanaryRule.ELSEWHERE, says))
    if seen.totals and seen.attempted and not any(seen.workspace in each for each in seen.enabled):
        says = f"{seen.attempted} drafts were attempted, although the toggle of {seen.workspace} is off"
        found.append(_fail(CanaryRule.ELSEWHERE, says))
    if seen.applied > seen.attempted:
        says = f"{seen.applied} revisions were applied, of {seen.attempted} attempts"
        found.append(_fail(CanaryRule.APPLIED, says))
    return found


def by_share(seen: Progress, table: CanaryTable) -> list[CanaryFinding]:
    """What a share says, at one of the looks that are planned."""
    level = table.level / table.looks
    found = []
    applied = Share(seen.applied, seen.attempted)
    if above(applied, table.applied_at_most) <= level:
        says = f"{applied} revisions were applied: more than {_percent(table.applied_at_most)} by the exact test"
        found.append(_fail(CanaryRule.APPLIED, f"{says} ({_p(above(applied, table.applied_at_most))})"))
    found += _review(seen, level)
    if seen.lines:
        found += _errors(seen, seen.lines.errors, table, level)
    return found


RULES: tuple[Callable[[Progress, CanaryTable], list[CanaryFinding]], ...] = (at_once, by_share)


def too_few(seen: Progress, table: CanaryTable) -> str:
    """Why there was too little traffic to judge; empty: there was enough."""
    if seen.attempted >= table.least_attempts:
        return ""
    return f"{seen.attempted} attempts in {_minutes(seen)}; {table.least_attempts} are needed ([canary] least_attempts)"


def frozen(seen: Progress, table: CanaryTable) -> str:
    """Why the metrics can't be those of now; empty: they can."""
    if seen.behind > table.fresh:
        return (
            f"the metrics are stale: the database lags {seen.behind:.0f} s behind ([canary] fresh is {table.fresh:g} s)"
        )
    if seen.lines and not seen.attempted and seen.lines.seen >= table.least_attempts:
        return f"the metrics are frozen: the log shows {seen.lines.seen} requests of the revision path, the metrics no attempt"
    return ""


def detects(seen: Progress, table: CanaryTable) -> str:
    """What a rise of needs-review could have been seen, with which probability."""
    if seen.totals:
        return "totals show neither a draft that is attempted twice nor decisions that need review"
    before = seen.reviews_before if seen.reviews_before.of else seen.reviews_elsewhere
    if not before.of or not seen.reviews.of:
        return "needs review is compared with nothing: there is no draft with a decision from before or elsewhere"
    rate = max(before.rate, 0.01)
    higher = min(1.0, max(2.5 * rate, rate + 0.1))
    seen_with = power(seen.reviews.of, higher, before, table.level / table.looks)
    return (
        f"with {seen.reviews.of} decisions a rise of needs-review from {_percent(rate)} to {_percent(higher)} would be"
        f" detected with probability {seen_with:.2f}"
    )


def _workspaces(seen: Progress) -> list[CanaryFinding]:
    found = []
    for enabled in seen.enabled:
        extra = sorted(enabled - {seen.workspace})
        if extra and seen.workspace in enabled:
            says = f"{len(enabled)} workspaces are enabled, not one: {', '.join(extra)} as well"
        elif extra:
            says = f"the wrong workspace is enabled: {', '.join(extra)} instead of {seen.workspace}"
        else:
            continue
        found.append(_fail(CanaryRule.WORKSPACES, says))
    return found[:1]


def _review(seen: Progress, level: float) -> list[CanaryFinding]:
    """A rise counts against the canary only where the other workspaces do not show it as well."""
    against_before = rise(seen.reviews, seen.reviews_before)
    against_others = rise(seen.reviews, seen.reviews_elsewhere)
    comparable = seen.reviews_elsewhere.of > 0
    says = f"{seen.reviews} decisions need review"
    if comparable and against_others <= level:
        return [
            _fail(CanaryRule.REVIEW, f"{says}; in the other workspaces {seen.reviews_elsewhere} ({_p(against_others)})")
        ]
    if against_before > level:
        return []
    says = f"{says}; before, {seen.reviews_before} ({_p(against_before)})"
    if comparable:
        also = f"{says}, and in the other workspaces {seen.reviews_elsewhere} ({_p(against_others)}): not the canary's alone"
        return [CanaryFinding(CanaryRule.REVIEW, Severity.WARN, also)]
    return [_fail(CanaryRule.REVIEW, says)]


def _errors(seen: Progress, errors: int, table: CanaryTable, level: float) -> list[CanaryFinding]:
    """Compared with the share that is tolerated: before the canary nothing was attempted, and the log names no workspace."""
    if not errors or seen.lines is None:
        return []
    share = Share(errors, max(errors, seen.attempted))
    probable = above(share, table.errors_at_most)
    says = f"{seen.lines.deadline} exceeded deadlines and {seen.lines.database} database errors in {share.of} attempts"
    if probable <= level:
        return [_fail(CanaryRule.ERRORS, f"{says}: more than {_percent(table.errors_at_most)} ({_p(probable)})")]
    return [CanaryFinding(CanaryRule.ERRORS, Severity.WARN, says)]


def _fail(rule: CanaryRule, sentence: str) -> CanaryFinding:
    return CanaryFinding(rule, Severity.FAIL, sentence)


def _percent(rate: float) -> str:
    return f"{rate * 100:.3g} %"


def _p(probability: float) -> str:
    return f"p = {probability:.2g}"


def _minutes(seen: Progress) -> str:
    return f"{(seen.until - seen.since) / 60_000:.3g} minutes"
