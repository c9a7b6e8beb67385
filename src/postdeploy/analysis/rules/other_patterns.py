"""Error lines that no signal explains, if they were not there before: a warning.

Where nearly every read of the inbox or Server Action, or nearly all of one route, writes an error line, its status proves nothing,
whichever signal explains the line: people may have seen an error. Lines that only warn, say that all went well, or are of a service that
only measures, leave no such doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from postdeploy.analysis import structured_lines
from postdeploy.analysis.answers import PartAnswers
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.model import Severity
from postdeploy.page.journal import path_template
from postdeploy.runbook.log_tables import Logs

_LEAST, _MOST = 10, 0.9
"""Of so many that succeeded by their status, and so large a share."""
_OF_EACH_ROUTE = frozenset({Signal.INBOX_ERROR, Signal.NOT_AUTHENTICATED, Signal.SESSION_REJECTED})


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """All that no signal explains in one finding; and one for each part of the inbox whose status proves nothing."""
    others = tuple(one for one in evidence.counted(Signal.OTHER_ERROR) if _may_be_new(one) and not one.variant_of)
    if others:
        patterns = wording.count(len(others), "error pattern")
        requests = wording.count(len(evidence.tally.times(others)), "request")
        sentence = f"{patterns} that no signal explains, in {requests}: {wording.listed(one.shown for one in others)}"
        yield LogFinding(
            LogSubject.PATTERNS, Severity.WARN, sentence + wording.newness(evidence, others), incidents=others
        )
    if evidence.shows_totals:
        yield from _doubted(evidence)


def _may_be_new(incident: Incident) -> bool:
    return incident.new is not False


def _only_warns(incident: Incident, logs: Logs) -> bool:
    """What the inbox says that it failed to do leaves a doubt, whatever explains it."""
    return incident.signal != Signal.INBOX_ERROR and structured_lines.only_warns(incident.example, logs)


def _doubted(evidence: LogEvidence) -> Iterator[LogFinding]:
    """Where our own browser succeeded with that part of the app, its checks prove it."""
    signals = {one.signal for one in evidence.tally.incidents}
    logs = evidence.runbook.logs
    wrote = [
        one for one in evidence.counted(*signals) if one.is_error and _may_be_new(one) and not _only_warns(one, logs)
    ]
    for part, what in ((Part.INBOX, "reads of the inbox"), (Part.ACTION, "Server Actions")):
        if evidence.tally.answers_of(part).suite_succeeded:
            continue
        lines = tuple(one for one in wrote if one.part is part)
        whole = [*_mostly(evidence, lines, evidence.tally.answers_of(part), what)]
        yield from whole or _of_routes(evidence, lines)


def _of_routes(evidence: LogEvidence, lines: Sequence[Incident]) -> Iterator[LogFinding]:
    """Reads of the inbox of one kind, or the actions of its page: others of the same part do not make its lines few.

    Of what the inbox itself says of them, `inbox_lines` judges each route.
    """
    actions = f"POST {path_template(evidence.runbook.app.inbox_path)}"
    lines = [one for one in lines if _OF_EACH_ROUTE.isdisjoint((one.signal, *one.means))]
    for route in dict.fromkeys(one.route for one in lines if one.part is Part.INBOX or one.route == actions):
        answers = evidence.tally.answers_on(route)
        theirs = tuple(one for one in lines if one.route == route)
        yield from _mostly(evidence, theirs, answers, f"requests to {answers.shown or route}")


def _mostly(
    evidence: LogEvidence, lines: tuple[Incident, ...], answers: PartAnswers, what: str
) -> Iterator[LogFinding]:
    if answers.succeeded < _LEAST or not lines:
        return
    members = np.unique(np.concatenate([one.members for one in lines]))
    count = int(np.count_nonzero(evidence.tally.served[members]))
    if count >= _MOST * answers.succeeded:
        sentence = f"{count} of {answers.requests} {what} wrote an error line, and were answered as if all were well"
        yield LogFinding(LogSubject.PATTERNS, Severity.WARN, sentence, incidents=lines, unproven=sentence)
