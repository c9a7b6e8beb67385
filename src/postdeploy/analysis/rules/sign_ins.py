"""Sign-ins that fail, write errors, or are not served. People who are signed in do not see it.

What a wrong password writes does not count. Where our own browser signed in, it proves the sign-in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from postdeploy.analysis import structured_lines
from postdeploy.analysis.answers import FAILED, GIVEN_UP, PartAnswers
from postdeploy.analysis.findings import LogFinding, LogSubject
from postdeploy.analysis.incidents import Incident, Numbers
from postdeploy.analysis.pattern_sets import one_of
from postdeploy.analysis.request_routes import is_sign_in
from postdeploy.analysis.rules import amounts, no_success
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.signals import Signal
from postdeploy.model import Severity
from postdeploy.runbook.log_tables import Logs

_LEAST = 3
"""Sign-ins that wrote an error, from which on it is not one person's bad luck."""
_FIRST_REFUSAL = 400
_REFUSES = frozenset({400, 401, 405, 422, 429})
"""How a sign-in refuses credentials, and a page without a form what bots post to it."""
_OF_OTHERS = (Signal.VERSION_SKEW, Signal.CLIENT_LEFT, Signal.DATABASE_UNREACHABLE)


def findings(evidence: LogEvidence) -> Iterator[LogFinding]:
    """One for each place where people sign in of which half fails or writes an error, or all of late, or none is served: that proves
    nothing.
    """
    if not evidence.shows_totals or evidence.browser_reads.size:
        return
    for route, answers in sorted(evidence.tally.by_route.items()):
        if not answers.suite_succeeded and is_sign_in(evidence.runbook, route):
            sentence = (
                _of_lines(evidence, route, answers)
                or _of_the_last(evidence, route, answers)
                or _of_statuses(evidence, route, answers)
            )
            if sentence:
                incidents = tuple(_errors(evidence, route))
                yield LogFinding(LogSubject.SESSIONS, Severity.WARN, sentence, incidents=incidents, unproven=sentence)


def _of_lines(evidence: LogEvidence, route: str, answers: PartAnswers) -> str:
    """Among those that were not refused: a wrong password may be, with or without a line."""
    wrote, wrong = _troubled(evidence, route)
    let_in = sum(count for status, count in answers.statuses.items() if not _FIRST_REFUSAL <= status < GIVEN_UP)
    others = max(let_in - int(np.count_nonzero(evidence.tally.admitted[wrong])), len(wrote))
    if len(wrote) < _LEAST or len(wrote) * 2 < others:
        return ""
    return f"{len(wrote)} of {others} sign-ins ({answers.shown or route}) failed or wrote an error"


def _of_the_last(evidence: LogEvidence, route: str, answers: PartAnswers) -> str:
    """Where none succeeded any more: over hours those that did before outweigh them."""
    tally, (wrote, wrong) = evidence.tally, _troubled(evidence, route)
    well = tally.served & np.isin(tally.route, tally.route[wrote[:1]])
    well[np.union1d(wrote, wrong)] = False
    last = np.sort(tally.at[wrote][tally.at[wrote] > tally.at[well].max(initial=0)])
    if len(last) < _LEAST or amounts.spread(last) < evidence.runbook.threshold.widespread_span:
        return ""
    return f"the last {len(last)} sign-ins ({answers.shown or route}) failed or wrote an error"


def _troubled(evidence: LogEvidence, route: str) -> tuple[Numbers, Numbers]:
    """The sign-ins that wrote an error, or failed; and those whose credentials were wrong."""
    errors, logs = list(_errors(evidence, route)), evidence.runbook.logs
    wrong = _members(one for one in errors if _names_wrong_credentials(one, logs))
    return np.setdiff1d(_members(one for one in errors if not _names_wrong_credentials(one, logs)), wrong), wrong


def _names_wrong_credentials(error: Incident, logs: Logs) -> bool:
    return bool(one_of(logs.wrong_credentials).search(error.said) and not one_of(logs.not_wrong).search(error.said))


def _errors(evidence: LogEvidence, route: str) -> Iterator[Incident]:
    """What is new of the sign-ins, without an unreachable database, which has its own rule, and pages of another build."""
    signals = {one.signal for one in evidence.tally.incidents if one.route == route} - set(_OF_OTHERS)
    outage = evidence.tally.members(Signal.DATABASE_UNREACHABLE)
    for one in evidence.counted(*signals):
        is_trouble = one.is_error or max(one.statuses, default=0) >= FAILED
        if one.route != route or one.new is False or not is_trouble or np.isin(one.members, outage).all():
            continue
        if not structured_lines.only_warns(one.example, evidence.runbook.logs):
            yield one


def _members(incidents: Iterable[Incident]) -> Numbers:
    found: Numbers = np.unique(np.concatenate([np.empty(0, np.int64), *(one.members for one in incidents)]))
    return found


def _of_statuses(evidence: LogEvidence, route: str, answers: PartAnswers) -> str:
    """Where the page is served, and its form is not. A page that the app does not have is asked for by bots."""
    page = evidence.tally.answers_on(route.replace("POST", "GET", 1))
    refused = sum(count for status, count in answers.statuses.items() if status in _REFUSES)
    if not page.succeeded or answers.succeeded or answers.asked - refused < no_success.LEAST:
        return ""
    return f"none of {answers.asked} sign-ins succeeded ({answers.shown or route})"
