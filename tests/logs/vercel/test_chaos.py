"""The source against a platform that misbehaves at random: nothing lost, nothing doubled, nothing covered that is missing.

Each run is a platform of its own with troubles out of a seed, a few hundred rows, and short waiting times:
seconds stand for minutes.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from postdeploy import model
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.logs.attribution import requests
from postdeploy.logs.protocol import Span
from postdeploy.logs.sentinel import Sentinel, sentinel_in
from postdeploy.logs.spans import without
from postdeploy.runbook.reading import read_runbook
from sandbox.logs import LogFaults, Plan, chaos
from sandbox.serving import Loop
from tests.logs.vercel.stage import PACE, Heard, Stage
from tests.sandbox.rows import DIGEST, OLD, happened

if TYPE_CHECKING:
    from postdeploy.logs.protocol import News, Span
    from sandbox.logs import Logs, Row

RUNBOOK = read_runbook()
TODAY = dt.date(2026, 11, 25)
TRAFFIC = 1.2
"""Seconds during which requests happen while they are read; as long before they happened already."""
AFTERWARDS = 60.0
"""Seconds at most that a reader waits for what comes late: on a machine that is busy it comes later."""
DELAY = 1500
"""Milliseconds that news may need to the reader, on a busy machine."""
AT_ONCE = 10

PLANS = (
    Plan(observability_plus=True),
    Plan(),
    Plan(histories=frozenset({"63"})),
    Plan(histories=frozenset({"64"})),
    Plan(histories=frozenset()),
)


def parsed(moment: str) -> int:
    """ISO → epoch milliseconds."""
    return round(dt.datetime.fromisoformat(moment).timestamp() * 1000)


def troubles(seed: int, start: int) -> LogFaults:
    """The platform's own chaos, at the speed of these tests."""
    faults = chaos(seed, start, int(2 * TRAFFIC), silent=seed % 2 == 0)
    gaps = tuple(replace(gap, end=gap.start + (gap.end - gap.start) // 40) for gap in faults.gaps)
    return replace(
        faults,
        late=faults.late / 75,
        reordered=faults.reordered / 20,
        gaps=gaps,
        retry_after=seed % 2,
        boundary=("exact", "repeated", "skipped")[seed % 3],
    )


@dataclass
class Run:
    """What one run came to, and what it was."""

    seed: int
    logs: Logs
    heard: Heard
    rows: list[Row]
    """The truth: what a reader of this deployment could be shown."""
    begin: int
    end: int
    """When the first and the last of them happened."""
    sent: list[Sentinel]

    @property
    def faults(self) -> LogFaults:
        return self.logs.faults

    @property
    def has_history(self) -> bool:
        """Whether a history has every request."""
        plan = self.logs.plan
        return not self.faults.no_history and (plan.observability_plus or "63" in plan.histories)

    def vanished(self, row: Row) -> bool:
        """Whether the view that covers lacks the row, and nothing says so."""
        if not self.has_history:
            return self.faults.loses(row, live=True)
        is_reported = "64" in self.logs.plan.histories and all(gap.reported for gap in self.faults.gaps)
        return self.faults.loses(row, live=False) and not is_reported

    def name(self, row: Row) -> tuple[str, str]:
        assert row.request is not None
        return (row.request.short_id, self.logs.shown(row.message)[0])

    def seen_live(self, row: Row) -> tuple[int, str, str]:
        assert row.request is not None
        return (row.at, row.request.path, self.logs.shown(row.message)[0])

    # What must hold ----------------------------------------------------------------------------------------------------

    def lost(self) -> list[str]:
        """Rows that were to be had and were not given."""
        if not self.has_history:
            return []
        given = {(row.request_id, row.message) for row in self.heard.rows.values()}
        return [
            f"{self.name(row)}"
            for row in self.rows
            if not self.faults.loses(row, live=False) and self.name(row) not in given
        ]

    def doubled(self) -> list[str]:
        """Rows and requests that were given more often than they happened."""
        truth = Counter(self.name(row) for row in self.rows)
        given = Counter((row.request_id or "", row.message) for row in self.heard.rows.values() if row.request_id)
        found = [f"row {name}: {count}" for name, count in given.items() if count > truth[name]]
        if len(self.heard.rows) > len(self.rows):
            found.append(f"{len(self.heard.rows)} rows of {len(self.rows)}")
        asked = requests(self.heard.rows.values())
        known = {name for name, _ in truth}
        unnamed = [one for one in asked if one.estimated]
        nameless = known - {one.id for one in asked}
        if self.has_history and len(unnamed) > len(nameless):
            found.append(f"{len(unnamed)} estimated requests, {len(nameless)} without their name")
        if len(asked) > len(known):
            found.append(f"{len(asked)} requests of {len(known)}")
        return found

    def wrong(self) -> list[str]:
        """Requests with another status than theirs."""
        truth = {self.name(row)[0]: row.status for row in self.rows}
        return [
            f"{one.id}: {one.status}"
            for one in requests(self.heard.rows.values())
            if self.has_history and not one.estimated and one.status != truth.get(one.id)
        ]

    def covered_wrongly(self) -> list[str]:
        """Rows that were due, in a span that was covered, and had not been given.

        Not given at all, where only the stream shows them: a platform on a busy machine hands them out later than it should.
        """
        heard = list(self.heard.news)
        given: set[tuple[object, ...]] = set() if self.has_history else _names(*(news for _, news in heard))
        found = []
        for heard_at, news in heard:
            given |= _names(news)
            if news.covered is None:
                continue
            found += [
                f"{self.name(row)} at {row.at}, due {self.faults.due(row)}, in {news.covered} given at {heard_at}"
                for row in self._due_in(news.covered, heard_at)
                if not {self.name(row), self.seen_live(row)} & given
            ]
        return found

    def clean_wrongly(self) -> list[str]:
        """Rows that a report does not know of although it says that nothing is missing; and sentinels."""
        opening = Opening(self.begin, "given", "dpl_new")
        book = Logbook(RUNBOOK, TODAY, opening, BookSettings(window=(self.end - self.begin) / 1000, tolerance=0))
        for sentinel in self.sent:
            book.sent(sentinel)
        shows = self.heard.source.shows
        for heard_at, news in self.heard.news:
            book.note(news, heard_at, shows)
        report = book.report(
            ReportRequest(
                source="vercel", stage=model.Stage.WINDOW, until=self.end, shows=shows, closed=True, whole=True
            )
        )
        if not report.proof.proven:
            return []
        given = {(row.request_id, row.message) for row in self.heard.rows.values()}
        given_live = {(row.at, row.path, row.message) for row in self.heard.rows.values()}
        begins, ends = (parsed(each) for each in (report.window.judged_since, report.window.judged_until))
        return [
            str(self.name(row))
            for row in self.rows
            if row.request
            and begins <= row.request.at <= row.at < ends
            and not (self.vanished(row) and not sentinel_in(row.request.path))
            and self.name(row) not in given
            and self.seen_live(row) not in given_live
        ]

    def not_covered(self) -> list[str]:
        """What a history was read of to the end, and is not covered all the same."""
        gaps = [gap.span for gap in self.heard.gaps]
        whole = without(Span(self.begin, self.end), [*self.heard.covered, *gaps])
        return [str(span) for span in whole] if self.has_history else []

    def _due_in(self, span: Span, heard_at: int) -> list[Row]:
        return [
            row
            for row in self.rows
            if row.request
            and span.since <= row.request.at <= row.at < span.until
            and self.faults.due(row) < max(span.until, heard_at - DELAY)
            and not self.vanished(row)
        ]


def _names(*heard: News) -> set[tuple[object, ...]]:
    """What a row is known by: in a history, and in a stream."""
    rows = [row for news in heard for row in news.entries]
    return {(row.request_id, row.message) for row in rows} | {(row.at, row.path, row.message) for row in rows}


def run(seed: int, loop: Loop) -> Run:
    dice = random.Random(seed)  # noqa: S311 - nothing secret
    stage = Stage(loop)
    logs = stage.logs
    begin = stage.clock.milliseconds - int(TRAFFIC * 1000)
    logs.plan = replace(dice.choice(PLANS), stream=dice.uniform(0.4, 1.5), largest_page=dice.choice([10, 50, 1000]))
    logs.faults = troubles(seed, begin)
    numbers = iter(range(10_000))

    def happen(ago: float) -> None:
        message = dice.choice(["", "", DIGEST, "cron", "x" * 500, f"unique {dice.random()}"])
        origin = {"origin": OLD} if dice.random() < 0.1 else {}
        path = dice.choice(["/", "/api/inbox/counts", "/api/cron"])
        happened(logs, next(numbers), message, status=dice.choice([200, 200, 500]), ago=ago, path=path, **origin)  # type: ignore[arg-type]

    sent: list[Sentinel] = []

    def send() -> None:
        sent.append(Sentinel(seed, len(sent), logs.clock.milliseconds))
        path = f"/api/inbox/conversations/{sent[-1].name}"
        happened(logs, next(numbers), status=401, ago=0, path=path)

    for _ in range(40):
        happen(dice.uniform(0, TRAFFIC))
    try:
        with stage.reading(begin, pace=PACE) as heard:
            until = time.monotonic() + TRAFFIC
            heard.wait_for(lambda: heard.news)
            send()
            while time.monotonic() < until:
                for _ in range(dice.choice([1, 1, 1, 4])):
                    happen(0)
                time.sleep(dice.uniform(0, 0.03))
            send()
            rows = [
                row for row in logs.truth if row.origin.deployment_id == "dpl_new" and (row.message or row.is_request)
            ]
            result = Run(seed, logs, heard, rows, begin, stage.clock.milliseconds, sent)
            until = time.monotonic() + AFTERWARDS
            while time.monotonic() < until and (result.lost() or result.not_covered() or result.covered_wrongly()):
                time.sleep(0.1)
            time.sleep(0.2)
    finally:
        stage.close()
    return result


def complaints(seed: int, loop: Loop) -> list[str]:
    result = run(seed, loop)
    found = {
        "lost": result.lost(),
        "doubled": result.doubled(),
        "wrong": result.wrong(),
        "covered, but missing": result.covered_wrongly(),
        "called clean, but missing": result.clean_wrongly(),
        "not covered": result.not_covered(),
    }
    return [
        f"seed {seed}: {len(those)} {what}: {those[:2]} with {result.faults} {result.logs.plan}"
        for what, those in found.items()
        if those
    ]


def all_complaints(seeds: range) -> list[str]:
    loop = Loop()
    try:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return [one for those in pool.map(lambda seed: complaints(seed, loop), seeds) for one in those]
    finally:
        loop.close()


@pytest.mark.timeout(300)
def test_a_platform_that_misbehaves_loses_and_doubles_nothing() -> None:
    assert all_complaints(range(10)) == []


@pytest.mark.chaos
@pytest.mark.timeout(600)
def test_200_platforms_that_misbehave_lose_and_double_nothing() -> None:
    assert all_complaints(range(10, 210)) == []
