"""The source `vercel`: news out of a queue, while a thread with an event loop does the reading."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from queue import Empty

from postdeploy.logs.protocol import News, Shows
from postdeploy.logs.vercel.pace import Pace
from postdeploy.logs.vercel.reading import Reading, ReadingScope
from postdeploy.vercel.access import Access
from postdeploy.vercel.clock import Clock
from postdeploy.vercel.errors import PlatformError

_TICK = 0.1
"""Seconds between two looks whether the reading is to end."""
_EMPTY_AFTER = 0.9
"""Seconds after which there is empty news."""
_PACE = Pace()


class VercelLogs:
    """Runtime logs of one deployment.

    Rows are given as soon as they are received live, and again when the history says more of them (the request id): the
    `row_id` is the same, the later one replaces the earlier. Kept by `row_id`, there is one for each real row.
    """

    name = "vercel"

    def __init__(
        self,
        access: Access,
        deployment_id: str,
        owner: str | None = None,
        *,
        pace: Pace = _PACE,
        clock: Clock | None = None,
    ) -> None:
        """`owner`: the id of the team or user that the project belongs to; without it the team of `access`."""
        self.clock = clock or Clock()
        """The platform's, as this source knows it."""
        self._scope = ReadingScope(access, deployment_id, owner or access.team or "", pace, self.clock)
        self._reading: Reading | None = None

    @property
    def shows(self) -> Shows:
        """What it can show, as far as is known by now."""
        shown = Shows.STATUS | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.LIVE
        if self._reading and self._reading.has_history:
            return shown | Shows.HISTORY | Shows.REQUEST_ID
        return shown

    @property
    def refused(self) -> PlatformError | None:
        """Why nothing can ever be read: the reading has ended by itself then."""
        return self._reading.refused if self._reading else None

    @property
    def lacks_history(self) -> bool:
        """Whether it is known that this account keeps no log of the past."""
        return self._reading is not None and self._reading.lacks_history

    def expect(self, moment: int) -> None:
        """This moment (epoch milliseconds, by the platform's clock) is waited for, until it is covered."""
        if self._reading:
            self._reading.expect(moment)

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        """News from `since` (epoch milliseconds) on, until `done()`, or until it is clear that nothing can be read."""
        reading = self._reading = Reading(self._scope, since)
        reading.start()
        try:
            last = time.monotonic()
            while not done():
                try:
                    news = reading.news.get(timeout=_TICK)
                except Empty:
                    if time.monotonic() - last < _EMPTY_AFTER:
                        continue
                    news = News()
                if news is None:
                    break
                if isinstance(news, BaseException):
                    raise news
                yield news
                last = time.monotonic()
            reading.stop()
            yield from reading.rest()
        finally:
            reading.stop()
