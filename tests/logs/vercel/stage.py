"""The sandbox's platform and a source that reads its logs, with short waiting times."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Gap, News, Span
from postdeploy.logs.vercel.pace import Pace
from postdeploy.logs.vercel.source import VercelLogs
from postdeploy.redaction import Secret
from postdeploy.vercel.access import Access
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.retry import RetryPolicy
from sandbox.clock import Clock as PlatformClock
from sandbox.deployments import Deployment, Deployments
from sandbox.logs import Logs
from sandbox.platform import Account, Platform, Project, Team
from sandbox.serving import Loop, Site

TOKEN = "a_token_of_word_characters"
TEAM = Team("team_1", "acme", "Acme", 1_767_225_600_000, "user_1")
PROJECT = Project("prj_1", "inbox", TEAM, 1_767_225_600_000)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OLD = Deployment("dpl_old", "http://127.0.0.1:1", "inbox-old", NOON)
NEW = Deployment("dpl_new", "http://127.0.0.1:2", "inbox-new", NOON + timedelta(hours=1))

_PATIENCE = 60.0
"""Seconds after which something will not come any more, on a busy machine, too."""
PACE = Pace(
    poll=0.4,
    overlap=2.0,
    lag=0.8,
    lag_together=0.3,
    settle=0.2,
    silence=1.0,
    renew=0.8,
    renew_alone=0.5,
    reconnect=0.02,
    reconnect_most=0.1,
    slice=1.0,
    history_timeout=5.0,
)
QUICK = replace(PACE, poll=0.1, lag=0.3, lag_together=0.15, settle=0.1)
"""For platforms that are not disturbed at random, and machines that are not busy with ten of them."""
RETRY = RetryPolicy(attempts=3, first=0.01, longest=2.0, answer=0.4)


class ExactClock(Clock):
    """Knows Vercel's clock to the millisecond: a `Date` header has whole seconds, too coarse for windows of seconds."""

    def __init__(self, platform: PlatformClock) -> None:
        super().__init__()
        self._platform = platform

    def learn(self, answer: httpx.Response, asked: float) -> None:
        """Nothing to learn."""

    def earliest(self) -> int:
        return self._platform.milliseconds

    def latest(self) -> int:
        return self._platform.milliseconds + 1


@dataclass
class Heard:
    """What a reader got, and when."""

    source: VercelLogs
    news: list[tuple[int, News]] = field(default_factory=list)
    """With Vercel's time at which it came."""
    ended: bool = False
    stop: threading.Event = field(default_factory=threading.Event)
    error: BaseException | None = None

    @property
    def rows(self) -> dict[str, LogEntry]:
        """One for each row, in its last version."""
        return {row.row_id or "": row for _, news in list(self.news) for row in news.entries}

    @property
    def covered(self) -> list[Span]:
        return [news.covered for _, news in list(self.news) if news.covered]

    @property
    def gaps(self) -> list[Gap]:
        return [news.gap for _, news in list(self.news) if news.gap]

    @property
    def notes(self) -> list[str]:
        return [news.note for _, news in list(self.news) if news.note]

    @property
    def malformed(self) -> int:
        return sum(news.malformed for _, news in list(self.news))

    def wait_for(self, what: Callable[[], object]) -> None:
        until = time.monotonic() + _PATIENCE
        while not what():
            if time.monotonic() > until:
                pytest.fail(f"not within {_PATIENCE:g} s; heard: {self.news[-20:]}")
            time.sleep(0.005)


class Stage:
    """A platform of its own, served, with what a source needs to reach it."""

    def __init__(self, loop: Loop) -> None:
        self.clock = PlatformClock()
        self.logs = Logs(self.clock)
        self.deployments = Deployments(3000, self.clock)
        self.deployments.promote(OLD)
        self.deployments.promote(NEW)
        account = Account("user_1", "ada", "ada@example.test", TOKEN, TEAM.id)
        self.platform = Platform(account, PROJECT, self.deployments, self.logs)
        self._loop = loop
        self._site = loop.run(Site.serve(self.platform.application()))
        self.access = Access(Secret(TOKEN), PROJECT.id, TEAM.id, f"http://127.0.0.1:{self._site.port}")

    pace = QUICK
    retry = RETRY

    def close(self) -> None:
        self._loop.run(self._site.close())

    @contextmanager
    def reading(
        self,
        since: int | None = None,
        *,
        access: Access | None = None,
        deployment: str = NEW.id,
        pace: Pace = QUICK,
        retry: RetryPolicy = RETRY,
        clock: Clock | None = None,
    ) -> Iterator[Heard]:
        """Read from `since` (by default: now) on, in a thread; by a clock that is exact unless another one is given."""
        source = VercelLogs(
            access or self.access, deployment, pace=replace(pace, retry=retry), clock=clock or ExactClock(self.clock)
        )
        heard = Heard(source)
        begin = self.clock.milliseconds if since is None else since

        def read() -> None:
            try:
                for news in source.read(begin, heard.stop.is_set):
                    heard.news.append((self.clock.milliseconds, news))
            except BaseException as error:  # noqa: BLE001 - shown to the test
                heard.error = error
            heard.ended = True

        thread = threading.Thread(target=read)
        thread.start()
        try:
            yield heard
        finally:
            heard.stop.set()
            thread.join(_PATIENCE)
        assert heard.ended
        assert heard.error is None, repr(heard.error)
