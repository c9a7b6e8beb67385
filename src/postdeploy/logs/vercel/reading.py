"""One reading: listens and reads back at the same time, joins what it gets, and keeps account of what is covered."""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.join import Joined
from postdeploy.logs.protocol import Gap, News, Span
from postdeploy.logs.sighting import View
from postdeploy.logs.spans import overlap, union, without
from postdeploy.logs.vercel.coverage import SpanCoverage
from postdeploy.logs.vercel.history import History
from postdeploy.logs.vercel.live import Live
from postdeploy.logs.vercel.pace import Pace, wait
from postdeploy.logs.vercel.pages import Page
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import AsyncVercel
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.errors import PlatformError

_ROUNDING = 0.05
"""Seconds by which a look at what is waited for comes later than it must."""
_CLOSE_WITHIN = 0.15
"""Seconds that the connections get to close."""


@dataclass(frozen=True, slots=True)
class ReadingScope:
    """Whose logs are read, and how patiently."""

    access: Access
    deployment_id: str
    owner: str
    pace: Pace
    clock: Clock


class Reading:
    """`start`, `stop` and `rest` belong to the reader's thread; everything else happens in the loop's own."""

    def __init__(self, scope: ReadingScope, since: int) -> None:
        self.news: SimpleQueue[News | BaseException | None] = SimpleQueue()
        """An error is a fault of ours; None: there will be no more."""
        self.refused: PlatformError | None = None
        self._scope = scope
        self._since = since
        self._joined = Joined()
        self._coverage = SpanCoverage()
        self._lost: list[Gap] = []
        self._covered_live: list[Span] = []
        """What the live stream alone covers. The history decides while it answers: it has what a stream loses silently."""
        self._open = 0
        self._not_received_since = (since, "before the reading began")
        self._kept = 1 << 62
        self._high = since  # up to where the history was read, and rows had time to appear in it
        self._look, self._again = asyncio.Event(), asyncio.Event()
        self._expected = 0  # a moment that is waited for, epoch milliseconds
        self._history_answered = time.monotonic()
        self._history: History | None = None
        self._thread = threading.Thread(target=self._work, name="vercel-logs", daemon=True)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopped = False

    @property
    def has_history(self) -> bool:
        """Whether a history has answered."""
        return bool(self._history and self._history.readers)

    @property
    def lacks_history(self) -> bool:
        """Whether every history was asked, and this account has none of them."""
        return self.refused is None and self._history is not None and self._history.readers == []

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End; connections that do not close at once are abandoned."""
        if self._stopped:
            return
        self._stopped = True
        if self._task is not None:
            self._call(self._task.cancel)
        self._thread.join(_CLOSE_WITHIN)

    def expect(self, moment: int) -> None:
        """This moment is waited for: what comes late is read now, and the rest as soon as it can be covered."""
        self._expected = moment
        self._call(self._look.set)
        self._call(self._again.set)

    def rest(self) -> Iterator[News]:
        """What was still on its way, and what was never covered."""
        while True:
            try:
                news = self.news.get_nowait()
            except Empty:
                break
            if isinstance(news, News):
                yield news
        whole = Span(self._since, self._scope.clock.earliest())
        lost = [gap.span for gap in self._lost]
        for gap in self._coverage.gaps(whole, "not seen when the reading ended"):
            if without(gap.span, lost):
                yield News(gap=gap)

    def _call(self, what: Callable[[], object]) -> None:
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # it has ended by itself
                self._loop.call_soon_threadsafe(what)

    def _work(self) -> None:
        try:
            asyncio.run(self._run())
        except asyncio.CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001 - raised in the reader's thread
            self.news.put(error)
        self.news.put(None)

    async def _run(self) -> None:
        self._loop, self._task = asyncio.get_running_loop(), asyncio.current_task()
        if self._stopped:
            return
        scope = self._scope
        api = AsyncVercel(scope.access, scope.pace.retry, scope.clock)
        history = self._history = History(api, scope.deployment_id, scope.owner, self.on_page)
        live = Live(api, scope.deployment_id, scope.pace, self, self.is_alone)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._listen(live))
                both.create_task(self._look_back(history, both))
        finally:
            await api.close()
        self.refused = live.refused or next(iter(history.refusals.values()))
        self.news.put(News(note=f"vercel: {self.refused}"))
        self._gap(Gap(Span(self._since, scope.clock.now()), self.refused.what))

    # The live stream ---------------------------------------------------------------------------------------------------

    async def _listen(self, live: Live) -> None:
        await live.listen()
        self.news.put(News(note=f"vercel: no live stream: {live.refused}"))

    def is_alone(self) -> bool:
        """Whether there is no history that could fill what the stream misses."""
        return self._history is not None and self._history.readers is not None and not self._history.complete

    def on_row(self, entry: LogEntry) -> None:
        """A row of the live stream."""
        changed = self._joined.add((entry,), View.LIVE)
        if changed:
            self.news.put(News(entries=changed))

    def on_malformed(self, line: str, span: Span) -> None:
        """A line of the live stream that can't be read."""
        self.news.put(News(malformed=1, malformed_example=line))
        self._miss(Gap(span, "a row of the live stream can't be read"))

    def on_covered(self, span: Span) -> None:
        """Every row of this span was received, as far as the stream knows."""
        self._covered_live.append(span)
        self._cover_by_stream_alone()

    def on_open(self, at: int) -> None:
        """A stream is received from this time on."""
        begin, why = self._not_received_since
        if not self._open and begin < at:
            self._miss(Gap(Span(begin, at), why))
            self._look.set()
        self._open += 1

    def on_close(self, at: int, why: str) -> None:
        """A stream is not received any more."""
        self._open -= 1
        if not self._open:
            self._not_received_since = (at, why)
            self._look.set()

    def _cover_by_stream_alone(self) -> None:
        waited = time.monotonic() - self._history_answered
        if self.is_alone() or waited > self._scope.pace.history_timeout:
            for span in self._covered_live:
                self._cover(span)
            self._covered_live.clear()

    # The history -------------------------------------------------------------------------------------------------------

    async def _look_back(self, history: History, tasks: asyncio.TaskGroup) -> None:
        late = None
        while True:
            try:
                if history.readers is None:
                    await history.discover()
                    self.news.put(News(note=history.note))
                    for gap in self._coverage.reasons if self.is_alone() else ():
                        self._gap(gap)
                if not history.readers:
                    self._cover_by_stream_alone()
                    self._again.set()
                    return
                await self._catch_up(history)
                self._history_answered = time.monotonic()
                late = late or tasks.create_task(self._look_again(history))
            except PlatformError as error:
                self._coverage.miss(Gap(Span(self._high, self._scope.clock.latest()), error.what))
            self._cover_by_stream_alone()
            await wait(self._look, self._until_next_look())

    def _until_next_look(self) -> float:
        """Seconds: fewer where a moment is waited for, and can be covered sooner."""
        pace, ago = self._scope.pace, (self._scope.clock.earliest() - self._expected) / 1000
        waits = [lag + _ROUNDING - ago for lag in (pace.lag_together, pace.lag)]
        return min([pace.poll, *(each for each in waits if each > 0)])

    async def _look_again(self, history: History) -> None:
        """Read once more what was read before: rows come late. At most half of the time, whatever there is to read."""
        took, before = 0.0, self._high
        while history.readers:
            await wait(self._again, max(self._scope.pace.poll, took))
            began, high = time.monotonic(), self._high
            since = max(self._since, self._kept, before - int(self._scope.pace.overlap * 1000))
            with contextlib.suppress(PlatformError):  # it is read again the next time
                for gap in await history.read(Span(since, high)) if since < high else ():
                    self._gap(gap)
                before = high
            took = time.monotonic() - began

    async def _catch_up(self, history: History) -> None:
        """Read from where it was complete to now, piece by piece."""
        pace, clock = self._scope.pace, self._scope.clock
        since = self._high = await self._kept_since(history, self._high)
        while True:
            settled, now = clock.earliest() - int(pace.lag * 1000), clock.latest()
            until = min(since + int(pace.slice * 1000), now + 1000)
            gaps = await history.read(Span(since, until))
            for gap in gaps:
                self._gap(gap)
            if history.complete:
                self._cover_what_was_read(Span(since, until), settled, [gap.span for gap in gaps])
            if since <= self._high:  # nothing before this piece is left to be read again
                self._high = max(self._high, min(until, settled))
            if until >= now:
                return
            since = until

    def _cover_what_was_read(self, read: Span, settled: int, gaps: list[Span]) -> None:
        """What had time to appear in the history; less time where the live stream was received as well."""
        for span in without(overlap(read, Span(read.since, settled)), gaps):
            self._cover(span)
        pace = self._scope.pace
        recent = overlap(read, Span(settled, settled + int((pace.lag - pace.lag_together) * 1000)))
        self._covered_live = [span for span in union(self._covered_live) if span.until > settled]
        for live in self._covered_live:
            for span in without(overlap(live, recent), gaps):
                self._cover(span)

    async def _kept_since(self, history: History, since: int) -> int:
        """From when on the plan keeps rows."""
        if since >= self._kept:
            return since
        kept = self._kept = await history.oldest(since)
        self._gap(Gap(Span(since, kept), "the plan does not keep logs for so long"))
        return kept

    def on_page(self, page: Page, view: View) -> None:
        """A page of the history."""
        deployment = self._scope.deployment_id
        changed = self._joined.add((row for row in page.entries if row.deployment_id in (None, deployment)), view)
        if changed or page.malformed:
            self.news.put(News(entries=changed, malformed=page.malformed, malformed_example=page.malformed_example))

    def _cover(self, span: Span) -> None:
        span = Span(max(span.since, self._since), span.until)
        if span.since < span.until:
            self._coverage.cover(span)
            self.news.put(News(covered=span))

    def _miss(self, gap: Gap) -> None:
        """Something was not received; the history may still have it."""
        self._coverage.miss(gap)
        if self.is_alone():
            self._gap(gap)

    def _gap(self, gap: Gap) -> None:
        """Something is lost for good."""
        gap = Gap(Span(max(gap.span.since, self._since), gap.span.until), gap.why)
        if gap.span.since < gap.span.until and gap not in self._lost:
            self._lost.append(gap)
            self._coverage.miss(gap)
            self.news.put(News(gap=gap))
