"""Known noise: [[known]] of runbook.toml. Within its limit it counts nowhere and is noted; above it all of it counts."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.model import Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """One for each entry that matches anything."""
    tolerated = evidence.tolerated_noise
    for number, known in enumerate(evidence.runbook.known):
        incidents = evidence.noise(number)
        count = len(evidence.tally.times(incidents))
        if not count:
            continue
        sentence = (
            f"known noise, {wording.count(count, 'request')}: {known.pattern}"
            f" ({known.reason}; {known.owner}, until {known.until})"
        )
        if number in tolerated:
            yield LogFinding(LogSubject.PATTERNS, Severity.NOTE, sentence, incidents=incidents)
        else:
            sentence = f"more than the {known.at_most} that are known, so all of them count: {sentence}"
            yield LogFinding(LogSubject.PATTERNS, Severity.WARN, sentence, incidents=incidents)
