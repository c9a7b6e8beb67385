"""Watching a deployment's log while the checks run, and after them until the window closes.

Two threads of their own: one reads the source, one keeps the logbook. All times are by the clock of Vercel; ours only measures durations.
The watch ends at once when a failure is certain, else when the window has closed (without `--watch`: when the checks are done) and the
last sentinel has appeared.
"""

from __future__ import annotations

import datetime as dt
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from postdeploy.analysis import log_summary
from postdeploy.analysis.baseline import Baseline
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.log_request import BookSettings, Opening, ReportRequest
from postdeploy.analysis.logbook import Logbook
from postdeploy.analysis.suite_requests import ids_of
from postdeploy.logs import announcement
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.progress import NOT_SHOWN, ReadProgress
from postdeploy.logs.protocol import News, Shows, Source
from postdeploy.logs.sentinel import Sentinel, new_run
from postdeploy.model import Blocked, Stage
from postdeploy.run.log_request import LogRequest
from postdeploy.run.log_world import World
from postdeploy.runbook.tables import Runbook

_LOOK = 0.05
"""Seconds between two looks for news."""
_BASELINE_GRACE = 5.0
"""Seconds that a failure waits for the baseline, if that is still being read."""
_LISTENS_WITHIN = 3.0
"""Seconds in which a source must begin to listen."""
_FAILED_REQUESTS_WITHIN = 15.0
"""Seconds that the log gets to show what the server wrote about the requests that failed a check."""
JUDGE_AFTER = {True: (0.2, 2), False: (1.0, 4)}
"""When the checks are done, and while they run: after how many seconds it is judged again, and how many times as long as that took."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How a log is watched."""

    runbook: Runbook
    today: dt.date
    log: LogRequest

    @property
    def watches(self) -> bool:
        """Whether to wait until the window has closed."""
        return self.log.watch is not None

    @property
    def recovery(self) -> bool:
        """Whether it is the log after a rollback: what the deployment was known for before is tolerated."""
        return self.log.recovery

    @property
    def baseline_timeout(self) -> float:
        """Seconds that a failure waits for the baseline. After a rollback the baseline decides whether it is one."""
        return self.runbook.logs.arrival if self.recovery else _BASELINE_GRACE

    @property
    def stage(self) -> Stage:
        """What its report is about."""
        return self.log.stage(self.runbook.threshold.window)


