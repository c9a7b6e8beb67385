"""From rows to requests, where rows do not name theirs: by path, method, status and time. Estimated, which the report says."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import msgspec

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.matching import TOLERANCE

_UNCAUGHT = "⨯ "
"""How the framework begins the one line that says that a request failed."""
_ESTIMATED = "~"
"""How an estimated request id begins."""


@dataclass(slots=True)
class LoggedRequest:
    """A request, by its rows."""

    id: str
    entries: list[LogEntry] = field(default_factory=list)
    estimated: bool = False
    """Whether no source names it."""
    status: int | None = None
    _unique_rows: set[str] = field(default_factory=set)

    @property
    def at(self) -> int:
        """When its first row was written, epoch milliseconds."""
        return self.entries[0].at

    def may_have(self, entry: LogEntry) -> bool:
        """Whether a row that names no request can be of this one."""
        last = self.entries[0].at if self.estimated else self.entries[-1].at
        if not self.entries[0].at - TOLERANCE <= entry.at <= last + TOLERANCE:
            return False
        if None not in (entry.status, self.status) and entry.status != self.status:
            return False
        return _unique_kind(entry) not in self._unique_rows

    def take(self, entry: LogEntry) -> None:
        """One more row."""
        self.entries.append(entry)
        if entry.status is not None:
            self.status = entry.status if self.status is None else max(self.status, entry.status)
        if kind := _unique_kind(entry):
            self._unique_rows.add(kind)


def requests(entries: Iterable[LogEntry]) -> list[LoggedRequest]:
    """The requests that left these rows, in order of time. Rows that were written outside of any request are in none."""
    rows = sorted((row for row in entries if row.request_id or row.path), key=_order)
    named: dict[str, LoggedRequest] = {}
    for row in rows:
        if row.request_id:
            named.setdefault(row.request_id, LoggedRequest(row.request_id)).take(row)
    near: defaultdict[tuple[str, str], list[LoggedRequest]] = defaultdict(list)
    for request in named.values():
        for key in {(row.method, row.path) for row in request.entries}:
            near[key].append(request)
    for those in near.values():
        those.sort(key=lambda one: one.at)
    found = list(named.values())
    open_groups: defaultdict[tuple[str, str], list[LoggedRequest]] = defaultdict(list)
    for row in rows:
        if row.request_id:
            continue
        key = (row.method, row.path)
        open_groups[key] = [one for one in open_groups[key] if row.at - one.at <= TOLERANCE]
        owner = _nearest(near[key], row) or next((one for one in reversed(open_groups[key]) if one.may_have(row)), None)
        if owner is None:
            owner = LoggedRequest(f"{_ESTIMATED}{row.row_id or row.at}", estimated=True)
            found.append(owner)
            open_groups[key].append(owner)
        owner.take(row)
        if not owner.estimated:
            owner.entries.sort(key=_order)
    return sorted(found, key=lambda one: (one.at, one.id))


def identified(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """The same rows, each with a request id, named or estimated. Rows that were written outside of any request stay without."""
    rows = list(entries)
    if all(row.request_id or not row.path for row in rows):  # in most sources: nothing has to be estimated
        return sorted(rows, key=lambda row: (not row.request_id, *_order(row)))
    with_id = [
        row if row.request_id else msgspec.structs.replace(row, request_id=request.id)
        for request in requests(rows)
        for row in request.entries
    ]
    return with_id + [row for row in rows if not (row.request_id or row.path)]


def is_estimated(request_id: str | None) -> bool:
    """Whether `identified` made this id."""
    return (request_id or "").startswith(_ESTIMATED)


def _nearest(there: list[LoggedRequest], row: LogEntry) -> LoggedRequest | None:
    """The named request to which this row belongs most likely."""
    end = bisect_left(there, row.at + TOLERANCE + 1, key=lambda one: one.at)
    possible = [one for one in there[max(0, end - 64) : end] if one.may_have(row)]
    return min(
        possible, key=lambda one: (min(abs(row.at - each.at) for each in one.entries), one.at, one.id), default=None
    )


def _unique_kind(entry: LogEntry) -> str:
    """The kind of this row, if a request can have only one of the kind; else empty."""
    if entry.message.lstrip().startswith(_UNCAUGHT):
        return _UNCAUGHT
    return "" if entry.message else f"{entry.source} without a message"


def _order(entry: LogEntry) -> tuple[int, str, str, str]:
    return (entry.at, entry.source, entry.message, entry.row_id or "")
