"""Which request each row is of, while rows come, change and go: the outcome is as if all had been there at once.

Rows that name their request are of it. The others are looked at in order of time: each is of the nearest request that can have it, or
of one that was estimated for those before. So a change matters to the rows from its time on, and only those are looked at again.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

import msgspec

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.matching import TOLERANCE
from postdeploy.logs.requests import NEVER, LoggedRequest, RowOrder, estimated, row_order, unique_kind

_MOST_NEAR = 64
"""Requests that are asked whether a row is theirs, those that began last."""

_Place = tuple[str, str]
"""Method and path."""
_Nameless = tuple[RowOrder, Hashable]
"""A row that names no request: when it was written, and what it is known by."""


class Attribution:
    """Rows, each by what it is known by, and their requests."""

    def __init__(self) -> None:
        self.rows: dict[Hashable, LogEntry] = {}
        self._named: dict[str, LoggedRequest] = {}
        self._estimated: dict[str, LoggedRequest] = {}
        self._begun: defaultdict[_Place, list[tuple[int, str]]] = defaultdict(list)
        """Of each place the named requests, in order of time: when each began, and its id."""
        self._reach: defaultdict[_Place, int] = defaultdict(int)
        """When the last row of any of them was written."""
        self._nameless: list[_Nameless] = []
        """In their order."""
        self._owners: dict[Hashable, LoggedRequest] = {}
        """The requests of these rows."""
        self._since = NEVER
        """From when on these rows are looked at again."""
        self._changed: dict[Hashable, None] = {}

    def put(self, key: Hashable, row: LogEntry) -> None:
        """A row is new, or says something else than before."""
        if (known := self.rows.get(key)) is not None:
            if known == row:
                return
            self.remove(key)
        self.rows[key] = row
        self._changed[key] = None
        if row.request_id:
            self._put_named(row.request_id, key, row)
        elif row.path:
            insort(self._nameless, (row_order(row), key))
            self._since = min(self._since, row.at)

    def remove(self, key: Hashable) -> None:
        """A row is not of the traffic, after all."""
        row = self.rows.pop(key)
        self._changed[key] = None
        if row.request_id:
            request = self._named[row.request_id]
            self._since = min(self._since, request.begun - TOLERANCE)
            self._unplace(request)
            request.lose({key})
            if request.begun < NEVER:
                self._place(request)
            else:
                del self._named[row.request_id]
        elif row.path:
            self._drop(key, row)
            self._since = min(self._since, row.at)
            self._taken_out([key], row.at)

    def forget(self, request: LoggedRequest) -> None:
        """It changes no more: neither it nor its rows are known from here on."""
        if request.estimated:
            del self._estimated[request.id]
        else:
            self._unplace(request)
            del self._named[request.id]
        for key, row in request.rows.items():
            if not row.request_id:
                self._drop(key, row)
                del self._owners[key]
            del self.rows[key]

    def changed(self) -> Iterator[tuple[Hashable, LogEntry | None]]:
        """The rows that were put, or are of another request than when this was last asked, with that request's id; None: removed."""
        if self._since < NEVER:
            self._look_again()
        keys, self._changed = self._changed, {}
        for key in keys:
            row, owner = self.rows.get(key), self._owners.get(key)
            yield key, row if row is None or owner is None else msgspec.structs.replace(row, request_id=owner.id)

    def requests(self) -> list[LoggedRequest]:
        """All of them, as of the last `changed`. Rows that were written outside of any request are in none."""
        return [*self._named.values(), *self._estimated.values()]

    def request(self, request_id: str | None) -> LoggedRequest | None:
        """That of this id."""
        return self._named.get(request_id or "") or self._estimated.get(request_id or "")

    def _put_named(self, request_id: str, key: Hashable, row: LogEntry) -> None:
        request = self._named.get(request_id)
        if request is None:
            request = self._named[request_id] = LoggedRequest(request_id)
            request.take(key, row)
            self._place(request)
        elif row.at >= request.begun and _place_of(row) in _places_of(request):
            request.take(key, row)
            self._extend(request)
        else:
            self._unplace(request)
            request.take(key, row)
            self._place(request)
        self._since = min(self._since, request.begun - TOLERANCE)

    def _place(self, request: LoggedRequest) -> None:
        for place in _places_of(request):
            insort(self._begun[place], (request.begun, request.id))
        self._extend(request)

    def _unplace(self, request: LoggedRequest) -> None:
        for place in _places_of(request):
            there, one = self._begun[place], (request.begun, request.id)
            at = bisect_left(there, one)
            if at < len(there) and there[at] == one:
                del there[at]

    def _extend(self, request: LoggedRequest) -> None:
        for place in _places_of(request):
            self._reach[place] = max(self._reach[place], request.last)

    def _drop(self, key: Hashable, row: LogEntry) -> None:
        del self._nameless[bisect_left(self._nameless, (row_order(row), key))]

    def _from(self, moment: int) -> int:
        """Where the rows begin that were written at this moment or later."""
        return bisect_left(self._nameless, moment, key=lambda one: one[0][0])

    def _look_again(self) -> None:
        since, self._since = self._since, NEVER
        begin = self._from(since)
        again = self._nameless[begin:]
        before = self._taken_out([key for _, key in again], since)
        unfinished: defaultdict[_Place, _Unfinished] = defaultdict(_Unfinished)
        for _, key in self._nameless[self._from(since - TOLERANCE) : begin]:
            owner = self._owners[key]
            if owner.estimated and next(iter(owner.rows)) == key:
                unfinished[_place_of(self.rows[key])].add(owner)
        for _, key in again:
            row = self.rows[key]
            place = _place_of(row)
            found = self._nearest(place, row) or unfinished[place].find(row)
            if found is None:
                found = self._owners[key] = estimated(key, row)
                self._estimated[found.id] = found
                unfinished[place].add(found)
            else:
                found.take(key, row)
                self._owners[key] = found
                if not found.estimated:
                    self._extend(found)
            if before.get(key) != found.id:
                self._changed[key] = None

    def _taken_out(self, keys: Collection[Hashable], since: int) -> dict[Hashable, str]:
        """These rows are of no request from here on; returns of which they were. All rows `since` then will be looked at again."""
        before = {}
        others: dict[int, LoggedRequest] = {}
        for key in keys:
            owner = self._owners.pop(key, None)
            if owner is None:
                continue
            before[key] = owner.id
            if owner.estimated and owner.first >= since:
                self._estimated.pop(owner.id, None)
            else:
                others[id(owner)] = owner
        gone = {*keys}
        for owner in others.values():
            owner.lose(gone)
        return before

    def _nearest(self, place: _Place, row: LogEntry) -> LoggedRequest | None:
        """The named request to which this row belongs most likely."""
        if row.at - TOLERANCE > self._reach[place]:
            return None
        there = self._begun[place]
        end = bisect_left(there, (row.at + TOLERANCE + 1,))
        near = (self._named[name] for _, name in there[max(0, end - _MOST_NEAR) : end])
        return min(
            (one for one in near if one.may_have(row)),
            key=lambda one: (min(abs(row.at - each.at) for each in one.rows.values()), one.first, one.id),
            default=None,
        )


