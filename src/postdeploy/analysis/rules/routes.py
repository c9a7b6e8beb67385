"""Routes that answer 5xx: the inbox's reads and pages by their share, other routes as a warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import causes, wording
from postdeploy.analysis.rules.amounts import reaches
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation, Severity

_TIMED_OUT = 504
_SILENT = {
    502: "502: the function died, or sent a malformed answer",
    503: "503: a feature flag that is off, or a wall in front of the app",
    _TIMED_OUT: "504: the function ran into its time limit",
}
"""What a status means where no row of the request has a message."""


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """What fails of the inbox's reads, of its pages, and of other routes."""
    tally = evidence.tally
    yield from _share(evidence, Signal.INBOX_ROUTE_ERROR, "inbox read request", tally.inbox, Cause.LIST_ROUTE)
    yield from _share(evidence, Signal.RENDER_ERROR, "page request", tally.pages, Cause.SERVER)
    others = evidence.counted(Signal.ROUTE_ERROR)
    if others:
        requests = wording.count(len(tally.times(others)), "request")
        names = wording.listed(dict.fromkeys(one.route for one in others))
        sentence = f"{requests} outside the inbox failed with 5xx: {names}" + wording.newness(evidence, others)
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=others)


def _share(evidence: LogEvidence, signal: Signal, what: str, total: int, code: Cause) -> Iterator[LogFinding]:
    """`code`: the cause where nothing else explains it."""
    incidents = evidence.counted(signal)
    if not incidents:
        return

    def too_many(some: Sequence[Incident]) -> bool:
        amount = evidence.amount(Signal.INBOX_ROUTE_ERROR)
        return reaches(evidence, amount, evidence.tally.times(some), total)

    failed = wording.count(len(evidence.tally.times(incidents)), what)
    sentence = f"{failed} of {total} failed with 5xx" + wording.newness(evidence, incidents)
    if too_many(incidents):
        cause, recommendation = causes.explained(evidence, incidents, too_many)
        if cause is Cause.SERVER_ACTIONS:
            cause = code
            if evidence.baseline is None and all(one.silent for one in incidents):
                recommendation = Recommendation.INVESTIGATE
                sentence += f"; no message says why{_by_status(incidents)}"
                cause = Cause.FUNCTION_DIED if _statuses(incidents) == {_TIMED_OUT} else cause
        yield LogFinding(LogSubject.ROUTES, Severity.FAIL, sentence, cause, recommendation, incidents)
    else:
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=incidents)


def _statuses(incidents: Sequence[Incident]) -> set[int]:
    return {status for one in incidents for status in one.statuses}


def _by_status(incidents: Sequence[Incident]) -> str:
    known = [_SILENT[status] for status in sorted(_statuses(incidents)) if status in _SILENT]
    return f" ({'; '.join(known)})" if known else ""
