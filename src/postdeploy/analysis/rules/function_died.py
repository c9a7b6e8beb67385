"""The function died without an answer: a time-out, no memory, a crash of the process."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import causes, wording
from postdeploy.analysis.rules.amounts import reaches
from postdeploy.analysis.rules.rule import INBOX_PARTS, LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """In the inbox by its share; on other routes a warning."""
    incidents = evidence.counted(Signal.FUNCTION_DIED)
    inbox = tuple(one for one in incidents if one.part in INBOX_PARTS)
    others = tuple(one for one in incidents if one not in inbox)
    times, total = evidence.tally.times(inbox), evidence.inbox_requests
    sentence = f"the function died in {wording.count(len(times), 'request')} of {total}"
    if reaches(evidence, evidence.amount(Signal.FUNCTION_DIED), times, total):
        yield LogFinding(
            LogSubject.ROUTES,
            Severity.FAIL,
            sentence + wording.newness(evidence, inbox),
            Cause.FUNCTION_DIED,
            causes.code_fault(evidence, inbox),
            inbox,
        )
    elif inbox:
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=inbox)
    if others:
        requests = wording.count(len(evidence.tally.times(others)), "request")
        names = wording.listed(dict.fromkeys(one.route for one in others))
        sentence = f"the function died in {requests} outside the inbox: {names}"
        yield LogFinding(LogSubject.ROUTES, Severity.WARN, sentence, incidents=others)