class _Unfinished:
    """Estimated requests of one place that may still get rows: by each kind of which a request has one row, those that lack it."""

    def __init__(self) -> None:
        self._lacking: dict[str, list[LoggedRequest]] = {"": []}

    def add(self, request: LoggedRequest) -> None:
        """One that began no earlier than the others."""
        for kind, those in self._lacking.items():
            if kind not in request.kinds:
                those.append(request)

    def find(self, row: LogEntry) -> LoggedRequest | None:
        """The latest that can have the row; it is expected to get it."""
        kind = unique_kind(row)
        those = self._lacking.get(kind)
        if those is None:
            those = self._lacking[kind] = [one for one in self._lacking[""] if kind not in one.kinds]
        for at in range(len(those) - 1, -1, -1):
            one = those[at]
            if row.at - one.first > TOLERANCE:
                del those[: at + 1]
                return None
            if one.is_like(row.status):
                if kind:
                    del those[at]
                return one
        return None


def requests(entries: Iterable[LogEntry]) -> list[LoggedRequest]:
    """The requests that left these rows, in order of time."""
    there = Attribution()
    for key, row in enumerate(entries):
        there.put(key, row)
    for _ in there.changed():
        pass
    return sorted(there.requests(), key=lambda one: (one.first, one.id))


def identified(entries: Iterable[LogEntry]) -> list[LogEntry]:
    """The same rows, each with a request id, named or estimated. Rows that were written outside of any request stay without."""
    rows: Sequence[LogEntry] = list(entries)
    if all(row.request_id or not row.path for row in rows):  # in most sources: nothing has to be estimated
        return sorted(rows, key=lambda row: (not row.request_id, *row_order(row)))
    with_id = [
        row if row.request_id else msgspec.structs.replace(row, request_id=request.id)
        for request in requests(rows)
        for row in request.entries
    ]
    return with_id + [row for row in rows if not (row.request_id or row.path)]


def _place_of(row: LogEntry) -> _Place:
    return (row.method, row.path)


def _places_of(request: LoggedRequest) -> set[_Place]:
    return {_place_of(row) for row in request.rows.values() if row.request_id}
