"""Is it enough to fail the deployment? Amounts are counted in requests, each once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Numbers
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.runbook.log_tables import Amount

_LEAST_FAILED = 3
"""Requests of a part that failed, from which on it is not one person's bad luck."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Misconfiguration:
    """A signal that fails the deployment by its amount alone, because something is configured wrongly."""

    signal: Signal
    subject: LogSubject
    sentence: str


def by_amount(evidence: LogEvidence, fault: Misconfiguration) -> Iterator[LogFinding]:
    """A failure from the signal's amount on, a warning below it."""
    incidents = evidence.counted(fault.signal)
    if not incidents:
        return
    times = evidence.tally.times(incidents)
    sentence = f"{fault.sentence}: {wording.count(len(times), 'request')}"
    if reaches(evidence, evidence.amount(fault.signal), times, evidence.tally.requests):
        yield LogFinding(
            fault.subject,
            Severity.FAIL,
            sentence + wording.newness(evidence, incidents),
            Cause.ENVIRONMENT,
            Recommendation.FIX_ENVIRONMENT,
            incidents,
        )
    else:
        yield LogFinding(fault.subject, Severity.WARN, sentence, incidents=incidents)


def reaches(evidence: LogEvidence, amount: Amount, times: Numbers, total: int) -> bool:
    """Whether requests at these times, of so many in total, are enough."""
    count = len(times)
    if not count:
        return False
    by_count = amount.requests > 0 and count >= amount.requests and spread(times) >= amount.span
    by_share = amount.share > 0 and total >= max(amount.of, 1) and count / total >= amount.share
    return by_count or (evidence.shows_totals and by_share and spread(times) >= evidence.least_span)


def is_half(evidence: LogEvidence, times: Numbers, total: int) -> bool:
    """Where there is little traffic, half of it is much."""
    return (
        evidence.shows_totals and len(times) >= 2 and len(times) * 2 >= total and spread(times) >= evidence.least_span
    )


def unproven(evidence: LogEvidence, part: Part, failed: int, total: int) -> bool:
    """Whether too few requests of a part came to fail the deployment for, and most of them failed: neither red nor green.

    Where our own browser was served by that part, its checks prove it.
    """
    is_most = failed >= _LEAST_FAILED and failed * 2 >= total
    return evidence.shows_totals and is_most and not evidence.tally.answers_of(part).suite_succeeded


def spread(times: Numbers) -> float:
    """Seconds from the first to the last."""
    return (int(times[-1]) - int(times[0])) / 1000
