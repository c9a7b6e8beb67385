"""Several views of the same traffic become one: each real row once, with all that any view tells of it.

The live stream names rows and statuses but no requests; histories name requests, some without the status. A row is the same
in two views if both name it alike, or if method, path and message are equal and the times no more than 250 ms apart.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import msgspec

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.matching import MOST_EXACT, TOLERANCE, Dated, distance, match

_LONGEST_REQUEST = 65_000
"""Milliseconds after its request's beginning at which a line may have been written, where a view tells only that."""
_MOST_ASKED = 24
"""How many rows of a crowd may be asked to make room."""
_PREFIX = 160
"""Messages are compared by their beginnings first: views cut them at different lengths."""

Key = tuple[str, str, str]


class View(StrEnum):
    """How a row was seen."""

    LIVE = "live"
    """Named, with its status, without its request."""
    HISTORY = "history"
    """With its request."""
    REQUESTS = "requests"
    """With its request; lines of it bear the time at which the request began."""


@dataclass(slots=True, eq=False)
class _Sight:
    """A row in one view."""

    entry: LogEntry
    live: bool
    name: str
    """The same for its repetition."""
    until: int = 0
    slot: _Slot | None = None
    partner: _Sight | None = None

    @property
    def order(self) -> tuple[int, str]:
        return (self.entry.at, self.name)


@dataclass(slots=True, eq=False)
class _Slot:
    """A real row; what is told of it may change, its name stays."""

    name: str
    entry: LogEntry | None = None
    made_of: tuple[object, ...] = ()


@dataclass(slots=True)
class _Bin:
    """The rows of one method, path and message; both lists in order of time."""

    live: list[_Sight] = field(default_factory=list)
    history: list[_Sight] = field(default_factory=list)
    until: int = 0


