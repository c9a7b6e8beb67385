"""The database lacks a table or column that the code asks for: the signal `schema_drift` of the runbook."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.amounts import reaches
from postdeploy.analysis.rules.rule import INBOX_PARTS, LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation, Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """In the inbox it fails the deployment by its amount; below it, and on other routes, it is a warning."""
    incidents = evidence.counted(Signal.SCHEMA_DRIFT)
    inbox = tuple(one for one in incidents if one.part in INBOX_PARTS)
    others = tuple(one for one in incidents if one not in inbox)
    times = evidence.tally.times(inbox)
    sentence = f"the database lacks a table or column that the inbox asks for: {wording.count(len(times), 'request')}"
    if reaches(evidence, evidence.amount(Signal.SCHEMA_DRIFT), times, evidence.inbox_requests):
        yield LogFinding(
            LogSubject.SCHEMA,
            Severity.FAIL,
            sentence + wording.newness(evidence, inbox),
            Cause.SCHEMA,
            Recommendation.FIX_FORWARD,
            inbox,
        )
    elif inbox:
        yield LogFinding(LogSubject.SCHEMA, Severity.WARN, sentence, incidents=inbox)
    if others:
        requests = wording.count(len(evidence.tally.times(others)), "request")
        sentence = f"the database lacks a table or column, outside the inbox: {requests}"
        yield LogFinding(LogSubject.SCHEMA, Severity.WARN, sentence, incidents=others)
