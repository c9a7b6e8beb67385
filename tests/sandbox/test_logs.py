"""What a request leaves in the platform's logs, without an app."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sandbox.clock import Clock
from sandbox.logs import Answer, Ledger, Line, LogStore, Origin, Request, invocation

ORIGIN = Origin("dpl_new", "inbox-new.localhost:3000")


def request(number: int = 1, path: str = "/", at: int = 1_000) -> Request:
    return Request(f"iad1::iad1::aaaaa-{at}-{number:012x}", ORIGIN, "localhost:3000", path, at, "POST", function=path)


def test_the_status_stands_on_every_row_of_a_request() -> None:
    rows = invocation(request(), Answer(500, middleware=True), [Line("Error: boom\n    at f")])
    assert [(row.kind, row.status, row.message) for row in rows] == [
        ("function", 500, "Error: boom\n    at f"),
        ("middleware", 500, ""),
        ("function", 500, ""),
    ]


def test_what_is_written_before_the_answer_gets_the_status_with_it() -> None:
    ledger = Ledger(LogStore(Clock()))
    ledger.begin(request())
    ledger.wrote(request().id, ORIGIN, 1_001, Line("early"))
    assert [row.status for row in ledger.store.rows] == [None]
    ledger.finish(request().id, Answer(500))
    ledger.wrote(request().id, ORIGIN, 1_002, Line("late"))
    assert [(row.message, row.status) for row in ledger.store.rows] == [("early", 500), ("", 500), ("late", 500)]


def test_what_is_written_outside_of_any_request_has_none() -> None:
    ledger = Ledger(LogStore(Clock()))
    ledger.wrote(None, ORIGIN, 1_000, Line("Ready in 90ms", "info", "stdout"))
    assert [(row.request, row.status) for row in ledger.store.rows] == [(None, None)]


def test_only_256_lines_of_a_request_are_kept() -> None:
    ledger = Ledger(LogStore(Clock()))
    ledger.begin(request())
    for number in range(300):
        ledger.wrote(request().id, ORIGIN, 1_000 + number, Line(str(number)))
    assert len(ledger.store) == 256


def test_the_platforms_clock_moves_when_it_is_told_to() -> None:
    clock = Clock()
    clock.set(datetime(2026, 11, 20, 12, tzinfo=UTC))
    clock.advance(2 * 86_400)
    assert clock.now - datetime(2026, 11, 22, 12, tzinfo=UTC) < timedelta(seconds=1)
    assert clock.http_date().startswith("Sun, 22 Nov 2026 12:00:0")