class Joined:
    """Rows of several views, put together. The outcome does not depend on order, repetition, or who came first."""

    def __init__(self) -> None:
        self._sights: dict[str, _Sight] = {}
        self._bins: defaultdict[Key, _Bin] = defaultdict(_Bin)
        self._slots: dict[str, _Slot] = {}
        self._status: dict[str, int] = {}
        self._of_request: defaultdict[str, list[_Sight]] = defaultdict(list)

    def add(self, entries: Iterable[LogEntry], view: View) -> tuple[LogEntry, ...]:
        """Take rows in; gives the rows that are new or now tell more, each by its `row_id`: the later replaces the earlier."""
        touched: dict[int, _Sight] = {}
        for entry in entries:
            for sight in self._take(entry, view):
                touched[id(sight)] = sight
        return self._settle(touched)

    def entries(self) -> tuple[LogEntry, ...]:
        """Every real row once, in order of time. Which of its names a row bears depends on which view came first."""
        rows = (slot.entry for slot in self._slots.values() if slot.entry is not None)
        return tuple(sorted(rows, key=lambda row: (row.at, row.row_id or "")))

    def _take(self, entry: LogEntry, view: View) -> list[_Sight]:
        """The rows of which something new is known."""
        live = view is View.LIVE
        name = _name(entry, live=live)
        seen = self._sights.get(name)
        told = self._tell_status(entry) if not live else []
        if seen is not None:
            fuller = _fuller(seen.entry, entry)
            if fuller == seen.entry:
                return told
            seen.entry = fuller
            return [seen, *told]
        until = _LONGEST_REQUEST if view is View.REQUESTS and entry.message else 0
        sight = _Sight(entry, live, name, until)
        self._sights[name] = sight
        key_bin = self._bins[_key(entry)]
        insort(key_bin.live if live else key_bin.history, sight, key=lambda one: one.order)
        key_bin.until = max(key_bin.until, until)
        if not live and entry.request_id:
            self._of_request[entry.request_id].append(sight)
        return [sight, *told]

    def _tell_status(self, entry: LogEntry) -> list[_Sight]:
        """A history's status is the status of all rows of the request."""
        request, status = entry.request_id, entry.status
        if request is None or status is None or self._status.get(request, -2) >= status:
            return []
        self._status[request] = status
        return list(self._of_request[request])

    def _settle(self, touched: dict[int, _Sight]) -> tuple[LogEntry, ...]:
        changed: dict[str, LogEntry] = {}
        for sight in sorted(touched.values(), key=lambda one: one.order):
            if touched.pop(id(sight), None) is None:
                continue  # settled together with another
            together = self._connected(sight)
            if together is None:
                rows = self._in_crowd(sight)
            else:
                rows = self._matched(*together)
                for one in (*together[0], *together[1]):
                    touched.pop(id(one), None)
            for slot, entry in self._told(rows):
                slot.entry = changed[slot.name] = entry
        return tuple(changed.values())

    def _connected(self, first: _Sight) -> tuple[list[_Sight], list[_Sight]] | None:
        """All rows whose pairing may depend on each other, in order of time; None: they are a crowd."""
        key_bin = self._bins[_key(first.entry)]
        reach = max(TOLERANCE, key_bin.until)
        live, history = ([first], []) if first.live else ([], [first])
        size = 0
        while size < len(live) + len(history) <= MOST_EXACT:
            size = len(live) + len(history)
            if live:
                history = _between(key_bin.history, live[0].entry.at - reach, live[-1].entry.at + TOLERANCE)
            if history:
                live = _between(key_bin.live, history[0].entry.at - TOLERANCE, history[-1].entry.at + reach)
        return (live, history) if len(live) + len(history) <= MOST_EXACT else None

    def _matched(self, live: list[_Sight], history: list[_Sight]) -> list[_Pair]:
        """The best pairing of these rows."""
        pairs = match([self._dated(one) for one in live], [self._dated(one) for one in history])
        slots = {id(one.slot) for one in (*live, *history) if one.slot is not None}
        for at in sorted(pairs, reverse=True)[: max(0, len(slots) - (len(live) + len(history) - len(pairs)))]:
            del pairs[at]  # a row that was told can't be taken back
        paired = set(pairs.values())
        return [
            *((one, history[pairs[at]] if at in pairs else None) for at, one in enumerate(live)),
            *((one, None) for at, one in enumerate(history) if at not in paired),
        ]

    def _in_crowd(self, first: _Sight) -> list[_Pair]:
        """Find one row its other view, others making room for it if they must: one pair more, if that can be.

        Which of many equal rows it was matters less than how many there were, so the search is short.
        """
        if first.partner is not None:
            return [_pair(first, first.partner)]
        asked_by: dict[int, _Sight] = {}
        asking = [first]
        for one in asking:  # grows on the way
            for other in self._candidates(one):
                if id(other) in asked_by:
                    continue
                asked_by[id(other)] = one
                if other.partner is not None:
                    if len(asking) < _MOST_ASKED:
                        asking.append(other.partner)
                elif first.slot is None or other.slot is None:
                    return self._make_room(first, other, asked_by)
        return [(first, None)]

    def _candidates(self, one: _Sight) -> list[_Sight]:
        """What may be the same row in the other view, the nearest first."""
        key_bin = self._bins[_key(one.entry)]
        at, mine, reach = one.entry.at, self._dated(one), max(TOLERANCE, key_bin.until)
        if one.live:
            found = [
                (distance(mine, self._dated(each)), each)
                for each in _between(key_bin.history, at - reach, at + TOLERANCE)
            ]
        else:
            found = [
                (distance(self._dated(each), mine), each) for each in _between(key_bin.live, at - TOLERANCE, at + reach)
            ]
        possible = [(far, each) for far, each in found if far is not None]
        return [each for _, each in sorted(possible, key=lambda one: (one[0], one[1].order))]

    def _make_room(self, first: _Sight, last: _Sight, asked_by: dict[int, _Sight]) -> list[_Pair]:
        pairs: list[_Pair] = []
        free: _Sight | None = last
        while free is not None:
            one = asked_by[id(free)]
            left = one.partner
            pairs.append(_pair(one, free))
            free = None if one is first else left
        return pairs

    def _told(self, rows: list[_Pair]) -> list[tuple[_Slot, LogEntry]]:
        """Those of these rows of which something new is to be told."""
        self._name_rows(rows)
        told = []
        for one, other in rows:
            request = other.entry.request_id if other is not None else one.entry.request_id
            status = self._status.get(request or "")
            second = None if other is None else other.entry
            made_of = (one.entry, second, request, status)
            slot = one.slot
            if slot is not None and slot.made_of != made_of:
                slot.made_of = made_of
                told.append((slot, _put_together(one.entry, second, request, status, slot.name)))
        return told

    def _name_rows(self, rows: list[_Pair]) -> None:
        """Each row under a name that it has been told by before, if there is one left; every such name is used."""
        free = {id(one.slot): one.slot for row in rows for one in row if one is not None and one.slot is not None}
        chosen: dict[int, _Slot] = {}
        for wanted in (0, 1):
            for at, row in enumerate(rows):
                sight = row[wanted]
                if at not in chosen and sight is not None and sight.slot is not None and id(sight.slot) in free:
                    chosen[at] = free.pop(id(sight.slot))
        for at, (one, other) in enumerate(rows):
            if at not in chosen:
                chosen[at] = free.popitem()[1] if free else self._new_slot(one)
            one.slot, one.partner = chosen[at], other
            if other is not None:
                other.slot, other.partner = chosen[at], one

    def _new_slot(self, sight: _Sight) -> _Slot:
        name = sight.name
        while name in self._slots:
            name += "'"
        slot = self._slots[name] = _Slot(name)
        return slot

    def _dated(self, sight: _Sight) -> Dated:
        entry = sight.entry
        status = entry.status if entry.status is not None else self._status.get(entry.request_id or "")
        return Dated(entry.at, status, entry.message, entry.truncated, sight.until)


