"""Parts of the app, and routes of the inbox, of which no request succeeded, or most got no answer, though nothing failed with 5xx.

A login that refuses everybody, a route that is gone, a redirect in a circle, an answer that never comes: no status of these is a 5xx.
Nothing is proven about them.
"""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.analysis.answers import ASKS_NOTHING, FAILED, PartAnswers
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.logs.protocol import Shows
from postdeploy.model import Severity
from postdeploy.page.journal import path_template

LEAST = 10
"""Requests of a part from which on it is not chance that none succeeded."""
_MOST_STATUSES = 4
_WHAT = {Part.ACTION: "Server Action request", Part.PAGE: "page request", Part.INBOX: "inbox read request"}


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """A warning for each. Where our own browser did not succeed with it either, the log proves nothing."""
    if not evidence.shows_totals:
        return
    yield from _of_parts(evidence)
    yield from _of_routes(evidence)


def _of_parts(evidence: LogEvidence) -> Iterator[LogFinding]:
    for part, what in _WHAT.items():
        answers = evidence.tally.answers_of(part)
        left = _left(evidence, part)
        asked = answers.asked + left
        if asked < LEAST:
            continue
        if not answers.succeeded:
            sentence = f"none of {wording.count(asked, what)} succeeded ({_statuses(answers)})"
        elif (lost := _unanswered(evidence, answers) + left) * 2 >= asked:
            sentence = f"{lost} of {wording.count(asked, what)} got no answer ({_statuses(answers)})"
        else:
            continue
        yield _finding(sentence, answers)


def _of_routes(evidence: LogEvidence) -> Iterator[LogFinding]:
    """Reads of the inbox of one kind, its page or the actions of it: others of the same part do not prove that they are well."""
    tally, inbox = evidence.tally, path_template(evidence.runbook.app.inbox_path)
    for route, answers in sorted(tally.by_route.items()):
        is_read = answers.part is Part.INBOX and not route.startswith(ASKS_NOTHING)
        is_silent = answers.asked >= LEAST and not answers.succeeded
        part = tally.answers_of(answers.part)
        is_page = route == f"GET {inbox}" and not part.suite_succeeded  # who is not signed in is led away from it
        if is_silent and (is_read or is_page or route == f"POST {inbox}") and part.succeeded:
            requests = wording.count(answers.asked, "request")
            yield _finding(f"none of {requests} to {route} succeeded ({_statuses(answers)})", answers, part)


def _finding(sentence: str, answers: PartAnswers, part: PartAnswers | None = None) -> LogFinding:
    """Where our own browser uses this part of the app, its checks prove it: a route of the part may refuse all by design."""
    ours = ""
    if answers.suite_succeeded:
        ours = "; our own browser's did"
    elif part and part.suite_succeeded:
        ours = "; what our own browser asked for did"
    return LogFinding(LogSubject.ROUTES, Severity.WARN, sentence + ours, unproven="" if ours else sentence)


def _left(evidence: LogEvidence, part: Part) -> int:
    """Requests that count as failed only because their client left: they got no answer either."""
    left = (one for one in evidence.counted(Signal.CLIENT_LEFT) if one.part is part)
    return len(evidence.tally.times(one for one in left if max(one.statuses, default=0) >= FAILED))


def _unanswered(evidence: LogEvidence, answers: PartAnswers) -> int:
    """A live stream shows some rows before their answer."""
    return answers.unanswered - (answers.unfinished if Shows.LIVE in evidence.shows else 0)


def _statuses(answers: PartAnswers) -> str:
    most = sorted(answers.statuses.items(), key=lambda pair: -pair[1])[:_MOST_STATUSES]
    return ", ".join(f"{count} × {status or 'no status'}" for status, count in most)
