"""A long watch keeps numbers in place of rows, and says the same."""

from __future__ import annotations

import random
from itertools import count

import msgspec
import pytest

from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.analysis.settling import MOST
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import EVERYTHING, News, Shows, Span
from postdeploy.model import Stage
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import DEPLOYED, TODAY, Sent, rows, throws

BOOK = read_runbook()
HOUR = 3600.0
ROW_IDS = count()


def hour(dice: random.Random, *, named: bool) -> list[LogEntry]:
    """An hour of traffic with some failures, each row with an id."""
    sent = [Sent(dice.uniform(0, HOUR), dice.choice(("GET", "POST")), dice.choice(("/", "/api/x"))) for _ in range(700)]
    sent += [throws(dice.choice(("one", "two", "three", "four", "five")), dice.uniform(0, HOUR)) for _ in range(25)]
    found = rows(sorted(sent, key=lambda one: one.at))
    more = {} if named else {"request_id": None}
    return [msgspec.structs.replace(row, row_id=f"row-{next(ROW_IDS)}", **more) for row in found]


def report(book: Logbook, until: float, ours: tuple[SuiteRequest, ...] = ()) -> LogReport:
    return book.report(
        ReportRequest(
            source="a test",
            stage=Stage.WINDOW,
            until=DEPLOYED + round(until * 1000),
            shows=EVERYTHING | Shows.LIVE,
            closed=until >= HOUR,
            suite_requests=ours,
        )
    )


def watched(entries: list[LogEntry], most: int, ours: tuple[SuiteRequest, ...] = (), repeat: bool = False) -> LogReport:
    """Row by row as a live source gives them, judged every six minutes; `repeat`: each part comes twice, the second time late."""
    book = Logbook(BOOK, TODAY, Opening(DEPLOYED, "a test", "dpl_now"), BookSettings(window=HOUR, most_rows=most))
    shows = EVERYTHING | Shows.LIVE
    for minute in range(60):
        since, until = (DEPLOYED + (minute + each) * 60_000 for each in (0, 1))
        news = tuple(row for row in entries if since <= row.at < until)
        late = tuple(row for row in entries if since - 120_000 <= row.at < until - 120_000) if repeat else ()
        book.note(News((*news, *late), covered=Span(since, until)), until, shows)
        if minute % 6 == 5:
            report(book, 60.0 * (minute + 1), ours)
    return report(book, HOUR, ours)


@pytest.mark.parametrize("named", [True, False], ids=["with request ids", "without"])
@pytest.mark.parametrize("seed", range(2))
def test_it_says_the_same_with_few_rows_kept(seed: int, named: bool) -> None:
    entries = hour(random.Random(seed), named=named)  # noqa: S311 - a simulation
    kept, settled = watched(entries, MOST), watched(entries, 100)
    assert settled == kept
    assert kept.totals.requests > 700


def test_rows_that_come_again_are_counted_once() -> None:
    entries = hour(random.Random(5), named=True)  # noqa: S311 - a simulation
    assert watched(entries, 100, repeat=True) == watched(entries, MOST)


def test_our_own_named_requests_are_told_apart_after_they_have_settled() -> None:
    entries = hour(random.Random(6), named=True)  # noqa: S311 - a simulation
    first = next(row for row in entries if row.status == 200)
    ours = (SuiteRequest(first.request_id, first.method, first.path, 200, first.at),)
    assert watched(entries, 100, ours).totals == watched(entries, MOST, ours).totals
    assert watched(entries, 100, ours).totals.own == 1


def test_few_rows_are_kept() -> None:
    book = Logbook(BOOK, TODAY, Opening(DEPLOYED, "a test", "dpl_now"), BookSettings(window=HOUR, most_rows=100))
    entries = hour(random.Random(7), named=True)  # noqa: S311 - a simulation
    book.note(News(tuple(entries)), DEPLOYED, EVERYTHING)
    report(book, HOUR)
    failed = sum(bool(row.message) for row in entries)
    assert 3 * failed <= len(book.entries) < 500 < len(entries)
    assert sum(bool(row.message) for row in book.entries) == failed
