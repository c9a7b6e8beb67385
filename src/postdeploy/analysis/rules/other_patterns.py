"""Error lines that no signal explains, if they were not there before: a warning."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """All of them in one finding."""
    found = evidence.counted(Signal.OTHER_ERROR)
    others = tuple(one for one in found if one.new is not False and not one.variant_of)
    if others:
        patterns = wording.count(len(others), "error pattern")
        requests = wording.count(len(evidence.tally.times(others)), "request")
        sentence = f"{patterns} that no signal explains, in {requests}: {wording.listed(one.shown for one in others)}"
        sentence += wording.newness(evidence, others)
        yield LogFinding(LogSubject.PATTERNS, Severity.WARN, sentence, incidents=others)
