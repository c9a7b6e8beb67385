"""The rules of a diagnosis about what is between the page and the app: gateways that answer in its place, answers that take long."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import replace

from postdeploy.model import Cause, Diagnosis, Recommendation
from postdeploy.page.journal import Exchange, Kind, evidence
from postdeploy.page.sight import Sight

_MOST = 3
_SEVERAL = 3
_FRACTION = 5
"""A fifth of what a single answer must take to be warned of is long where it is the rule."""
_BROKEN = 500
_NOT_OK = 300


def gateways(sight: Sight) -> Iterator[Diagnosis]:
    """Nothing failed but what a gateway answered in the app's place."""
    asked = [one for one in sight.of(Kind.ACTION, Kind.API) if not one.pending]
    refused = [one for one in asked if one.of_a_gateway]
    if refused and all(one.of_a_gateway or not one.failed for one in asked):
        statuses = " and ".join(sorted({str(one.status) for one in refused}))
        share = f"{len(refused)} of {len(asked)} requests were answered {statuses} by a gateway in the app's place"
        sentence = f"{share}: the app, or what it runs on, does not respond to them"
        yield Diagnosis(Cause.NO_ANSWER, sentence, evidence(refused))


def meanwhile(sight: Sight, late: list[Exchange]) -> str:
    """What was answered while these hang."""
    began = min(one.started for one in late)
    answered = [one for one in sight.journal if one.started >= began and one.status is not None and not one.failed]
    templates = list(dict.fromkeys(one.template for one in answered if one.kind is not Kind.ASSET))
    more = f" and {len(templates) - _MOST} more" if len(templates) > _MOST else ""
    return (
        f"meanwhile answered: {', '.join(templates[:_MOST])}{more}"
        if templates
        else "nothing else was answered meanwhile"
    )


def with_database(found: Diagnosis, route: str, answer: tuple[int, float] | None, *, app_answers: bool) -> Diagnosis:
    """The diagnosis of a hang, once a route was asked that reads the database without a session.

    `answer`: its status and seconds; None: it gave none. `app_answers`: whether a page without the database does.
    """
    if answer is None and app_answers:
        hangs = f"GET {route}, which reads the database without a session, hangs too, and the login page does not: the database"
        return replace(found, cause=Cause.DATABASE, sentence=f"{found.sentence}; {hangs}")
    if answer is None or answer[0] >= _BROKEN:
        return found
    up = f"GET {route}, which reads the database, answers in {answer[1]:.1f} s: it is up; the function hangs, or a table is locked"
    return replace(found, sentence=f"{found.sentence}; {up}", no_read_succeeds=False)


def throws_beside_database(found: Diagnosis, route: str, answer: tuple[int, float] | None) -> Diagnosis:
    """The diagnosis of a route that throws, once a route was asked that reads the database without a session: `answer` as above.

    Where that one is answered, the database is not out, and what throws is of this deployment. Where it is not, an outage looks like this.
    """
    if answer is None:
        return found
    status = answer[0]
    if status >= _BROKEN:
        sentence = f"GET {route}, which reads the database without a session, answers {status}, too"
        return replace(found, sentence=f"{found.sentence}; {sentence}", no_read_succeeds=True)
    if status >= _NOT_OK:
        return found
    up = f"GET {route}, which reads the database, answers {status}: it is up"
    return replace(
        found, sentence=f"{found.sentence}; {up}", no_read_succeeds=False, recommendation=Recommendation.ROLL_BACK
    )


def everything_slow(sight: Sight) -> Iterator[Diagnosis]:
    """Where a request hangs: those that were answered took long, too, so that it is not about this one."""
    found = sight.delay if sight.unanswered else None
    times = [one.ms for one in found.requests if one.ms is not None and not one.failed] if found else []
    if len(times) >= _SEVERAL and statistics.median(times) >= sight.runbook.budgets.slow * 1000 / _FRACTION:
        yield from slow(sight)


def slow(sight: Sight) -> Iterator[Diagnosis]:
    """Nothing failed, and the page waits for its answers most of the time."""
    found = sight.delay
    if found:
        limit = f"it was not done within {sight.runbook.budgets.settle:g} s (`[budgets] settle`)"
        yield Diagnosis(Cause.NO_ANSWER, f"{found.sentence}: {limit}", evidence(list(found.requests)))
