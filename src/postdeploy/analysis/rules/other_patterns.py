"""Error lines that no signal explains, if they were not there before: a warning.

Where nearly every read of the inbox, or every Server Action, writes one, its status proves nothing: people may have seen an error.
Lines that only warn, or are of a service that only measures, leave no such doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from postdeploy.analysis import structured_lines
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.model import Severity

_LEAST, _MOST = 10, 0.9
"""Of so many that succeeded by their status, and so large a share."""


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """All of them in one finding."""
    found = evidence.counted(Signal.OTHER_ERROR)
    others = tuple(one for one in found if one.new is not False and not one.variant_of)
    if others:
        patterns = wording.count(len(others), "error pattern")
        requests = wording.count(len(evidence.tally.times(others)), "request")
        sentence = f"{patterns} that no signal explains, in {requests}: {wording.listed(one.shown for one in others)}"
        sentence += wording.newness(evidence, others)
        doubt = next(_doubts(evidence, others), "")
        yield LogFinding(LogSubject.PATTERNS, Severity.WARN, sentence, incidents=others, unproven=doubt)


def _doubts(evidence: LogEvidence, others: Sequence[Incident]) -> Iterator[str]:
    errors = [one for one in others if not structured_lines.only_warns(one.example, evidence.runbook.logs)]
    for part, what in ((Part.INBOX, "reads of the inbox"), (Part.ACTION, "Server Actions")):
        answers = evidence.tally.answers_of(part)
        wrote = len(evidence.tally.times(one for one in errors if one.part is part))
        is_most = answers.succeeded >= _LEAST and wrote >= _MOST * answers.succeeded
        if evidence.shows_totals and is_most and not answers.suite_succeeded:
            yield f"{wrote} of {answers.requests} {what} wrote an error line that no signal explains, whatever their status"
