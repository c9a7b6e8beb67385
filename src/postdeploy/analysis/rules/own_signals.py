"""The app's own signals: [[signal]] of runbook.toml, each with its own severity and recommendation."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.model import Cause, Recommendation, Severity


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """What the runbook says of each."""
    for own in evidence.runbook.signal:
        incidents = evidence.counted(own.name)
        count = len(evidence.tally.times(incidents))
        if not count:
            continue
        sentence = f"{own.says}: {wording.count(count, 'request')}"
        if own.severity == "fail" and count >= own.requests:
            yield LogFinding(
                LogSubject.OWN,
                Severity.FAIL,
                sentence + wording.newness(evidence, incidents),
                Cause.LOG_PATTERN,
                Recommendation(own.recommendation),
                incidents,
            )
        else:
            yield LogFinding(LogSubject.OWN, Severity.WARN, sentence, incidents=incidents)
