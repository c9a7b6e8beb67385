"""The function died without an answer: a time-out, no memory, a crash of the process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import causes, wording
from postdeploy.analysis.rules.amounts import reaches
from postdeploy.analysis.rules.rule import INBOX_PARTS, LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """In the inbox by its share, by what it waited for or by the code; on other routes a warning."""
    incidents = evidence.counted(Signal.FUNCTION_DIED)
    inbox = tuple(one for one in incidents if one.part in INBOX_PARTS)
    others = tuple(one for one in incidents if one not in inbox)
    total = evidence.inbox_requests
    sentence = f"the function died in {wording.count(len(evidence.tally.times(inbox)), 'request')} of {total}"

    def too_many(some: Sequence[Incident]) -> bool:
        return reaches(evidence, evidence.amount(Signal.FUNCTION_DIED), evidence.tally.times(some), total)

    if too_many(inbox):
        found = causes.explained(evidence, inbox, too_many)
        cause = Cause.FUNCTION_DIED if found.cause is Cause.SERVER_ACTIONS else found.cause
        yield found.finding(LogSubject.ROUTES, sentence + wording.newness(evidence, inbox), inbox, cause)
    elif inbox:
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=inbox)
    if others:
        requests = wording.count(len(evidence.tally.times(others)), "request")
        names = wording.listed(dict.fromkeys(one.place for one in others))
        sentence = f"the function died in {requests} outside the inbox: {names}"
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=others)
