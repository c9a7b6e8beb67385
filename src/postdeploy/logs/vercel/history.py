"""The platform's histories. Which of them an account has is found out by asking.

The newer one (`/v1/observability/events`) has two kinds of row: what the functions wrote, without a status, and the requests,
without messages, where the plan includes Observability Plus. The older one (`/api/logs/request-logs`) has requests with
status and messages, and replaces what the newer one lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from postdeploy.logs.protocol import Gap, Span
from postdeploy.logs.sighting import View
from postdeploy.logs.vercel.pages import LOG, REQUEST, Events, HistoryReader, Page, Requests
from postdeploy.vercel.client import AsyncVercel
from postdeploy.vercel.errors import PlatformError

_TOO_OLD = re.compile(r"time range|retain|retention", re.IGNORECASE)
"""How the platform says that it does not keep rows of that time any more."""
_MOST_PAGES = 2000
_RETENTIONS = tuple(3600 * hours for hours in (30 * 24, 3 * 24, 24, 1))
"""What the plans keep, in seconds, the longest first."""


@dataclass(slots=True)
class History:
    """Those that an account has."""

    api: AsyncVercel
    deployment_id: str
    owner: str
    on_page: Callable[[Page, View], None]
    """Called with each page as it comes."""
    readers: list[HistoryReader] | None = None
    """None: not known yet; empty: there is none."""
    refusals: dict[str, PlatformError] = field(default_factory=dict)
    complete: bool = False
    """Whether it has every request, not only those that wrote something."""
    refuses_old: bool = False
    """Whether it refuses a request for rows that it does not keep any more, instead of giving none."""

    async def discover(self) -> None:
        """Ask each kind whether it answers.

        Raises:
            PlatformError: not now, perhaps later.
        """
        logs = Events(self.api, self.deployment_id, self.owner, LOG)
        requests = Events(self.api, self.deployment_id, self.owner, REQUEST)
        found: list[HistoryReader] = [one for one in (logs, requests) if await self._answers(one)]
        self.refuses_old = bool(found)
        self.complete = requests in found
        if len(found) < 2:
            older = Requests(self.api, self.deployment_id, self.owner, lines=logs not in found)
            if await self._answers(older):
                found.append(older)
                self.complete = True
        self.readers = found

    async def read(self, span: Span) -> list[Gap]:
        """Everything of this span, to the last page; returns what may be missing all the same.

        Raises:
            PlatformError: it broke off; `on_page` was called with what had come.
        """
        gaps: list[Gap] = []
        for reader in self.readers or ():
            next_page: str | int | None = None
            for _ in range(_MOST_PAGES):
                page = await reader.page(span, next_page)
                self.on_page(page, reader.view)
                gaps += page.gaps
                if page.boundary is not None:
                    gaps += await self._between_pages(reader, page.boundary)
                next_page = page.next_page
                if next_page is None:
                    break
            else:
                gaps.append(Gap(span, f"more than {_MOST_PAGES} pages"))
        return gaps

    async def _between_pages(self, reader: HistoryReader, at: int) -> list[Gap]:
        """Read the millisecond between two pages by itself: rows of it may be on neither.

        The answer shows whether it is complete: it must hold the row that is known to be there.
        """
        page = await reader.page(Span(at, at + 1), None)
        self.on_page(page, reader.view)
        if page.next_page is None and any(entry.at == at for entry in page.entries):
            return page.gaps
        return [Gap(Span(at, at + 1), "rows of this millisecond may be lost between two pages"), *page.gaps]

    async def oldest(self, wanted: int) -> int:
        """From when on the plan keeps rows, at or after `wanted`.

        Raises:
            PlatformError: that can't be asked now.
        """
        if not self.refuses_old:
            return max(wanted, self.api.clock.latest() - _RETENTIONS[-1] * 1000)
        now = self.api.clock.latest()
        for since in _starts(wanted, now):
            try:
                for reader in self.readers or ():
                    if isinstance(reader, Events):
                        await reader.page(Span(since, since + 1000), None)
            except PlatformError as error:
                if not (error.status == 400 and _TOO_OLD.search(f"{error.code} {error.said}")):
                    raise
            else:
                return since
        return now

    async def _answers(self, reader: HistoryReader) -> bool:
        now = self.api.clock.now()
        try:
            await reader.page(Span(now - 1000, now), None)
        except PlatformError as error:
            if error.passing:
                raise
            self.refusals[reader.name] = error
            return False
        return True

    @property
    def note(self) -> str:
        """For people: what this account's history shows, and what would show more."""
        names = [one.name for one in self.readers or ()]
        if not names:
            return (
                "vercel: this account has no history of logs: what was logged before the reading began, or while the live "
                "stream was interrupted, is not seen. A team on the Pro plan has one; else use --logs=FILE with a dashboard export."
            )
        if not self.complete:
            return (
                "vercel: the history has messages only (vercel.log), without statuses and without requests that logged nothing: only "
                "the live stream shows these. Observability Plus (vercel.proxy_response) has them, too."
            )
        return f"vercel: live stream, and history by {' and '.join(names)}."


def _starts(wanted: int, now: int) -> Iterator[int]:
    yield wanted
    for seconds in _RETENTIONS:
        since = now - (seconds - 60) * 1000
        if since > wanted:
            yield since
