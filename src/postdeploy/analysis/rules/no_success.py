"""Parts of the app, and routes of the inbox, that served few or none of the requests: most were refused, led away, or got no answer.

A login that refuses everybody, a route that is gone, a redirect in a circle, an answer that never comes: no status of these is a 5xx.
Nothing is proven about them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from postdeploy.analysis.answers import ASKS_NOTHING, FAILED, PartAnswers
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.rules import wording
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Part, Signal
from postdeploy.logs.protocol import Shows
from postdeploy.model import Severity
from postdeploy.page.journal import path_template

LEAST = 10
"""Requests of a part from which on it is not chance that so few succeeded."""
_LEAST_SIGNED_IN = 0.1
"""At least this share of a part's requests succeeds where people use it: tabs whose session is over go on asking, and get 401."""
_SIGNED_OUT = 401
_MOST_STATUSES = 4
_OF_THE_BUILD = "GET /_next/static/"
_WHAT = {Part.ACTION: "Server Action request", Part.PAGE: "page request", Part.INBOX: "inbox read request"}


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """A warning for each. Where our own browser did not succeed with it either, the log proves nothing."""
    if not evidence.shows_totals:
        return
    yield from _of_parts(evidence)
    yield from _of_routes(evidence)
    yield from _of_files(evidence)


def _of_parts(evidence: LogEvidence) -> Iterator[LogFinding]:
    for part, what in _WHAT.items():
        answers = evidence.tally.answers_of(part)
        left = _excused(evidence, part)
        asked = answers.asked + left
        if asked < LEAST:
            continue
        lost = _unanswered(evidence, answers) + left
        if not answers.succeeded:
            sentence = f"none of {wording.count(asked, what)} succeeded ({_statuses(answers)})"
        elif lost * 2 >= asked:
            sentence = f"{lost} of {wording.count(asked, what)} got no answer ({_statuses(answers)})"
        elif _serves_few(
            answers, asked - _on_its_way(evidence, answers) - _of_bots(evidence, part), _of_old_tabs(evidence, part)
        ):
            sentence = f"only {answers.succeeded} of {wording.count(asked, what)} succeeded ({_statuses(answers)})"
        else:
            continue
        yield _finding(sentence, answers)


def _of_routes(evidence: LogEvidence) -> Iterator[LogFinding]:
    """Reads of the inbox of one kind, its page or the actions of it: others of the same part do not prove that they are well."""
    tally, inbox = evidence.tally, path_template(evidence.runbook.app.inbox_path)
    for route, answers in sorted(tally.by_route.items()):
        part = tally.answers_of(answers.part)
        is_read = answers.part is Part.INBOX and not route.startswith(ASKS_NOTHING)
        is_page = route == f"GET {inbox}" and not part.suite_succeeded  # who is not signed in is led away from it
        if answers.asked < LEAST or not part.succeeded or not (is_read or is_page or route == f"POST {inbox}"):
            continue
        requests = wording.count(answers.asked, "request")
        if not answers.succeeded:
            yield _finding(
                f"none of {requests} to {answers.shown or route} succeeded ({_statuses(answers)})", answers, part
            )
        elif _serves_few(
            answers, answers.asked - _on_its_way(evidence, answers), _of_old_tabs(evidence, answers.part, route)
        ) and not _serves_few(part, part.asked, _of_old_tabs(evidence, answers.part)):
            sentence = (
                f"only {answers.succeeded} of {requests} to {answers.shown or route} succeeded ({_statuses(answers)})"
            )
            yield _finding(sentence, answers, part)


def _of_files(evidence: LogEvidence) -> Iterator[LogFinding]:
    """The scripts and styles of the build, without which its pages do nothing. Tabs of before the deploy ask for those of their own."""
    page = evidence.tally.answers_on(f"GET {path_template(evidence.runbook.app.inbox_path)}")
    those = [one for name, one in evidence.tally.by_route.items() if name.startswith(_OF_THE_BUILD)]
    asked = sum(one.asked for one in those)
    if min(asked, page.succeeded) >= LEAST and not any(one.succeeded for one in those):
        yield _finding(f"none of {wording.count(asked, 'request')} for files of the build succeeded", page)


def _of_bots(evidence: LogEvidence, part: Part) -> int:
    """Requests that look like Server Actions, to pages that serve none (`POST /xmlrpc`): no page of the app's sends them."""
    if part is not Part.ACTION:
        return 0
    inbox = f"POST {path_template(evidence.runbook.app.inbox_path)}"
    routes = evidence.tally.by_route.items()
    return sum(one.asked for name, one in routes if one.part is part and name != inbox and not one.succeeded)


def _of_old_tabs(evidence: LogEvidence, part: Part, route: str = "") -> int:
    """Requests of tabs from before the deploy that were refused (version skew), if that is over: later ones to the same routes succeeded.

    Where it goes on, this build's own pages may send what it does not know.
    """
    tally = evidence.tally
    members = [
        one.members
        for one in evidence.counted(Signal.VERSION_SKEW)
        if one.part is part and route in ("", one.route) and max(one.statuses, default=0) < FAILED
    ]
    if not members:
        return 0
    skewed = np.unique(np.concatenate(members))
    later = tally.served & (tally.at > tally.at[skewed].max()) & np.isin(tally.route, tally.route[skewed])
    return len(skewed) if np.count_nonzero(later) >= LEAST else 0


def _serves_few(answers: PartAnswers, asked: int, of_old_tabs: int = 0) -> bool:
    """Whether most are refused. Of pages not: who is not signed in, and bots, are led away from those by design."""
    if answers.part is Part.PAGE:
        return False
    signed_out = answers.statuses.get(_SIGNED_OUT, 0)
    others = asked - signed_out - of_old_tabs
    return answers.succeeded * 2 <= others or answers.succeeded < _LEAST_SIGNED_IN * asked


def _finding(sentence: str, answers: PartAnswers, part: PartAnswers | None = None) -> LogFinding:
    """Where our own browser uses this part of the app, its checks prove it: a route of the part may refuse all by design."""
    ours = ""
    if answers.suite_succeeded:
        ours = "; our own browser's did"
    elif part and part.suite_succeeded:
        ours = "; what our own browser asked for did"
    return LogFinding(LogSubject.ROUTES, Severity.WARN, sentence + ours, unproven="" if ours else sentence)


def _excused(evidence: LogEvidence, part: Part) -> int:
    """Requests that failed with a 5xx, and count as no error of the app's: their client left, or is of another build."""
    excused = (one for one in evidence.counted(Signal.CLIENT_LEFT, Signal.VERSION_SKEW) if one.part is part)
    return len(evidence.tally.times(one for one in excused if max(one.statuses, default=0) >= FAILED))


def _unanswered(evidence: LogEvidence, answers: PartAnswers) -> int:
    return answers.unanswered - _on_its_way(evidence, answers)


def _on_its_way(evidence: LogEvidence, answers: PartAnswers) -> int:
    """Requests without an answer that may still get one: a live stream shows some rows before it."""
    return answers.unfinished if Shows.LIVE in evidence.shows else 0


def _statuses(answers: PartAnswers) -> str:
    most = sorted(answers.statuses.items(), key=lambda pair: -pair[1])[:_MOST_STATUSES]
    return ", ".join(f"{count} × {status or 'no status'}" for status, count in most)
