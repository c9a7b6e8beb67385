"""What the inbox itself calls a failure, in requests that it answers without a 5xx: people see its error, and no status shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from postdeploy.analysis import rates
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import amounts, causes, wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.rules.sessions import near
from postdeploy.analysis.signals import Part, Signal
from postdeploy.model import Cause, Recommendation, Severity

_MOSTLY = 0.5
_CAUSES = {Part.INBOX: Cause.LIST_ROUTE, Part.PAGE: Cause.SERVER}
"""Of what nothing else explains."""
_FAILED = 500
_REFUSALS = frozenset({Signal.NOT_AUTHENTICATED, Signal.SESSION_REJECTED})
"""Whether more people are refused than before is judged by `sessions`."""


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """For each route of the inbox: a failure where many of its requests say so, a warning below that."""
    for route, incidents in _by_route(one for one in evidence.counted(Signal.INBOX_ERROR) if not _is_refusal(one)):
        yield from _of_route(evidence, route, incidents)
    for route, incidents in _by_route(one for one in evidence.counted(*_REFUSALS) if _is_answered(one)):
        yield from _refused(evidence, route, incidents)


def _by_route(incidents: Iterable[Incident]) -> Iterator[tuple[str, tuple[Incident, ...]]]:
    found: dict[str, list[Incident]] = {}
    for one in incidents:
        found.setdefault(one.route, []).append(one)
    yield from ((route, tuple(those)) for route, those in found.items())


def _is_refusal(one: Incident) -> bool:
    return not _REFUSALS.isdisjoint(one.means)


def _is_answered(one: Incident) -> bool:
    """Whether the inbox answered it without a 5xx, which other rules judge."""
    return one.part in (Part.INBOX, Part.ACTION) and max(one.statuses, default=0) < _FAILED


def _of_route(evidence: LogEvidence, route: str, incidents: tuple[Incident, ...]) -> Iterator[LogFinding]:
    def too_many(some: Sequence[Incident]) -> bool:
        total = evidence.tally.requests_to(route)
        return amounts.reaches(evidence, evidence.amount(Signal.INBOX_ERROR), evidence.tally.times(some), total)

    sentence = _sentence(evidence, route, incidents)
    if not too_many(incidents):
        failed, total = len(evidence.tally.times(incidents)), evidence.tally.requests_to(route)
        unproven = sentence if amounts.unproven(evidence, incidents[0].part, failed, total) else ""
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=incidents, unproven=unproven)
        return
    found = causes.explained(evidence, incidents, too_many)
    cause = found.cause
    if cause is Cause.SERVER_ACTIONS:
        cause = _CAUSES.get(incidents[0].part, cause)
    yield found.finding(LogSubject.ROUTES, sentence, incidents, cause)


def _refused(evidence: LogEvidence, route: str, incidents: tuple[Incident, ...]) -> Iterator[LogFinding]:
    """An inbox that refuses many: by a slow auth service it is down; else it may be people without a session, and nothing is proven."""
    refused, total = evidence.tally.times(incidents), evidence.tally.requests_to(route)
    if not amounts.reaches(evidence, evidence.amount(Signal.INBOX_ERROR), refused, total):
        return
    sentence = (
        f"{len(refused)} of {wording.count(total, 'request')} to {incidents[0].place} were refused as not authenticated"
    )
    slow = np.sort(evidence.tally.at[evidence.tally.slow_sign_ins])
    if near(refused, slow, evidence.runbook.logs.neighbour * 1000).mean() >= _MOSTLY:
        sentence += ": the auth service was slow"
        yield LogFinding(LogSubject.ROUTES, Severity.FAIL, sentence, Cause.AUTH_SERVICE, Recommendation.HOLD, incidents)
        return
    is_usual = len(refused) < _MOSTLY * total and _as_before(evidence, len(refused))
    is_proven = is_usual or evidence.tally.answers_of(incidents[0].part).suite_succeeded
    unproven = "" if is_proven else sentence
    yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=incidents, unproven=unproven)


def _as_before(evidence: LogEvidence, refused: int) -> bool:
    """Whether the deployment before refused at least half as many, and by its rate no fewer: then these are people without a session."""
    baseline, tally = evidence.baseline, evidence.tally
    if baseline is None or 2 * sum(baseline.counts.get(signal, 0) for signal in _REFUSALS) < refused:
        return False
    return all(
        baseline.p_value(signal, len(tally.times(evidence.counted(signal))), tally, evidence.shows) > rates.LEVEL
        for signal in _REFUSALS
    )


def _sentence(evidence: LogEvidence, route: str, incidents: Sequence[Incident]) -> str:
    failed, total = len(evidence.tally.times(incidents)), evidence.tally.requests_to(route)
    where = f"in {failed} of {wording.count(total, 'request')} to {incidents[0].place}"
    return (
        f"the inbox wrote that it failed {where}, which it answered without a 5xx{wording.newness(evidence, incidents)}"
    )
