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
        yield _compared(evidence, "sessions were rejected", rejected, Signal.SESSION_REJECTED, count)
    slow, refused = evidence.counted(Signal.AUTH_SLOW), evidence.counted(Signal.NOT_AUTHENTICATED)
    within, times = evidence.runbook.logs.neighbour * 1000, tally.times(refused)
    explained = near(times, np.sort(tally.at[tally.slow_sign_ins]), within)
    if len(tally.slow_sign_ins):
        yield _slow(evidence, slow, refused if explained.any() else (), int(explained.sum()))
    unexplained = int(np.count_nonzero(~explained))
    undecided = min(unexplained, _pairs(times[~explained], tally.times(tally.of(Signal.UNNAMED_ABORT)), within))
    if undecided:
        sentence = (
            f"{undecided} × “Not authenticated” near a call that was aborted, of a service that the log does not name:"
            " latency or an auth regression, which is not decided"
        )
        yield LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=refused)
    unexplained -= undecided
    if unexplained:
        sentence = "“Not authenticated” without a slow auth service near it"
        yield _compared(evidence, sentence, refused, Signal.NOT_AUTHENTICATED, unexplained)


_CAUSES = {Signal.SESSION_REJECTED: Cause.SESSION_REJECTED, Signal.NOT_AUTHENTICATED: Cause.AUTH_REGRESSION}


def _slow(evidence: LogEvidence, slow: tuple[Incident, ...], refused: tuple[Incident, ...], near: int) -> LogFinding:
    requests = wording.count(len(evidence.tally.slow_sign_ins), "request")
    sentence = f"the auth service was slow for {requests}"
    if near:
        sentence += f"; {near} × “Not authenticated” near it: latency, not an auth regression"
    return LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=(*slow, *refused))


def _compared(
    evidence: LogEvidence, sentence: str, incidents: tuple[Incident, ...], signal: Signal, count: int
) -> LogFinding:
    """A warning with its count, and a failure if the rate of the signal is above the baseline's."""
    sentence += f": {wording.count(count, 'request')}"
    baseline = evidence.baseline
    if baseline is None:
        sentence += " (nothing to compare with)"
        return LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=incidents)
    p = baseline.p_value(signal, count, evidence.tally, evidence.shows)
    sentence += f"; {baseline.counts.get(signal, 0)} before ({baseline.name}), p = {p:.2g}"
    if p > rates.LEVEL:
        return LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=incidents)
    return LogFinding(
        LogSubject.SESSIONS, Severity.FAIL, sentence, _CAUSES[signal], Recommendation.ROLL_BACK, incidents
    )


def _pairs(times: Numbers, others: Numbers, within: float) -> int:
    """How many of these times have one of the others near them, each for one alone: one abort excuses one refusal."""
    count = at = 0
    for time in times.tolist():
        while at < len(others) and others[at] < time - within:
            at += 1
        if at < len(others) and others[at] <= time + within:
            count, at = count + 1, at + 1
    return count


def near(times: Numbers, others: Numbers, within: float) -> Flags:
    """For each time, whether one of the others is within so many milliseconds."""
    if not len(others):
        return np.zeros(len(times), bool)
    at = np.searchsorted(others, times)
    before, after = others[np.maximum(at - 1, 0)], others[np.minimum(at, len(others) - 1)]
    near: Flags = np.minimum(np.abs(times - before), np.abs(after - times)) <= within
    return near
