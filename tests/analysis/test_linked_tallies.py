"""Tallies of a log that is read to its end: the same as those of the ledger, each made once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from postdeploy.analysis.incidents import Tally
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.linked_tallies import LinkedTallies
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.variants import linked
from postdeploy.logs.protocol import Span
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import DEPLOYED, TODAY, healthy, rows, throws

RUNBOOK = read_runbook()


class AskedLedger(Ledger):
    """Counts what it is asked for."""

    asked = 0

    def tally(self, span: Span | None = None, deployment: str | None = None, suite: Iterable[str] = ()) -> Tally:
        self.asked += 1
        return super().tally(span, deployment, suite)


def _ledger() -> AskedLedger:
    ledger, reader = AskedLedger(), SignalReader(RUNBOOK, TODAY)
    for row in rows([*healthy(40), *(throws("TypeError: x is not a function", at) for at in (3, 5, 9))]):
        ledger.add(row, reader.read(row))
    return ledger


def test_a_span_that_holds_all_requests_is_counted_with_them_once() -> None:
    ledger = _ledger()
    tallies = LinkedTallies(ledger, RUNBOOK.logs)
    at = ledger.totals().at
    everything = Span(int(at.min()), int(at.max()) + 1)
    whole = tallies.of(None)
    assert tallies.of(None, everything) == linked(Ledger.tally(ledger, everything), RUNBOOK.logs)
    assert tallies.of(None, everything) == replace(whole, seconds=(everything.until - everything.since) / 1000)
    assert ledger.asked == 1


def test_a_span_that_holds_some_is_counted_by_itself_and_once() -> None:
    ledger = _ledger()
    tallies = LinkedTallies(ledger, RUNBOOK.logs)
    everything = tallies.totals()
    at = everything.at
    for some in (Span(int(at.min()), int(at.max())), Span(int(at.min()) + 1, int(at.max()) + 1), Span(0, DEPLOYED - 1)):
        ledger.asked = 0
        assert tallies.of(None, some) == linked(Ledger.tally(ledger, some), RUNBOOK.logs)
        assert tallies.of(None, some).requests < everything.requests
        assert ledger.asked == 1


def test_the_totals_are_those_of_the_whole() -> None:
    ledger = _ledger()
    tallies, totals = LinkedTallies(ledger, RUNBOOK.logs), ledger.totals()
    assert replace(tallies.totals(), incidents=()) == replace(totals, incidents=())
    assert tallies.of(None).requests == totals.requests
    assert ledger.asked == 1


def test_a_deployment_without_requests_has_an_empty_tally() -> None:
    assert LinkedTallies(_ledger(), RUNBOOK.logs).of("dpl_other", Span(0, 1)).requests == 0
