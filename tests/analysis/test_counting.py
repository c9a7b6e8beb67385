"""Requests are counted, never rows; what happened to them in the same way is one incident."""

from __future__ import annotations

from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import Signal
from postdeploy.logs.protocol import Span
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import DEPLOYED, TODAY, WINDOW, Sent, healthy, rows, tallied, throws


def test_a_request_counts_once_however_many_rows_it_has() -> None:
    sent = [*healthy(3), Sent(5, "GET", "/api/inbox/counts"), Sent(6, "GET", "/"), Sent(7, "GET", "/_next/x.js")]
    entries = rows(sent)
    tally = tallied([*entries, *entries])
    assert (tally.requests, tally.actions, tally.inbox, tally.pages) == (5, 3, 1, 1)


def test_only_requests_that_began_in_the_span_count() -> None:
    tally = tallied(rows(healthy(10, over=100)), span=Span(DEPLOYED + 15_000, DEPLOYED + 55_000))
    assert (tally.requests, tally.seconds) == (4, 40)


def test_the_same_error_is_one_incident_and_the_worst_comes_first() -> None:
    tally = tallied(rows([throws("A", 1), throws("B", 2), throws("B", 9), Sent(3, "GET", "/api/x", 500)]))
    assert [(one.signal, one.requests, one.seconds) for one in tally.incidents] == [
        (Signal.SERVER_ACTION_ERROR, 2, 7.0),
        (Signal.SERVER_ACTION_ERROR, 1, 0.0),
        (Signal.ROUTE_ERROR, 1, 0.0),
    ]


def test_requests_of_the_suite_are_counted_apart() -> None:
    reader, ledger = SignalReader(read_runbook(), TODAY), Ledger()
    entries = rows([*healthy(5), throws("A", 1), throws("A", 2)])
    for entry in entries:
        ledger.add(entry, reader.read(entry))
    tally = ledger.tally(WINDOW, suite=[str(entries[-1].request_id)])
    assert (tally.requests, tally.suite_requests) == (6, 1)
    assert [(one.requests, one.suite_requests) for one in tally.incidents] == [(1, 1)]


def test_only_the_rows_of_the_deployment_count() -> None:
    reader, ledger = SignalReader(read_runbook(), TODAY), Ledger()
    for entry in rows([Sent(1), Sent(2, deployment="dpl_before"), Sent(3, deployment="")]):
        ledger.add(entry, reader.read(entry))
    assert ledger.tally(WINDOW, "dpl_now").requests == 2
    assert ledger.beginnings(600_000) == {"dpl_now": DEPLOYED + 1_000, "dpl_before": DEPLOYED + 2_000}


def test_a_function_that_died_is_counted_as_that_and_as_a_failed_request() -> None:
    tally = tallied(rows([Sent(1, "POST", "/", -1)]))
    assert {one.signal for one in tally.incidents} == {Signal.SERVER_ACTION_ERROR, Signal.FUNCTION_DIED}


def test_personal_data_is_not_kept_as_an_example() -> None:
    tally = tallied(rows([Sent(1, message="Error: can't mail ada@example.com"), Sent(2, message="Error: x")]))
    assert [one.example for one in tally.of(Signal.PERSONAL_DATA)] == [""]
    assert "Error: x" in {one.example for one in tally.incidents}
