"""What the server wrote about requests of our own that failed a check: where it names the reason, one such line is enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation, Severity


class _Reason(NamedTuple):
    signals: tuple[Signal, ...]
    subject: LogSubject
    sentence: str
    cause: Cause
    recommendation: Recommendation


_REASONS = (
    _Reason(
        (Signal.DATABASE_UNREACHABLE, Signal.DATABASE_SLOW),
        LogSubject.DATABASE,
        "the app could not use its database",
        Cause.DATABASE,
        Recommendation.HOLD,
    ),
    _Reason(
        (Signal.DATABASE_MISCONFIGURED, Signal.ORIGIN_REJECTED),
        LogSubject.CONFIGURATION,
        "an environment variable is missing, malformed or refused",
        Cause.ENVIRONMENT,
        Recommendation.FIX_ENVIRONMENT,
    ),
    _Reason(
        (Signal.SCHEMA_DRIFT,),
        LogSubject.SCHEMA,
        "the database lacks a table or column that the inbox asks for",
        Cause.SCHEMA,
        Recommendation.FIX_FORWARD,
    ),
)
"""In the order of asking: an outage first, which a rollback never repairs."""


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """The first reason that is named. A database that our browser has read since is not out any more."""
    failed = evidence.failed_requests
    is_back = bool((evidence.browser_reads > failed.last).any())
    for reason in _REASONS:
        named = failed.signals & set(reason.signals)
        if not named or (is_back and reason.cause is Cause.DATABASE):
            continue
        incidents = tuple(one for one in evidence.tally.of(*sorted(named)) if one.suite_requests)
        requests = wording.count(failed.count, "request")
        sentence = f"{reason.sentence}: logged for {requests} of this run's own, which failed a check"
        yield LogFinding(
            reason.subject, Severity.FAIL, sentence, reason.cause, reason.recommendation, incidents=incidents
        )
        return
