"""The pages of the platform's histories, one class for each kind of history."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Gap, Span
from postdeploy.logs.sighting import View
from postdeploy.logs.vercel import rows
from postdeploy.vercel.client import AsyncVercel
from postdeploy.vercel.errors import PlatformError

LOG, REQUEST = "vercel.log", "vercel.proxy_response"
_EVENTS = "/v1/observability/events"
_SELECT = {
    LOG: "requestId deploymentId environment requestPath requestMethod source level message truncated",
    REQUEST: "requestId deploymentId environment requestPath requestMethod httpStatus",
}
_LARGEST_PAGE = 1000


@dataclass(slots=True)
class Page:
    """A part of a history."""

    entries: list[LogEntry] = field(default_factory=list)
    next_page: str | int | None = None
    """By what the next page is asked for; None: this was the last."""
    boundary: int | None = None
    """The time of the last row, if rows of the same millisecond may be lost between this page and the next."""
    gaps: list[Gap] = field(default_factory=list)
    malformed: int = 0
    malformed_example: str = ""


class HistoryReader(Protocol):
    """One kind of history."""

    view: View

    @property
    def name(self) -> str:
        """For people."""
        ...

    async def page(self, span: Span, next_page: str | int | None) -> Page:
        """One page of what was in this span."""
        ...


class _ExcludedInterval(msgspec.Struct):
    start: str | int
    end: str | int


class _HistoryMeta(msgspec.Struct, rename="camel"):
    excluded_intervals: list[_ExcludedInterval] | None = None


class _HistoryPagination(msgspec.Struct, rename="camel"):
    has_more: bool = False
    next_cursor: str | None = None


class _EventsPage(msgspec.Struct):
    events: list[msgspec.Raw]
    pagination: _HistoryPagination = msgspec.field(default_factory=_HistoryPagination)
    meta: _HistoryMeta | None = None


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

    @property
    def name(self) -> str:
        """The platform's name of the event."""
        return self.event

    async def page(self, span: Span, next_page: str | int | None) -> Page:
        """One page; half as large each time the platform says that it is too large."""
        answer = await self._ask_for_less(span, next_page)
        found = _read(answer.events, span, lambda raw: [rows.event(raw)])
        if answer.meta:
            found.gaps += [
                Gap(Span(rows.milliseconds(one.start), rows.milliseconds(one.end)), "the platform excludes it")
                for one in answer.meta.excluded_intervals or ()
            ]
        if answer.pagination.has_more:
            found.next_page = answer.pagination.next_cursor
            if not found.next_page or found.next_page == next_page:
                found.next_page = None
                found.gaps.append(Gap(span, "the platform says that there is more, but not where"))
            elif found.entries:
                found.boundary = min(entry.at for entry in found.entries)
        return found

    async def _ask_for_less(self, span: Span, cursor: str | int | None) -> _EventsPage:
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
        if self.event == REQUEST and until - since > 1:  # whole seconds, as the official command asks
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
    """Whether the requests' log lines are taken from here, too."""
    view: View = View.REQUESTS

    @property
    def name(self) -> str:
        """The last part of its address."""
        return "request-logs"

    async def page(self, span: Span, next_page: str | int | None) -> Page:
        """One page; they are numbered."""
        number = int(next_page or 0)
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
            found.next_page = number + 1
            if not answer.rows:
                found.next_page = None
                found.gaps.append(Gap(span, "the platform says that there is more, but gives an empty page"))
        return found


def _read(raws: list[msgspec.Raw], span: Span, read: Callable[[bytes], Iterable[LogEntry]]) -> Page:
    page = Page()
    for raw in raws:
        try:
            page.entries += read(bytes(raw))
        except ValueError:
            at = rows.time_of(bytes(raw))
            page.malformed += 1
            page.malformed_example = page.malformed_example or bytes(raw).decode(errors="replace")[:300]
            page.gaps.append(Gap(Span(at, at + 1) if at else span, "a row of the history can't be read"))
    return page
