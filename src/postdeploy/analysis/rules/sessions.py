"""Sessions: rejected, or refused as “Not authenticated”. A slow auth service explains refusals near it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from postdeploy.analysis import rates
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Flags, Incident, Numbers
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Cause, Recommendation, Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """Above the baseline's rate it fails the deployment; with nothing to compare with it is a warning."""
    tally = evidence.tally
    rejected = evidence.counted(Signal.SESSION_REJECTED)
    if rejected:
        count = len(tally.times(rejected))
        finding = LogFinding(LogSubject.SESSIONS, Severity.WARN, "sessions were rejected", incidents=rejected)
        yield _compared(evidence, finding, Signal.SESSION_REJECTED, count)
    slow, refused = evidence.counted(Signal.AUTH_SLOW), evidence.counted(Signal.NOT_AUTHENTICATED)
    times = tally.times(refused)
    explained = _near(times, tally.times(tally.of(Signal.AUTH_SLOW)), evidence.runbook.logs.neighbour * 1000)
    if slow:
        yield _slow(evidence, slow, refused if explained.any() else (), int(explained.sum()))
    unexplained = int(np.count_nonzero(~explained))
    if unexplained:
        sentence = "“Not authenticated” without a slow auth service near it"
        finding = LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=refused)
        yield _compared(evidence, finding, Signal.NOT_AUTHENTICATED, unexplained)


_CAUSES = {Signal.SESSION_REJECTED: Cause.SESSION_REJECTED, Signal.NOT_AUTHENTICATED: Cause.AUTH_REGRESSION}


def _slow(evidence: LogEvidence, slow: tuple[Incident, ...], refused: tuple[Incident, ...], near: int) -> LogFinding:
    requests = wording.count(len(evidence.tally.times(slow)), "request")
    sentence = f"the auth service was slow for {requests}"
    if near:
        sentence += f"; {near} × “Not authenticated” near it: latency, not an auth regression"
    return LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=(*slow, *refused))


def _compared(evidence: LogEvidence, finding: LogFinding, signal: Signal, count: int) -> LogFinding:
    """The finding with its count, and a failure if the rate of the signal is above the baseline's."""
    sentence = f"{finding.sentence}: {wording.count(count, 'request')}"
    baseline = evidence.baseline
    if baseline is None:
        sentence += " (nothing to compare with)"
        return LogFinding(finding.subject, Severity.WARN, sentence, incidents=finding.incidents)
    p = baseline.p_value(signal, count, evidence.tally, evidence.shows)
    sentence += f"; {baseline.counts.get(signal, 0)} before ({baseline.name}), p = {p:.2g}"
    if p > rates.LEVEL:
        return LogFinding(finding.subject, Severity.WARN, sentence, incidents=finding.incidents)
    return LogFinding(
        finding.subject, Severity.FAIL, sentence, _CAUSES[signal], Recommendation.ROLL_BACK, finding.incidents
    )


def _near(times: Numbers, others: Numbers, within: float) -> Flags:
    """For each time, whether one of the others is within so many milliseconds."""
    if not len(others):
        return np.zeros(len(times), bool)
    at = np.searchsorted(others, times)
    before, after = others[np.maximum(at - 1, 0)], others[np.minimum(at, len(others) - 1)]
    near: Flags = np.minimum(np.abs(times - before), np.abs(after - times)) <= within
    return near
