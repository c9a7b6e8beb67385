"""How soon a watch of a busy log ends after the row that decides: a real watch, in real time, without the browser and a platform.

The log holds some minutes of traffic already, and goes on; then comes one unique Server Action error more than is allowed.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue

from bench.watch_memory import rows
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import Opening
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import EVERYTHING, News, Shows, Source, Span
from postdeploy.run.log_request import LogRequest
from postdeploy.run.log_watch import Settings, Watch
from postdeploy.runbook.reading import read_runbook
from postdeploy.vercel.clock import Clock

LIMIT = 2.0
"""Seconds, at most, of 95 of 100 ends."""
STEP = 100
"""Milliseconds of traffic that are given at once."""
_LEAST, _MOST = 3.0, 5.0
"""Seconds for which the traffic goes on before the deciding row."""
_PATIENCE = 120.0
_ERRORS = (
    "Cannot read properties of undefined (reading 'owner')",
    "the label is empty",
    "could not send the reply",
    "connect ECONNREFUSED 10.0.0.7:6379",
    "the thread is locked",
    "Unexpected token < in JSON at position 0",
)


@dataclass
class Stage:
    """The world of a watch, and its source: what is put into `given`."""

    began: int
    name: str = "a simulation"
    shows: Shows = EVERYTHING | Shows.LIVE
    given: SimpleQueue[News] = field(default_factory=SimpleQueue)
    clock: Clock = field(default_factory=Clock)
    report: LogReport | None = None
    ended: threading.Event = field(default_factory=threading.Event)
    ended_at: float = 0.0

    def read(self, _: int, done: Callable[[], bool]) -> Iterator[News]:
        """As a source does."""
        while not done():
            try:
                yield self.given.get(timeout=STEP / 1000)
            except Empty:
                continue

    def opening(self) -> Opening:
        """It went live when the traffic began."""
        return Opening(self.began, "a simulation", "dpl_now")

    def source(self, _: Opening) -> Source:
        """Itself."""
        return self

    def baseline(self, _: Opening) -> tuple[None, str]:
        """None."""
        return None, ""

    def send(self, _: str) -> int:
        """A sentinel; whether it appears decides no failure."""
        return 401

    def expect(self, _: int) -> None:
        """Nothing to do."""

    def own(self) -> tuple[()]:
        """No browser."""
        return ()

    def earlier_requests(self) -> tuple[()]:
        """None."""
        return ()

    def publish(self, report: LogReport) -> None:
        """The end."""
        self.ended_at, self.report = time.monotonic(), report
        self.ended.set()


def delay(minutes: int, per_second: int, seed: int) -> float:
    """Seconds from the deciding row to the report, after so many minutes of traffic."""
    dice = random.Random(seed)  # noqa: S311 - a simulation
    now = time.time_ns() // 1_000_000
    stage = Stage(now - minutes * 60_000)
    before = range(stage.began, now, 1000)
    stage.given.put(News(tuple(itertools.chain.from_iterable(rows(dice, at, per_second, 1000) for at in before))))
    watch = Watch(Settings(read_runbook(), dt.date(2026, 11, 30), LogRequest("a simulation", watch=600.0)), stage)
    watch.start()
    watch.finish()
    while watch.latest is None:
        time.sleep(0.1)
    until = time.monotonic() + dice.uniform(_LEAST, _MOST)
    while time.monotonic() < until:
        at = time.time_ns() // 1_000_000
        _give(stage, tuple(rows(dice, at, per_second, STEP)))
        time.sleep(STEP / 1000)
    _give(stage, _errors(time.time_ns() // 1_000_000, read_runbook().threshold.unique + 1))
    decided = time.monotonic()
    if not stage.ended.wait(_PATIENCE) or stage.report is None or not stage.report.fails:
        raise AssertionError("the watch did not fail")
    watch.stop()
    watch.join(_PATIENCE)
    return stage.ended_at - decided


def _give(stage: Stage, entries: Sequence[LogEntry]) -> None:
    stage.given.put(News(tuple(entries), covered=Span(stage.began, time.time_ns() // 1_000_000)))


def _errors(at: int, count: int) -> tuple[LogEntry, ...]:
    """So many requests that fail in different ways."""
    return tuple(
        LogEntry(
            at=at,
            message=f" ⨯ Error: {said}",
            level="error",
            method="POST",
            path="/",
            status=500,
            request_id=f"failed-{at}-{number}",
            row_id=f"failed-{at}-{number}",
            deployment_id="dpl_now",
            environment="production",
            source="function",
        )
        for number, said in enumerate(_ERRORS[:count])
    )


def table(minutes: int, per_second: int, tries: int) -> list[str]:
    """The measurement, in lines of Markdown."""
    delays = []
    for seed in range(tries):
        delays.append(delay(minutes, per_second, seed))
        print(f"{delays[-1]:.2f} s from the deciding row to the end", flush=True)
    late = statistics.quantiles(delays, n=20)[-1]
    return [
        "## How soon it ends",
        "",
        f"{tries} watches, in real time, of a log that holds {minutes} minutes at {per_second:,} rows a second and goes on: from the row",
        "that decides, one unique Server Action error more than is allowed, to the report.",
        "",
        "| median | p95 | longest |",
        "|---|---|---|",
        f"| {statistics.median(delays):.2f} s | {late:.2f} s | {max(delays):.2f} s |",
        "",
        f"Aim: {LIMIT:g} s at the 95th percentile ({'met' if late <= LIMIT else 'missed'}).",
        "",
    ]
