"""The platform's histories. Which of them an account has is found out by asking.

The newer one (`/v1/observability/events`) has two kinds of row: what the functions wrote, without a status, and the requests,
without messages, where the plan includes Observability Plus. The older one (`/api/logs/request-logs`) has requests with
status and messages, and stands in for whichever the newer one lacks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.join import View
from postdeploy.logs.protocol import Gap, Span
from postdeploy.logs.vercel import rows
from postdeploy.vercel.client import AsyncVercel
from postdeploy.vercel.errors import PlatformError

LOG, REQUEST = "vercel.log", "vercel.proxy_response"
_EVENTS = "/v1/observability/events"
_SELECT = {
    LOG: "requestId deploymentId environment requestPath requestMethod source level message truncated",
    REQUEST: "requestId deploymentId environment requestPath requestMethod httpStatus",
}
_TOO_OLD = re.compile(r"time range|retain|retention", re.IGNORECASE)
_LARGEST_PAGE = 1000
_MOST_PAGES = 2000
_RETENTIONS = tuple(3600 * hours for hours in (30 * 24, 3 * 24, 24, 1))
"""What the plans keep, in seconds, the longest first."""


@dataclass(slots=True)
class Page:
    """A part of an answer."""

    entries: list[LogEntry] = field(default_factory=list)
    further: str | int | None = None
    """What the next page is asked for by; None: this was the last."""
    boundary: int | None = None
    """The time of the last row, if rows of the same millisecond may be lost between this page and the next."""
    holes: list[Gap] = field(default_factory=list)
    malformed: int = 0
    example: str = ""


class HistoryReader(Protocol):
    """One kind of history."""

    view: View

    async def page(self, span: Span, further: str | int | None) -> Page:
        """One page of what was in this span."""
        ...


class _Interval(msgspec.Struct):
    start: str | int
    end: str | int


class _Meta(msgspec.Struct, rename="camel"):
    excluded_intervals: list[_Interval] | None = None


class _HistoryPagination(msgspec.Struct, rename="camel"):
    has_more: bool = False
    next_cursor: str | None = None


class _EventsPage(msgspec.Struct):
    events: list[msgspec.Raw]
    pagination: _HistoryPagination = msgspec.field(default_factory=_HistoryPagination)
    meta: _Meta | None = None


class _RequestsPage(msgspec.Struct, rename="camel"):
    rows: list[msgspec.Raw]
    has_more_rows: bool = False


@dataclass(slots=True)
class Events:
    """The newer history, one kind of its rows."""

    api: AsyncVercel
    deployment_id: str
    owner: str
    event: str
    view: View = View.HISTORY
    limit: int = _LARGEST_PAGE

    async def page(self, span: Span, further: str | int | None) -> Page:
        """One page; half as large each time the platform says that it is too large."""
        answer = await self._ask_for_less_and_less(span, further)
        found = _read(answer.events, span, lambda raw: [rows.event(raw)])
        if answer.meta:
            found.holes += [
                Gap(Span(rows.milliseconds(one.start), rows.milliseconds(one.end)), "the platform excludes it")
                for one in answer.meta.excluded_intervals or ()
            ]
        if answer.pagination.has_more:
            found.further = answer.pagination.next_cursor
            if not found.further or found.further == further:
                found.further = None
                found.holes.append(Gap(span, "the platform says there is more, but not where"))
            elif found.entries:
                found.boundary = min(entry.at for entry in found.entries)
        return found

    async def _ask_for_less_and_less(self, span: Span, cursor: str | int | None) -> _EventsPage:
        while True:
            try:
                return await self._ask(span, cursor)
            except PlatformError as error:
                if error.status != 413 or self.limit == 1:
                    raise
                self.limit //= 2

    async def _ask(self, span: Span, cursor: str | int | None) -> _EventsPage:
        scope = {"ownerId": self.owner, "projectIds": [self.api.access.project]}
        condition = f'(deploymentId:"{self.deployment_id}")'
        since, until = span.since, span.until
        if self.event == REQUEST:
            condition += ' AND (NOT pathType:"background_func")'
        if (
            self.event == REQUEST and until - since > 1
        ):  # its bounds are whole seconds, as the official command has them
            since, until = since // 1000 * 1000, -(-until // 1000) * 1000
        body = {
            "event": self.event,
            "scope": scope,
            "timeRange": {"start": rows.iso(since), "end": rows.iso(until)},
            "select": _SELECT[self.event].split(),
            "order": "desc",
            "limit": self.limit,
            "filter": condition,
        }
        reason = "cli/logs-runtime" if self.event == LOG else "cli/logs-requests"
        headers = {"x-vercel-observability-query-reason": reason}
        return await self.api.read(
            _EVENTS, _EventsPage, body=body | ({"cursor": cursor} if cursor else {}), headers=headers
        )


@dataclass(slots=True)
class Requests:
    """The older history."""

    api: AsyncVercel
    deployment_id: str
    owner: str
    lines: bool
    """Whether what the requests wrote is taken from here, too."""
    view: View = View.REQUESTS

    async def page(self, span: Span, further: str | int | None) -> Page:
        """One page; they are numbered."""
        number = int(further or 0)
        query: dict[str, str | int] = {
            "projectId": self.api.access.project,
            "ownerId": self.owner,
            "deploymentId": self.deployment_id,
            "startDate": span.since,
            "endDate": span.until,
            "page": number,
        }
        answer = await self.api.read(f"{self.api.access.dashboard}/api/logs/request-logs", _RequestsPage, query)
        found = _read(answer.rows, span, lambda raw: rows.request(raw, lines=self.lines))
        if answer.has_more_rows:
            found.further = number + 1
            if not answer.rows:
                found.further = None
                found.holes.append(Gap(span, "the platform says there is more, but gives an empty page"))
        return found


def _read(raws: list[msgspec.Raw], span: Span, read: Callable[[bytes], Iterable[LogEntry]]) -> Page:
    page = Page()
    for raw in raws:
        try:
            page.entries += read(bytes(raw))
        except ValueError:
            at = rows.time_of(bytes(raw))
            page.malformed += 1
            page.example = page.example or bytes(raw).decode(errors="replace")[:300]
            page.holes.append(Gap(Span(at, at + 1) if at else span, "a row of the history can't be read"))
    return page


@dataclass(slots=True)
class History:
    """What the account has of them."""

    api: AsyncVercel
    deployment_id: str
    owner: str
    hear: Callable[[Page, View], None]
    """Called with each page as it comes."""
    readers: list[HistoryReader] | None = None
    """None: not found out yet; empty: there is none."""
    refusals: dict[str, PlatformError] = field(default_factory=dict)
    complete: bool = False
    """Whether it has every request, not only those that wrote something."""
    tells_age: bool = False
    """Whether it refuses to be asked for what is no longer kept, instead of giving nothing."""

    async def find_out(self) -> None:
        """Ask each kind whether it answers.

        Raises:
            PlatformError: not now, perhaps later.
        """
        logs = Events(self.api, self.deployment_id, self.owner, LOG)
        requests = Events(self.api, self.deployment_id, self.owner, REQUEST)
        found: list[HistoryReader] = [one for one in (logs, requests) if await self._answers(one, one.event)]
        self.tells_age = bool(found)
        self.complete = requests in found
        if len(found) < 2:
            older = Requests(self.api, self.deployment_id, self.owner, lines=logs not in found)
            if await self._answers(older, "request-logs"):
                found.append(older)
                self.complete = True
        self.readers = found

    async def read(self, span: Span) -> list[Gap]:
        """Everything of this span, to the last page; gives what may be missing all the same.

        Raises:
            PlatformError: it broke off; what has come was told all the same.
        """
        holes: list[Gap] = []
        for reader in self.readers or ():
            further: str | int | None = None
            for _ in range(_MOST_PAGES):
                page = await reader.page(span, further)
                self.hear(page, reader.view)
                holes += page.holes
                if page.boundary is not None:
                    holes += await self._between_pages(reader, page.boundary)
                further = page.further
                if further is None:
                    break
            else:
                holes.append(Gap(span, f"more than {_MOST_PAGES} pages"))
        return holes

    async def _between_pages(self, reader: HistoryReader, at: int) -> list[Gap]:
        """Read the millisecond between two pages by itself: rows of it may be on neither.

        Whether they are, the answer itself shows: it must hold the row that is known to be there.
        """
        page = await reader.page(Span(at, at + 1), None)
        self.hear(page, reader.view)
        if page.further is None and any(entry.at == at for entry in page.entries):
            return page.holes
        return [Gap(Span(at, at + 1), "rows of this millisecond may be lost between two pages"), *page.holes]

    async def oldest(self, wanted: int) -> int:
        """From when on the plan keeps rows, at or after `wanted`.

        Raises:
            PlatformError: it can't be found out now.
        """
        if not self.tells_age:
            return max(wanted, self.api.clock.latest() - _RETENTIONS[-1] * 1000)
        now = self.api.clock.latest()
        for since in _starts(wanted, now):
            try:
                for reader in self.readers or ():
                    if isinstance(reader, Events):
                        await reader.page(Span(since, since + 1000), None)
            except PlatformError as error:
                if not (error.status == 400 and _TOO_OLD.search(error.what)):
                    raise
            else:
                return since
        return now

    async def _answers(self, reader: HistoryReader, name: str) -> bool:
        now = self.api.clock.now()
        try:
            await reader.page(Span(now - 1000, now), None)
        except PlatformError as error:
            if error.passing:
                raise
            self.refusals[name] = error
            return False
        return True

    @property
    def note(self) -> str:
        """For people: what this account's history shows, and what would show more."""
        names = [getattr(one, "event", "request-logs") for one in self.readers or ()]
        if not names:
            return (
                "vercel: this account has no history of logs: what was before the reading began, or while the live stream "
                "was broken, is not seen. A team on the Pro plan has one; else give a dashboard export by --logs=FILE."
            )
        if not self.complete:
            return (
                "vercel: history has messages only (vercel.log), no status and no silent requests: the live stream alone "
                "shows them. Observability Plus (vercel.proxy_response) would."
            )
        return f"vercel: live stream, and history by {' and '.join(names)}."


def _starts(wanted: int, now: int) -> Iterator[int]:
    yield wanted
    for seconds in _RETENTIONS:
        since = now - (seconds - 60) * 1000
        if since > wanted:
            yield since
