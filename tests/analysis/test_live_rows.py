"""A log that is judged while it is written says the same as when it is judged once; and a judgement costs what has come since the last."""

from __future__ import annotations

import random
from collections.abc import Iterator

import msgspec
import pytest

from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.live_rows import LiveRows
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import RowMeaning
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs import announcement
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.join import Joined
from postdeploy.logs.protocol import EVERYTHING, News, Shows, Span
from postdeploy.logs.sighting import View
from postdeploy.model import Stage
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import DEPLOYED, TODAY, Sent, rows, throws

RUNBOOK = read_runbook()
MINUTES = 8
SHOWS = EVERYTHING | Shows.LIVE


def traffic(dice: random.Random) -> list[LogEntry]:
    """Some minutes of it, with failures that repeat, each row with a name and its request."""
    end = 60.0 * MINUTES
    sent = [Sent(dice.uniform(0, end), dice.choice(("GET", "POST")), dice.choice(("/", "/api/x"))) for _ in range(400)]
    sent += [throws(dice.choice(("one", "two", "three", "four", "five")), dice.uniform(0, end)) for _ in range(25)]
    return [
        msgspec.structs.replace(row, row_id=f"row-{at}")
        for at, row in enumerate(rows(sorted(sent, key=lambda one: one.at)))
    ]


def as_they_come(entries: list[LogEntry], dice: random.Random) -> Iterator[tuple[LogEntry, ...]]:
    """Minute by minute: live, without the requests, and by the history a minute later; in no order."""
    joined = Joined()
    for minute in range(MINUTES + 2):
        of_minute = [row for row in entries if (row.at - DEPLOYED) // 60_000 == minute]
        before = [row for row in entries if (row.at - DEPLOYED) // 60_000 == minute - 1]
        live = [msgspec.structs.replace(row, request_id=None, deployment_id=None) for row in of_minute]
        dice.shuffle(live)
        history = [msgspec.structs.replace(row, row_id=None) for row in before]
        yield joined.add(live, View.LIVE) + joined.add(history, View.HISTORY)


def new_book(most: int = 40_000) -> Logbook:
    return Logbook(
        RUNBOOK, TODAY, Opening(DEPLOYED, "a test", "dpl_now"), BookSettings(window=60.0 * MINUTES, most_rows=most)
    )


def report(book: Logbook, ours: tuple[SuiteRequest, ...]) -> LogReport:
    until = DEPLOYED + 60_000 * MINUTES
    return book.report(
        ReportRequest(source="a test", stage=Stage.WINDOW, until=until, shows=SHOWS, closed=True, suite_requests=ours)
    )


@pytest.mark.parametrize("seed", range(6))
def test_it_says_the_same_as_when_it_is_judged_once(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - a simulation
    entries = traffic(dice)
    ours = tuple(
        SuiteRequest(dice.choice((row.request_id, None)), row.method, row.path, row.status, row.at, failed=bool(at % 2))
        for at, row in enumerate(dice.sample(entries, 12))
    )
    watched, once = new_book(), new_book()
    whole: dict[str | None, LogEntry] = {}
    for changed in as_they_come(entries, dice):
        watched.note(News(changed, covered=Span(DEPLOYED, DEPLOYED + 60_000 * MINUTES)), DEPLOYED, SHOWS)
        whole |= {row.row_id: row for row in changed}
        report(watched, ours)
    once.note(News(tuple(whole.values()), covered=Span(DEPLOYED, DEPLOYED + 60_000 * MINUTES)), DEPLOYED, SHOWS)
    assert report(watched, ours) == report(once, ours)
    assert sorted(map(repr, watched.entries)) == sorted(map(repr, once.entries))
    assert report(once, ours).totals.requests > 300


def test_a_judgement_reads_only_what_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = traffic(random.Random(3))  # noqa: S311 - a simulation
    book, counts = new_book(), {"read": 0, "numbers": 0}
    for owner, name in ((SignalReader, "read"), (Ledger, "numbers")):
        known = getattr(owner, name)

        def counted(self: object, *given: object, known: object = known, name: str = name) -> object:
            counts[name] += 1
            return known(self, *given)  # type: ignore[operator]

        monkeypatch.setattr(owner, name, counted)
    book.note(News(tuple(entries[:-1])), DEPLOYED, SHOWS)
    report(book, ())
    assert counts == {"read": len(entries) - 1, "numbers": len(entries) - 1}
    report(book, ())
    book.note(News((entries[-1],)), DEPLOYED, SHOWS)
    report(book, ())
    assert counts == {"read": len(entries), "numbers": len(entries)}


def test_a_row_is_not_read_again_for_another_request() -> None:
    row = LogEntry(DEPLOYED, method="GET", path="/", status=200, row_id="a")
    read: list[LogEntry] = []

    def reading(one: LogEntry) -> RowMeaning:
        read.append(one)
        return SignalReader(RUNBOOK, TODAY).read(one)

    live = LiveRows(Ledger())
    for request in (None, "r1", "r2"):
        live.put("a", msgspec.structs.replace(row, request_id=request))
        live.settle(reading)
        assert [one.request_id for one in live.entries()] == [request or "~a"]
    assert len(read) == 1
    live.put("a", msgspec.structs.replace(row, status=500))
    live.settle(reading)
    assert len(read) == 2


@pytest.mark.parametrize("first", [True, False], ids=["announced first", "announced last"])
def test_requests_that_a_run_has_announced_are_known_whenever_they_come(first: bool) -> None:
    name = f"abcde-{DEPLOYED}-0123456789ab"
    (announces,) = announcement.names([name])
    given = {
        "row": LogEntry(DEPLOYED, method="GET", path="/", status=200, row_id="row", request_id=name),
        "announcement": LogEntry(DEPLOYED, method="GET", path=f"/api/{announces}", status=401, row_id="announcement"),
    }
    live = LiveRows(Ledger())
    for key in sorted(given, reverse=not first):
        live.put(key, given[key])
        live.settle(SignalReader(RUNBOOK, TODAY).read)
    assert {*live.announced()} == {name}


def test_rows_that_are_removed_leave_nothing() -> None:
    live = LiveRows(Ledger())
    for at in range(3000):
        live.put(
            str(at), LogEntry(DEPLOYED + at, method="GET", path="/", status=200, row_id=str(at), request_id=f"r{at}")
        )
    reader = SignalReader(RUNBOOK, TODAY)
    live.settle(reader.read)
    for at in (*range(1000), 2999):
        live.remove(str(at))
    live.remove("of no row")
    live.settle(reader.read)
    assert live.ledger().tally(None).requests == len(live) == 1999
    assert [live.has(name) for name in ("r5", "r1500")] == [False, True]
    assert [row.row_id for row in live.near("GET", "/", DEPLOYED + 1000, 1)] == ["1000", "1001"]
