"""Sign-ins that write errors and are answered as if all were well, or that are not served. People who are signed in do not see it.

What a wrong password writes does not count. Where our own browser signed in, it proves the sign-in.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import re2

from postdeploy.analysis import structured_lines
from postdeploy.analysis.answers import PartAnswers
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident
from postdeploy.analysis.rules import no_success
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.model import Severity
from postdeploy.page.journal import path_template

_LEAST = 3
"""Sign-ins that wrote an error, from which on it is not one person's bad luck."""
_REFUSES_CREDENTIALS = frozenset({400, 401, 422, 429})


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """One for each place where people sign in of which half writes an error line, or none is served: that proves nothing."""
    if not evidence.shows_totals or evidence.browser_reads.size:
        return
    for route, answers in sorted(evidence.tally.by_route.items()):
        if not answers.suite_succeeded and _is_sign_in(evidence, route):
            sentence = _of_lines(evidence, route, answers) or _of_statuses(evidence, route, answers)
            if sentence:
                incidents = tuple(_errors(evidence, route))
                yield LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=incidents, unproven=sentence)


def _is_sign_in(evidence: LogEvidence, route: str) -> bool:
    method, _, path = route.partition(" ")
    of_the_app = path == path_template(evidence.runbook.app.login_path)
    return method == "POST" and (of_the_app or bool(_any(evidence.runbook.logs.sign_ins).search(path)))


def _of_lines(evidence: LogEvidence, route: str, answers: PartAnswers) -> str:
    served, wrong = evidence.tally.served, _any(evidence.runbook.logs.wrong_credentials)
    errors = list(_errors(evidence, route))
    refused = np.unique(np.concatenate([[], *(one.members for one in errors if wrong.search(one.said))])).astype(int)
    wrote = np.setdiff1d(np.concatenate([[], *(one.members for one in errors)]), refused).astype(int)
    count, others = int(np.count_nonzero(served[wrote])), answers.succeeded - int(np.count_nonzero(served[refused]))
    if count < _LEAST or count * 2 < others:
        return ""
    return f"{count} of {others} sign-ins ({answers.shown or route}) wrote an error line, and were answered as if all were well"


def _errors(evidence: LogEvidence, route: str) -> Iterator[Incident]:
    """New error lines of the sign-ins."""
    for one in evidence.counted(*{one.signal for one in evidence.tally.incidents if one.route == route}):
        is_new = one.new is not False
        if (
            one.route == route
            and one.is_error
            and is_new
            and not structured_lines.only_warns(one.example, evidence.runbook.logs)
        ):
            yield one


def _of_statuses(evidence: LogEvidence, route: str, answers: PartAnswers) -> str:
    """Where the page is served, and its form is not. A page that the app does not have is asked for by bots."""
    page = evidence.tally.answers_on(route.replace("POST", "GET", 1))
    refused = sum(count for status, count in answers.statuses.items() if status in _REFUSES_CREDENTIALS)
    if not page.succeeded or answers.succeeded or answers.asked - refused < no_success.LEAST:
        return ""
    return f"none of {answers.asked} sign-ins succeeded ({answers.shown or route})"


@functools.lru_cache(8)
def _any(patterns: tuple[str, ...]) -> Any:
    return re2.compile(structured_lines.any_of(patterns))
