"""The database was unreachable (refused or lost connections, an exhausted pool: P1001, P2024 and the like), or slow.

Which lines say so is data: the signals `database_unreachable` and `database_slow` of the runbook. From which amount on it
fails the deployment, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.amounts import is_half, reaches, spread
from postdeploy.analysis.rules.rule import INBOX_PARTS, LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation, Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """An outage is held, never rolled back; `outages` says whether it is over. A slow database is a warning, and explains failures."""
    yield from _slow(evidence)
    incidents = evidence.counted(Signal.DATABASE_UNREACHABLE)
    if not incidents:
        return
    tally, amount = evidence.tally, evidence.amount(Signal.DATABASE_UNREACHABLE)
    times = tally.times(incidents)
    lasted = spread(times)
    in_the_inbox = [one for one in incidents if one.part in INBOX_PARTS]
    too_many = (
        reaches(evidence, amount, times, tally.requests)
        or reaches(evidence, amount, tally.times(in_the_inbox), evidence.inbox_requests)
        or is_half(evidence, tally.times(in_the_inbox), evidence.inbox_requests)
    )
    sentence = f"the database was unreachable for {wording.count(len(times), 'request')} of {tally.requests}"
    if too_many:
        sentence += wording.over(lasted) + wording.newness(evidence, incidents)
        yield LogFinding(LogSubject.DATABASE, Severity.FAIL, sentence, Cause.DATABASE, Recommendation.HOLD, incidents)
    else:
        yield LogFinding(LogSubject.DATABASE, Severity.WARN, sentence + wording.over(lasted), incidents=incidents)


def _slow(evidence: LogEvidence) -> Iterator[LogFinding]:
    incidents = evidence.counted(Signal.DATABASE_SLOW)
    if incidents:
        requests = wording.count(len(evidence.tally.times(incidents)), "request")
        sentence = (
            f"the database was slow for {requests} of {evidence.tally.requests}: statements or transactions timed out"
        )
        yield LogFinding(LogSubject.DATABASE, Severity.WARN, sentence, incidents=incidents)