_Pair = tuple[_Sight, _Sight | None]
"""A real row: as it was seen live, or else by the history; and by the history."""


def _pair(one: _Sight, other: _Sight) -> _Pair:
    return (one, other) if one.live else (other, one)


def _name(entry: LogEntry, *, live: bool) -> str:
    """What a row is known by within its view; a history's rows by all that they say."""
    if entry.row_id:
        return entry.row_id
    parts = (live, entry.at, entry.request_id, entry.method, entry.path, entry.message, entry.level, entry.source)
    return "~" + hashlib.blake2b(repr(parts).encode(errors="replace"), digest_size=12).hexdigest()


def _key(entry: LogEntry) -> Key:
    return (entry.method, entry.path, entry.message[:_PREFIX])


def _between(sights: list[_Sight], since: int, until: int) -> list[_Sight]:
    begin = bisect_left(sights, since, key=lambda one: one.entry.at)
    return sights[begin : bisect_right(sights, until, lo=begin, key=lambda one: one.entry.at)]


def _fuller(one: LogEntry, other: LogEntry) -> LogEntry:
    """The same row told twice: what either says of the request, whichever came first."""
    known = [each for each in (one.status, other.status) if each is not None]
    return msgspec.structs.replace(
        one,
        status=max(known, default=None),
        level=max(one.level, other.level),
        request_id=max(one.request_id or "", other.request_id or "") or None,
        deployment_id=max(one.deployment_id or "", other.deployment_id or "") or None,
        environment=max(one.environment or "", other.environment or "") or None,
    )


def _put_together(
    first: LogEntry, second: LogEntry | None, request: str | None, status: int | None, name: str
) -> LogEntry:
    """One row of one or two views: time, level and status as it was seen live, the request as the history knows it."""
    other = second or first
    statuses = (first.status, other.status, status)
    return LogEntry(
        at=first.at,
        message=other.message if first.truncated else first.message,
        level=first.level or other.level,
        method=first.method,
        path=first.path,
        status=next((one for one in statuses if one is not None), None),
        request_id=request,
        row_id=name,
        deployment_id=first.deployment_id or other.deployment_id,
        environment=first.environment or other.environment,
        source=first.source or other.source,
        truncated=first.truncated and other.truncated,
    )
