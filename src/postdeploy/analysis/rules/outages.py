"""Is an outage over? "Is out" and "was out, is well now" are different answers, and the second one needs proof.

The proof are requests that need what was out, and succeeded after the last one that failed: so many that they can't be chance, for an
outage that hits every fifth request lets four of five pass. Our own browser's count, too; where the source shows no statuses, its reads are
the only proof. And one that came back before may come back again: it is over once all has been well for twice as long as in any of its
pauses.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from postdeploy.analysis import rates
from postdeploy.analysis.findings import LogFinding
from postdeploy.analysis.incidents import Numbers
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.logs.protocol import Shows
from postdeploy.model import Cause, Recommendation, Severity
from postdeploy.system import times

LEAST = 3
"""Requests that must have succeeded since, at least; and so many in a pause of the outage, for it to be one."""
_LONGER = 2
"""So many times as long as its longest pause an outage must be gone."""


def settled(found: LogFinding, evidence: LogEvidence) -> LogFinding:
    """The finding; where it fails the deployment for an outage of the database that is proven to be over, as a warning.

    With less than the proof it is neither: then `unproven` says what is missing.
    """
    outage = evidence.counted(Signal.DATABASE_UNREACHABLE)
    if (found.severity, found.cause, found.recommendation) != (Severity.FAIL, Cause.DATABASE, Recommendation.HOLD):
        return found
    failed = evidence.tally.times(outage)
    if not len(failed) or evidence.filtered:
        return found
    by_log = Shows.STATUS in evidence.shows
    well = evidence.tally.successes(outage) if by_log else evidence.browser_reads
    since, during = well[well > failed[-1]], int(np.count_nonzero((well >= failed[0]) & (well <= failed[-1])))
    by_chance = (during / (during + len(failed))) ** len(since)
    if not len(since) or by_chance > rates.LEVEL:
        return found
    pause, gone = _longest_pause(failed, well), int(since[-1] - failed[-1])
    if gone < _LONGER * pause:
        again = f"; it came back after {times.span(pause / 1000)}, and has been gone for {times.span(gone / 1000)} now"
        return replace(found, sentence=found.sentence + again)
    lasted = f"from {times.time_of_day(int(failed[0]))} to {times.time_of_day(int(failed[-1]))} UTC"
    proof = f"{wording.count(len(since), 'request')} of what uses it succeeded since"
    if not by_log:
        proof = f"{wording.count(len(since), 'read')} of our own browser succeeded since (the source shows no statuses)"
    sentence = f"{found.sentence}; the database was out {lasted} ({wording.count(len(failed), 'request')}), {proof}"
    missing = f"it is not proven that the database is back: only {proof}, of at least {LEAST}. Re-run"
    unproven = missing if len(since) < LEAST else ""
    return replace(found, severity=Severity.WARN, recommendation=None, sentence=sentence, unproven=unproven)


def _longest_pause(failed: Numbers, well: Numbers) -> int:
    """Milliseconds between two requests that failed, with so many between them that succeeded that it seemed to be over; 0: never."""
    succeeded = np.diff(np.searchsorted(well, failed))
    pauses = np.diff(failed)[succeeded >= LEAST]
    return int(pauses.max()) if len(pauses) else 0
