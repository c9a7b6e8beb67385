"""A watch ends at once when it is decided, else when the window has closed and the last sentinel has turned up."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from queue import Empty, SimpleQueue

import msgspec
import pytest

from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import Opening
from postdeploy.analysis.suite_requests import SuiteRequest
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.progress import NOT_SHOWN, NotShown, ReadProgress
from postdeploy.logs.protocol import News, Shows, Source, Span
from postdeploy.model import Blocked, Cause
from postdeploy.run import log_watch
from postdeploy.run.log_request import LogRequest
from postdeploy.run.log_watch import Settings, Watch
from postdeploy.runbook.reading import read_runbook
from postdeploy.runbook.tables import Runbook
from postdeploy.vercel.clock import Clock
from tests.logs.rows import TODAY

_numbers = count()
_PATIENCE = 60.0
"""Seconds after which a report will not come any more, on a busy machine, too."""
QUICK = msgspec.structs.replace(read_runbook().logs, arrival=1.0, sentinel_every=0.3)


@dataclass
class Stream:
    """A source that tells what it is given."""

    name: str = "stream"
    shows: Shows = Shows.STATUS | Shows.REQUEST_ID | Shows.MESSAGES | Shows.LIVE | Shows.HISTORY
    told: SimpleQueue[News] = field(default_factory=SimpleQueue)

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        while not done():
            try:
                yield self.told.get(timeout=0.02)
            except Empty:
                yield News(covered=Span(since, int(time.time() * 1000)))


@dataclass
class Stage:
    """The world of a watch: a deployment that went live this moment, and whose log shows each request at once."""

    stream: Stream = field(default_factory=Stream)
    clock: Clock = field(default_factory=Clock)
    shows_sentinels: bool = True
    trouble: Exception | None = None
    report: LogReport | None = None
    came: threading.Event = field(default_factory=threading.Event)
    began: int = field(default_factory=lambda: int(time.time() * 1000))
    sent: tuple[SuiteRequest, ...] = ()
    expected: int = 0

    def opening(self) -> Opening:
        if self.trouble:
            raise self.trouble
        return Opening(self.began, "told", None)

    def source(self, opening: Opening) -> Source:
        return self.stream

    def baseline(self, opening: Opening) -> tuple[Baseline | None, str]:
        return None, ""

    def send(self, path: str) -> None:
        if self.shows_sentinels:
            self.log(path, status=401)

    def earlier_requests(self) -> tuple[str, ...]:
        return ()

    def expect(self, moment: int) -> None:
        self.expected = moment

    def own(self) -> tuple[SuiteRequest, ...]:
        return self.sent

    def publish(self, report: LogReport) -> None:
        self.report = report
        self.came.set()

    def log(self, path: str = "/", status: int = 200, message: str = "") -> None:
        at = int(time.time() * 1000)
        name = f"r-{at}-{next(_numbers)}"
        method = "POST" if path == "/" else "GET"
        self.stream.told.put(News((LogEntry(at, message, "error", method, path, status, name),)))

    def ended(self) -> LogReport:
        assert self.came.wait(_PATIENCE)
        assert self.report is not None
        return self.report


@dataclass
class Amounts(NotShown):
    """Keeps what it is shown."""

    source: Source | None = None
    news: list[News] = field(default_factory=list)

    def begin(self, source: Source) -> None:
        self.source = source

    def note(self, news: News) -> None:
        self.news.append(news)


def watch(stage: Stage, *, watches: bool = False, window: float = 600.0, progress: ReadProgress = NOT_SHOWN) -> Watch:
    book: Runbook = msgspec.structs.replace(
        read_runbook(), logs=QUICK, threshold=msgspec.structs.replace(read_runbook().threshold, window=window)
    )
    made = Watch(Settings(book, TODAY, LogRequest("vercel", watch=window if watches else None)), stage)
    made.progress = progress
    made.start()
    return made


def fail(stage: Stage, words: str) -> None:
    stage.log(status=500, message=f" ⨯ Error: {words}\n    at a (b.js:1:1) {{\n  digest: '1'\n}}")


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_without_watching_it_ends_when_the_checks_are_done(stage: Stage) -> None:
    running = watch(stage)
    time.sleep(1.2)
    assert stage.report is None
    running.finish()
    report = stage.ended()
    assert (report.proof.proven, report.stage, report.early) == (True, "smoke", False)
    assert report.says.startswith("window open until")


def test_watching_it_ends_when_the_window_has_closed(stage: Stage) -> None:
    stage.sent = (SuiteRequest("read", "GET", "/api/inbox/conversations", 200, time.time() * 1000),)
    running = watch(stage, watches=True, window=2.5)
    running.finish()
    report = stage.ended()
    assert running.closes is not None
    assert running.closes <= 0
    assert (report.proof.proven, report.stage) == (True, "window")
    assert report.says.startswith("window closed")


def test_a_window_in_which_the_inbox_was_not_used_is_not_proven(stage: Stage) -> None:
    watch(stage, watches=True, window=2.5).finish()
    assert "the inbox was not used" in " ".join(stage.ended().proof.missing)


def test_what_the_server_wrote_about_a_failed_check_is_waited_for(stage: Stage) -> None:
    """Everything else has arrived: the report still waits for the rows of the requests that failed."""
    at = time.time() * 1000
    stage.sent = (SuiteRequest("late", "POST", "/", 500, at, failed=True),)
    running = watch(stage)
    running.finish()
    assert not stage.came.wait(2.5)
    said = "⨯ Error: [prisma] DATABASE_URL is not set"
    stage.stream.told.put(News((LogEntry(int(at), said, "error", "POST", "/", 500, "late"),)))
    assert [one.cause for one in stage.ended().findings if one.cause] == [Cause.ENVIRONMENT]


def test_rows_that_never_come_are_not_waited_for_for_ever(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_watch, "_FAILED_REQUESTS_WITHIN", 0.2)
    stage.sent = (SuiteRequest("never", "POST", "/", 500, time.time() * 1000, failed=True),)
    watch(stage).finish()
    assert "1 of 1 requests that failed a check are not in it" in stage.ended().proof.missing


def test_a_failure_ends_it_at_once_when_the_checks_are_done(stage: Stage) -> None:
    running = watch(stage, watches=True)
    for words in ("one", "two", "three", "four"):
        fail(stage, words)
    assert not stage.came.wait(1.0)
    running.finish()
    report = stage.ended()
    assert (report.fails, report.early, report.totals.unique) == (True, True, 4)
    assert running.closes is not None


def test_a_sentinel_that_never_turns_up_is_not_waited_for_for_ever(stage: Stage) -> None:
    stage.shows_sentinels = False
    watch(stage).finish()
    report = stage.ended()
    assert not report.proof.proven
    assert "sentinels did not appear" in " ".join(report.proof.missing)


@pytest.mark.parametrize(
    ("trouble", "cure"),
    [
        pytest.param(Blocked("no token", "Set VERCEL_TOKEN."), "Set VERCEL_TOKEN.", id="blocked"),
        pytest.param(RuntimeError("oops"), None, id="our own error"),
    ],
)
def test_what_keeps_it_from_reading_is_told(stage: Stage, trouble: Exception, cure: str | None) -> None:
    stage.trouble = trouble
    watch(stage)
    report = stage.ended()
    assert not report.proof.proven
    assert report.blocked == cure


def test_a_source_that_breaks_is_our_own_error(stage: Stage) -> None:
    def breaks(since: int, done: Callable[[], bool]) -> Iterator[News]:
        yield News()
        raise RuntimeError("oops")

    stage.stream.read = breaks  # type: ignore[method-assign]
    watch(stage).finish()
    report = stage.ended()
    assert not report.proof.proven
    assert any("our own error while reading the log" in note for note in report.notes)


def test_what_shows_how_far_the_reading_is_learns_of_all_that_was_taken(stage: Stage) -> None:
    seen = Amounts()
    stage.stream.told.put(News(read=300))
    stage.log()
    running = watch(stage, progress=seen)
    running.finish()
    stage.ended()
    assert seen.source is stage.stream
    assert sum(one.read for one in seen.news) == 300
    assert sum(len(one.entries) for one in seen.news) > 1  # with the sentinels


def test_a_watch_that_nobody_wants_ends_without_a_report(stage: Stage) -> None:
    running = watch(stage)
    running.stop()
    time.sleep(0.5)
    assert stage.report is None
    assert running.stopped


def test_when_another_deployment_has_taken_over_a_failure_of_before_is_told(stage: Stage) -> None:
    running = watch(stage, watches=True)
    for words in ("one", "two", "three", "four"):
        fail(stage, words)
    assert not stage.came.wait(1.0), "the checks are not done"
    running.cut()
    assert stage.ended().fails
    running.join(2)
    assert running.stopped


def test_when_another_deployment_has_taken_over_nothing_else_is_told(stage: Stage) -> None:
    """What was seen of a window that nobody watches to its end proves nothing good."""
    running = watch(stage, watches=True)
    time.sleep(0.5)
    running.cut()
    running.join(3)
    assert running.stopped
    assert stage.report is None
