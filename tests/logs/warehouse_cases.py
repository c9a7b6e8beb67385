"""What every warehouse is held to, whatever engine counts there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.log_request import Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import News, Source
from postdeploy.logs.sentinel import Sentinel
from postdeploy.model import Stage
from tests.analysis import test_plain
from tests.analysis.test_plain import RUNBOOK, Asked, a_day
from tests.logs.rows import DEPLOYED, TODAY, WINDOW

SENTINEL = LogEntry(
    at=DEPLOYED + 5,
    method="GET",
    path=f"/api/inbox/conversations/{Sentinel(7, 1, DEPLOYED).name}",
    status=401,
    request_id="a7-1759622400000-000000000007",
)
_EACH_MINUTE = [Sentinel(7, number, DEPLOYED + number * 60_000) for number in range(11)]


def read(source: Source, since: int = DEPLOYED - 120_000) -> tuple[Ledger, list[News]]:
    reading = Ingestion(RUNBOOK, TODAY)
    news = list(reading.read(source, since, lambda: True))
    return reading.ledger, news


def given(source: Source) -> tuple[list[LogEntry], list[News]]:
    """One look at what is there. The suite's clock stands in the year of the rows: all of it is looked at again."""
    news = list(source.read(DEPLOYED - 120_000, lambda: True))
    return [entry for one in news for entry in one.entries], news


def counts_what_the_reference_counts(source: Source, rows: Sequence[LogEntry]) -> None:
    ledger, news = read(source)
    expected = to_the_minute(test_plain.expected(rows, Asked()))
    assert tally(ledger) == expected
    assert len(expected["incidents"]) > 20
    assert not any(one.gap or one.unread or one.malformed for one in news)


def tally(ledger: Ledger) -> dict[str, Any]:
    return to_the_minute(test_plain.told(ledger, Asked()))


def to_the_minute(exact: dict[str, Any]) -> dict[str, Any]:
    """A tally whose moments are minutes: within one the warehouse says no more than the first and the last."""
    found = {key: (sorted(at // 60_000 for at in times), own) for key, (times, own) in exact["incidents"].items()}
    return {**exact, "succeeded": sorted(at // 60_000 for at in exact["succeeded"]), "incidents": found}


def a_day_with_sentinels() -> list[LogEntry]:
    """One a minute, at the end of the rows."""
    return [
        *a_day(3),
        *(
            LogEntry(
                at=one.sent,
                method="GET",
                path=f"/api/inbox/conversations/{one.name}",
                status=401,
                request_id=f"s-1-{number:012x}",
                own=True,
            )
            for number, one in enumerate(_EACH_MINUTE)
        ),
    ]


def what_is_not_proven(source: Source) -> tuple[str, ...]:
    """Of the window, by the sentinels of that day and by what was covered."""
    book = Logbook(RUNBOOK, TODAY, Opening(DEPLOYED, "given"))
    for one in _EACH_MINUTE:
        book.sent(one)
    for news in source.read(DEPLOYED - 1000, lambda: True):
        book.note(news, WINDOW.until, source.shows)
    asked = ReportRequest(
        source=source.name, stage=Stage.WINDOW, until=WINDOW.until, shows=source.shows, closed=True, whole=True
    )
    return book.report(asked).proof.missing
