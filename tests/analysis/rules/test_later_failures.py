"""What fails after the first ten minutes fails no deployment; but while it goes on, the log proves nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from postdeploy.analysis.baseline import Baseline, baseline_of, compared
from postdeploy.analysis.findings import LogSubject
from postdeploy.analysis.rules import ordered
from postdeploy.analysis.rules.rule import LogEvidence
from postdeploy.analysis.undecidable import undecidable
from postdeploy.analysis.variants import linked
from postdeploy.logs.protocol import EVERYTHING, Shows
from postdeploy.model import Severity
from tests.analysis.diluted_logs import ERROR, spread
from tests.analysis.rules.judging import RUNBOOK, UNREACHABLE, failures, warnings
from tests.analysis.strange_logs import READ
from tests.logs.rows import WINDOW, Sent, rows, tallied

HOURS = 7200
SAVED = EVERYTHING & ~Shows.LIVE
PEOPLE = [*spread(120, 200, path="/", until=HOURS), *spread(600, 200, until=HOURS)]
ACTIONS = spread(600, 200, "POST", "/", until=HOURS)
METHODS = ["map", "filter", "find", "some", "every", "flat", "at", "keys"]
TO_THE_END = {
    "all actions": (3600, spread(300, 200, "POST", "/", until=3600), spread(600, 500, "POST", "/", ERROR, since=3600, until=HOURS)),
    "a tenth of them": (3600, ACTIONS, spread(40, 500, "POST", "/", ERROR, since=3600, until=HOURS)),
    "a tenth of the inbox's, among others": (
        3600,
        [*ACTIONS, *spread(3000, 200, "POST", "/auth/login", until=HOURS)],
        spread(40, 500, "POST", "/", ERROR, since=3600, until=HOURS),
    ),
    "an error whose words hold an id": (
        3600,
        ACTIONS,
        [Sent(3600 + 60 * at, "POST", "/", 500, f"Error: lead {at}81c{at} has no thread") for at in range(60)],
    ),
    "as many errors as requests": (
        6600,
        ACTIONS,
        [Sent(6600 + 5 * at, "POST", "/", 500, f"TypeError: x.{word} is not a function") for at, word in enumerate(METHODS[:5] * 24)],
    ),
    "one read": (6600, ACTIONS, spread(20, 500, "GET", READ, ERROR, since=6600, until=HOURS)),
    "the page": (6600, [*ACTIONS, *spread(600, 200, until=HOURS, path="/")], spread(20, 500, "GET", "/", ERROR, since=6600, until=HOURS)),
}  # fmt: skip


def judged(sent: Sequence[Sent], shows: Shows = SAVED, baseline: Baseline | None = None) -> LogEvidence:
    given = rows(sent)
    tally, first = (compared(linked(tallied(given, RUNBOOK, span), RUNBOOK.logs), baseline) for span in (None, WINDOW))
    return LogEvidence(tally=tally, first=first, runbook=RUNBOOK, shows=shows, baseline=baseline)


def doubts(*sent: Sent, shows: Shows = SAVED, baseline: Baseline | None = None) -> list[str]:
    evidence = judged(sent, shows, baseline)
    found = ordered.findings(evidence)
    assert not failures(found)
    return undecidable(evidence, found)


def hours_before(sent: Sequence[Sent]) -> Baseline:
    return baseline_of("dpl_before", tallied(rows(sent), RUNBOOK, None))


def said(*sent: Sent) -> list[str]:
    found = ordered.findings(judged(sent))
    return [*warnings(found, LogSubject.ERRORS), *warnings(found, LogSubject.ROUTES)]


@pytest.mark.parametrize(("since", "others", "failing"), TO_THE_END.values(), ids=TO_THE_END)
def test_what_goes_on_to_the_end_is_not_proven(since: float, others: list[Sent], failing: list[Sent]) -> None:
    [doubt] = doubts(*PEOPLE, *others, *failing)
    assert (
        "it is not proven that this is over (if the deployment was promoted then: postdeploy logs … --since=2026-09-21T"
        in doubt
    )


def test_a_doubt_says_how_many_failed_and_since_when() -> None:
    _, others, failing = TO_THE_END["a tenth of them"]
    [doubt] = doubts(*PEOPLE, *others, *failing)
    assert doubt == (
        "40 of 332 Server Action requests failed from 15:13:21 to 16:11:51 UTC; 7 of 7 succeeded since, and it is not proven that this is"
        " over (if the deployment was promoted then: postdeploy logs … --since=2026-09-21T15:13:21.000+00:00)"
    )


OVER = {
    "a burst": (3600, 3900, 40),
    "a quarter of an hour, an hour ago": (2400, 3300, 200),
}


@pytest.mark.parametrize(("since", "until", "count"), OVER.values(), ids=OVER)
def test_what_is_over_is_a_warning(since: float, until: float, count: int) -> None:
    sent = [*PEOPLE, *ACTIONS, *spread(count, 500, "POST", "/", ERROR, since=since, until=until)]
    assert doubts(*sent) == []
    [warning] = said(*sent)
    assert warning.startswith(f"{count} Server Action requests failed after the first 10 minutes; {count} of ")
    assert warning.endswith(" succeeded since")


NOT_OVER = {
    "half an hour, half an hour ago": spread(300, 500, "POST", "/", ERROR, since=3600, until=5400),
    "two requests ago": spread(40, 500, "POST", "/", ERROR, since=6800, until=7170),
    "for chance: an error of a tenth, 20 requests ago": spread(6, 500, "POST", "/", ERROR, since=6300, until=7100),
    "with less failing since": [
        *spread(200, 500, "POST", "/", ERROR, since=3600, until=4800),
        *spread(40, 500, "POST", "/", ERROR, since=4800, until=HOURS),
    ],
}


@pytest.mark.parametrize("failing", NOT_OVER.values(), ids=NOT_OVER)
def test_what_was_well_for_too_short_is_not_proven_to_be_over(failing: list[Sent]) -> None:
    assert len(doubts(*PEOPLE, *ACTIONS, *failing)) == 1


UNANSWERED = {"gave up": 499, "no status": None}


@pytest.mark.parametrize("status", UNANSWERED.values(), ids=UNANSWERED)
def test_requests_without_an_answer_do_not_show_that_it_is_over(status: int | None) -> None:
    early = spread(200, 200, "POST", "/", until=3900)
    failing = spread(40, 500, "POST", "/", ERROR, since=3600, until=3900)
    unanswered = [Sent(3950 + 50 * at, "POST", "/", status) for at in range(60)]
    assert any("it is not proven that this is over" in one for one in doubts(*PEOPLE, *early, *failing, *unanswered))


def test_a_log_of_days_names_the_day() -> None:
    hours = 48 * 3600
    sent = [
        *spread(4000, 200, "POST", "/", until=hours),
        *spread(4000, 500, "POST", "/", ERROR, since=72_000, until=hours),
    ]
    [doubt] = doubts(*PEOPLE, *sent)
    assert "failed from 2026-09-22 10:13:21 to 2026-09-23 14:1" in doubt


FEW = {
    "four": spread(4, 500, "POST", "/", ERROR, since=3600, until=HOURS),
    "one percent": spread(6, 500, "POST", "/", ERROR, since=700, until=HOURS),
    "within a minute": spread(8, 500, "POST", "/", ERROR, since=7140, until=7190),
    "many different errors, each once": [
        Sent(3600 + 300 * at, "POST", "/", 500, f"TypeError: x.{word} is not a function")
        for at, word in enumerate(METHODS)
    ],
}


@pytest.mark.parametrize("failing", FEW.values(), ids=FEW)
def test_few_are_a_warning(failing: list[Sent]) -> None:
    sent = [*PEOPLE, *ACTIONS, *failing]
    assert doubts(*sent) == []
    assert said(*sent) == [f"{len(failing)} Server Action requests failed after the first 10 minutes"]


def test_few_reads_and_other_pages_stay_what_they_were() -> None:
    reads = spread(4, 500, "GET", READ, ERROR, since=7000, until=HOURS)
    other = spread(6, 500, "GET", "/pricing", ERROR, since=7000, until=HOURS)
    pricing = spread(100, 200, "GET", "/pricing", until=HOURS)
    assert doubts(*PEOPLE, *ACTIONS, *reads, *other, *pricing) == []


def test_the_first_minutes_are_the_thresholds_own() -> None:
    early = spread(8, 500, "POST", "/", ERROR, since=550, until=598)
    assert doubts(*PEOPLE, *ACTIONS, *early) == []
    assert not any("after the first" in one for one in said(*PEOPLE, *ACTIONS, *early))


def test_a_quiet_log_says_nothing() -> None:
    assert said(*PEOPLE, *ACTIONS) == []
    assert doubts(*PEOPLE, *ACTIONS) == []


def test_what_was_known_before_as_often_is_no_doubt() -> None:
    failing = spread(40, 500, "POST", "/", ERROR, since=3600, until=HOURS)
    sent = [*PEOPLE, *ACTIONS, *failing]
    assert doubts(*sent, baseline=hours_before(sent)) == []
    assert len(doubts(*sent, baseline=hours_before([*PEOPLE, *ACTIONS]))) == 1
    assert len(doubts(*sent, baseline=hours_before([*PEOPLE, *ACTIONS, *failing[:4]]))) == 1


def test_an_outage_of_the_database_has_its_own_rule() -> None:
    out = spread(40, 500, "POST", "/", UNREACHABLE, since=3600, until=4200)
    assert doubts(*PEOPLE, *ACTIONS, *out) == []
    assert said(*PEOPLE, *ACTIONS, *out) == []
    assert len(warnings(ordered.findings(judged([*PEOPLE, *ACTIONS, *out])), LogSubject.DATABASE)) == 1


def test_what_fails_the_deployment_says_it_all() -> None:
    failing = spread(400, 500, "POST", "/", ERROR, until=HOURS)
    evidence = judged([*PEOPLE, *ACTIONS, *failing])
    assert [one.severity for one in ordered.findings(evidence)] == [Severity.FAIL]


def test_a_source_without_statuses_does_not_show_of_how_many() -> None:
    failing = spread(40, 500, "POST", "/", ERROR, since=3600, until=HOURS)
    [doubt] = doubts(*PEOPLE, *ACTIONS, *failing, shows=SAVED & ~Shows.STATUS)
    assert doubt.startswith("40 (of how many is not shown) Server Action requests failed")
    assert doubts(*PEOPLE, *ACTIONS, *failing[:4], shows=SAVED & ~Shows.STATUS) == []


def test_a_filtered_log_is_not_asked() -> None:
    evidence = replace(judged(spread(40, 500, "POST", "/", ERROR, since=-3600, until=HOURS)), filtered=True)
    assert not any("after the first" in one for one in warnings(ordered.findings(evidence), LogSubject.ERRORS))
