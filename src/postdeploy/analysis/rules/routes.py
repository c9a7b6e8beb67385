"""Routes that answer 5xx: the inbox's reads and pages by their share, other routes as a warning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from postdeploy.analysis import silence
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import amounts, causes, wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import DIED, Part, Signal
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.page.journal import path_template


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """What fails of the inbox's reads, of its pages, and of other routes."""
    tally = evidence.tally
    yield from _share(evidence, Part.INBOX, "inbox read request", tally.inbox, Cause.LIST_ROUTE)
    yield from _share(evidence, Part.PAGE, "page request", tally.pages, Cause.SERVER)
    others = evidence.counted(Signal.ROUTE_ERROR)
    if others:
        requests = wording.count(len(tally.times(others)), "request")
        names = wording.listed(dict.fromkeys(one.place for one in others))
        sentence = (
            f"{requests} outside the inbox failed with 5xx: {names}"
            + wording.newness(evidence, others)
            + silence.said(others)
        )
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=others)


_FAILS: dict[Part, Signal] = {Part.INBOX: Signal.INBOX_ROUTE_ERROR, Part.PAGE: Signal.RENDER_ERROR}


def _share(evidence: LogEvidence, part: Part, what: str, total: int, code: Cause) -> Iterator[LogFinding]:
    """`code`: the cause where nothing else explains it."""
    incidents = evidence.counted(_FAILS[part])
    if not incidents:
        return

    def too_many(some: Sequence[Incident]) -> bool:
        amount = evidence.amount(Signal.INBOX_ROUTE_ERROR)
        in_all = amounts.reaches(evidence, amount, evidence.tally.times(some), total)
        return in_all or any(_too_many_of_one(evidence, each) for each in _by_route(evidence, part, some))

    failed = wording.count(len(evidence.tally.times(incidents)), what)
    sentence = f"{failed} of {total} failed with 5xx"
    for there in _by_route(evidence, part, incidents):
        if _too_many_of_one(evidence, there):
            of = evidence.tally.answers_on(there[0].route).admitted
            sentence += f", {len(evidence.tally.times(there))} of {of} to {there[0].place}"
    sentence += wording.newness(evidence, incidents)
    if too_many(incidents):
        found = causes.explained(evidence, incidents, too_many)
        cause, recommendation = found.cause, found.recommendation
        if cause is Cause.SERVER_ACTIONS:
            cause = Cause.FUNCTION_DIED if all(map(_died, incidents)) else code
            if evidence.baseline is None and all(one.silent for one in incidents):
                recommendation = Recommendation.INVESTIGATE
                sentence += silence.said(incidents)
                cause = Cause.FUNCTION_DIED if silence.died(incidents) else cause
        yield replace(found, recommendation=recommendation).finding(LogSubject.ROUTES, sentence, incidents, cause)
    else:
        doubt = _doubt(evidence, part, incidents)
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=incidents, unproven=doubt)


def _by_route(evidence: LogEvidence, part: Part, incidents: Iterable[Incident]) -> list[list[Incident]]:
    """The incidents of each route of the inbox: of its reads, and of its page."""
    page = f"GET {path_template(evidence.runbook.app.inbox_path)}"
    found: dict[str, list[Incident]] = {}
    for one in incidents:
        if part is Part.INBOX or one.route == page:
            found.setdefault(one.route, []).append(one)
    return list(found.values())


def _too_many_of_one(evidence: LogEvidence, incidents: Sequence[Incident]) -> bool:
    """Whether many of a route's requests fail, however many others there are: counts answers while the list fails.

    One route has few requests, so the least numbers are those of one widespread error.
    """
    limit, times = evidence.runbook.threshold, evidence.tally.times(incidents)
    total = evidence.tally.answers_on(incidents[0].route).admitted
    if len(times) < limit.widespread_requests or amounts.spread(times) < limit.widespread_span:
        return False
    return amounts.reaches(evidence, evidence.amount(Signal.INBOX_ROUTE_ERROR), times, total)


def _doubt(evidence: LogEvidence, part: Part, incidents: Sequence[Incident]) -> str:
    """Why this part of the inbox is not proven, or one of its routes; of the pages its own one counts. Empty: it is."""
    asked: list[tuple[str, int, Sequence[Incident]]] = []
    if part is Part.INBOX:
        asked.append(("reads of the inbox", evidence.tally.inbox, incidents))
    by_route = _by_route(evidence, part, incidents)
    asked += ((each[0].place, evidence.tally.answers_on(each[0].route).admitted, each) for each in by_route)
    for what, total, some in asked:
        failed = len(evidence.tally.times(some))
        if amounts.unproven(evidence, part, failed, total):
            return f"{failed} of {total} requests ({what}) failed with 5xx"
    return ""


def _died(incident: Incident) -> bool:
    return Signal.FUNCTION_DIED in incident.means or set(incident.statuses) == {DIED}
