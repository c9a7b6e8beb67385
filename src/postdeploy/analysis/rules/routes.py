"""Routes that answer 5xx: the inbox's reads and pages by their share, other routes as a warning."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
        names = wording.listed(dict.fromkeys(one.route for one in others))
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
        return amounts.reaches(evidence, amount, evidence.tally.times(some), total)

    count = len(evidence.tally.times(incidents))
    failing = f"{wording.count(count, what)} of {total} failed with 5xx"
    sentence = failing + wording.newness(evidence, incidents)
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
        few = amounts.unproven(evidence, part, count, total) and (
            part is Part.INBOX or _is_inbox_page(evidence, incidents)
        )
        yield LogFinding(
            LogSubject.ROUTES, Severity.WARN, sentence, incidents=incidents, unproven=failing if few else ""
        )


def _is_inbox_page(evidence: LogEvidence, incidents: Sequence[Incident]) -> bool:
    """Whether the inbox's own page is among those that fail, and few if any of its requests succeeded."""
    route = f"GET {path_template(evidence.runbook.app.inbox_path)}"
    answers = evidence.tally.by_route.get(route)
    return (
        answers is not None
        and answers.succeeded * 2 <= answers.requests
        and any(one.route == route for one in incidents)
    )


def _died(incident: Incident) -> bool:
    return Signal.FUNCTION_DIED in incident.means or set(incident.statuses) == {DIED}