@dataclass
class Watch:
    """One watch. `start` it, `finish` it when the checks are done, `stop` it when its report is not needed any more."""

    settings: Settings
    world: World
    latest: LogReport | None = None
    """What is known so far."""
    book: Logbook | None = None
    source: Source | None = None
    progress: ReadProgress = NOT_SHOWN
    _finish: threading.Event = field(default_factory=threading.Event)
    _stop: threading.Event = field(default_factory=threading.Event)
    _cut: threading.Event = field(default_factory=threading.Event)
    _news: queue.SimpleQueue[News | None] = field(default_factory=queue.SimpleQueue)
    _compared: tuple[Baseline | None, str] = (None, "the baseline was not read in time: nothing to compare with")
    _has_compared: threading.Event = field(default_factory=threading.Event)
    _ended: bool = False
    _listens: bool = False
    _thread: threading.Thread | None = None
    _announced: set[str] = field(default_factory=set)
    """Ids of our own requests that the log names as ours."""

    def start(self) -> None:
        """Begin to read."""
        self._thread = threading.Thread(target=self._run, name="log watch", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """The checks are done: judge as soon as that can be done."""
        self._finish.set()

    def cut(self) -> None:
        """End it, for another deployment has taken over. Only a failure that was seen until now is reported."""
        self._cut.set()

    def join(self, seconds: float) -> None:
        """Wait until it has ended, so many seconds at most."""
        if self._thread:
            self._thread.join(seconds)

    def stop(self) -> None:
        """End it without a report."""
        self._stop.set()

    @property
    def stopped(self) -> bool:
        """Whether it has ended."""
        return self._stop.is_set()

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """The rows as they were at the last judgement, each with a request id."""
        return self.book.entries if self.book else ()

    @property
    def closes(self) -> float | None:
        """Seconds until the window closes; None while that is not known."""
        if self.book is None or self.source is None:
            return None
        return (self.book.closes(self.source.shows) - self.world.clock.now()) / 1000

    def _run(self) -> None:
        try:
            opening = self.world.opening()
            self.source = source = self.world.source(opening)
            self.progress.begin(source)
            self.book = Logbook(
                self.settings.runbook,
                self.settings.today,
                opening,
                BookSettings(window=self.settings.log.watch, tolerates_known=self.settings.recovery),
            )
            self._keep(self.book, source)
        except Blocked as error:
            self.world.publish(log_summary.unreadable(error.what, self.settings.stage, error.cure))
        except Exception as error:  # noqa: BLE001 - reported in place of the log
            why = f"our own error: {type(error).__name__}: {error}"
            self.world.publish(log_summary.unreadable(why, self.settings.stage))
        self._stop.set()

    def _keep(self, book: Logbook, source: Source) -> None:
        limits = self.settings.runbook.logs
        threading.Thread(target=self._read, args=(source, book.opening), name="log source", daemon=True).start()
        threading.Thread(target=self._compare, args=(book.opening,), name="log baseline", daemon=True).start()
        run = new_run()
        self._wait_until_it_listens(book, source)
        self._send(book, run)
        judged = sent = time.monotonic()
        took, fresh = 0.0, True
        while not self._stop.is_set() and not self._cut.is_set() and not self._over(book, source):
            fresh, now = self._take(book, source) or fresh, time.monotonic()
            if now - sent >= limits.sentinel_every:
                self._send(book, run)
                self.announce()
                sent = now
            least, share = JUDGE_AFTER[self._finish.is_set()]
            if fresh and now - judged >= max(least, share * took):
                self.latest = self._report(book, source, self.world.clock.now(), closed=False)
                took, judged, fresh = time.monotonic() - now, now, False
            if self.latest and self.latest.fails and self._finish.is_set():
                self._wait_for_failed_requests(book, source)
                self._has_compared.wait(self.settings.baseline_timeout)  # it decides what the failure calls for
                self.latest = self._report(book, source, self.world.clock.now(), closed=False)
                if self.latest.fails:  # requests of our own browser may have explained it meanwhile
                    self.world.publish(self.latest)
                    self.announce()
                    return
        if self._cut.is_set():
            self._publish_failure(book, source)
        if self._stop.is_set() or self._cut.is_set():
            return
        last = self._send(book, run)
        self.announce()
        self._wait_for(min(last.sent, book.closes(source.shows)), book, source, limits.arrival)
        self._wait_for_failed_requests(book, source)
        self.latest = self._report(book, source, last.sent, closed=True)
        self.announce()
        self.world.publish(self.latest)

    def _publish_failure(self, book: Logbook, source: Source) -> None:
        """What failed before another deployment took over stays."""
        self._take(book, source)
        self._has_compared.wait(self.settings.baseline_timeout)
        self.latest = self._report(book, source, self.world.clock.now(), closed=False)
        if self.latest.fails:
            self.world.publish(self.latest)

    def _wait_until_it_listens(self, book: Logbook, source: Source) -> None:
        """A stream shows only what is written after it was opened: a sentinel sent before would be lost."""
        until = time.monotonic() + _LISTENS_WITHIN
        while not self._stop.is_set() and not self._listens and time.monotonic() < until:
            self._take(book, source)

    def _over(self, book: Logbook, source: Source) -> bool:
        """Whether nothing more is waited for but the last sentinel."""
        passed = not self.settings.watches or self._ended or self.world.clock.now() >= book.closes(source.shows)
        return self._finish.is_set() and passed

    def _wait_for(self, moment: int, book: Logbook, source: Source, seconds: float) -> None:
        until = time.monotonic() + seconds
        self.world.expect(moment)
        while not self._stop.is_set() and not self._cut.is_set() and not self._ended and time.monotonic() < until:
            self._take(book, source)
            covered = Shows.LIVE not in source.shows or book.covered_until(moment, source.shows)
            if book.all_arrived and covered and self._has_compared.is_set():
                return

    def _wait_for_failed_requests(self, book: Logbook, source: Source) -> None:
        """What the server wrote about them says why: their rows are waited for, but not for long."""
        until, fresh = time.monotonic() + _FAILED_REQUESTS_WITHIN, True
        if Shows.MESSAGES not in source.shows:
            return
        while not (self._stop.is_set() or self._cut.is_set() or self._ended) and time.monotonic() < until:
            if fresh and book.shows_failed(self.world.own()):
                return
            fresh = self._take(book, source)

    def _report(self, book: Logbook, source: Source, until: int, *, closed: bool) -> LogReport:
        baseline, about = self._compared
        return book.report(
            ReportRequest(
                source=source.name,
                stage=self.settings.stage,
                until=until,
                shows=source.shows,
                closed=closed,
                whole=self.settings.watches,
                suite_requests=self.world.own(),
                earlier_requests=self.world.earlier_requests(),
                baseline=baseline,
                notes=(about,) if about else (),
            )
        )

    def _take(self, book: Logbook, source: Source) -> bool:
        """What has come; waits a moment for it. Whether there is anything to judge."""
        fresh = False
        try:
            news = self._news.get(timeout=_LOOK)
            while True:
                if news is None:
                    self._ended = fresh = True
                else:
                    self.progress.note(news)
                    self._listens = self._listens or bool(news.entries or news.covered or news.gap)
                    fresh = book.note(news, self.world.clock.now(), source.shows) or fresh
                news = self._news.get_nowait()
        except queue.Empty:
            return fresh

    def _read(self, source: Source, opening: Opening) -> None:
        since = 0 if opening.since is None else opening.since - 1000
        try:
            for news in source.read(since, self._stop.is_set):
                self._news.put(news)
        except Exception as error:  # noqa: BLE001 - a source must not raise; if it does, what follows is not covered
            self._news.put(News(note=f"our own error while reading the log: {type(error).__name__}: {error}"))
        self._news.put(None)

    def _compare(self, opening: Opening) -> None:
        try:
            self._compared = self.world.baseline(opening)
        except Exception as error:  # noqa: BLE001 - then nothing is compared, and that is said
            self._compared = (None, f"nothing to compare with: {error}")
        self._has_compared.set()

    def _send(self, book: Logbook, run: int) -> Sentinel:
        sentinel = Sentinel(run, len(book.seen.sent), self.world.clock.now())
        book.sent(sentinel)
        self._ask_for(sentinel.name, partial(book.sentinels.answered, sentinel))
        return sentinel

    def announce(self, within: float = 0.0) -> None:
        """Name our own requests in the log, those that it does not name yet. `within`: seconds to wait until they are sent."""
        found = self.book.own if self.book else ()
        ids = [one for one in ids_of(self.world.own(), found) if one not in self._announced]
        self._announced.update(ids)
        for sending in [self._ask_for(name) for name in announcement.names(ids)]:
            sending.join(within)

    def _ask_for(self, name: str, answered: Callable[[int | None], None] = lambda _: None) -> threading.Thread:
        path = f"{self.settings.runbook.app.list_path}/{name}"
        sending = threading.Thread(target=lambda: answered(self.world.send(path)), name="sentinel", daemon=True)
        sending.start()
        return sending
