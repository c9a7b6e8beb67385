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

from postdeploy.logs.entry import Entry
from postdeploy.logs.matching import TOLERANCE, Dated, match

_LONGEST_REQUEST = 65_000
"""Milliseconds after its request's beginning at which a line may have been written, where a view tells only that."""
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

    entry: Entry
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
    entry: Entry | None = None


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

    def add(self, entries: Iterable[Entry], view: View) -> tuple[Entry, ...]:
        """Take rows in; gives the rows that are new or now tell more, each by its `row_id`: the later replaces the earlier."""
        touched: dict[int, _Sight] = {}
        for entry in entries:
            for sight in self._take(entry, view):
                touched[id(sight)] = sight
        return self._settle(touched)

    def entries(self) -> tuple[Entry, ...]:
        """Every real row once, in order of time. Which of its names a row bears depends on which view came first."""
        rows = (slot.entry for slot in self._slots.values() if slot.entry is not None)
        return tuple(sorted(rows, key=lambda row: (row.at, row.row_id or "")))

    def _take(self, entry: Entry, view: View) -> list[_Sight]:
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

    def _tell_status(self, entry: Entry) -> list[_Sight]:
        """A history's status is the status of all rows of the request."""
        request, status = entry.request_id, entry.status
        if request is None or status is None or self._status.get(request, -2) >= status:
            return []
        self._status[request] = status
        return list(self._of_request[request])

    def _settle(self, touched: dict[int, _Sight]) -> tuple[Entry, ...]:
        changed: dict[str, Entry] = {}
        while touched:
            _, first = touched.popitem()
            live, history = self._connected(first)
            for sight in (*live, *history):
                touched.pop(id(sight), None)
            for slot, entry in self._rows(live, history):
                if slot.entry != entry:
                    slot.entry = entry
                    changed[slot.name] = entry
        return tuple(changed.values())

    def _connected(self, first: _Sight) -> tuple[list[_Sight], list[_Sight]]:
        """All rows whose pairing may depend on each other, in order of time."""
        key_bin = self._bins[_key(first.entry)]
        found = {id(first): first}
        waiting = [first]
        while waiting:
            sight = waiting.pop()
            at = sight.entry.at
            if sight.live:
                near = _between(key_bin.history, at - max(TOLERANCE, key_bin.until), at + TOLERANCE)
                near = [other for other in near if at - other.entry.at <= max(TOLERANCE, other.until)]
            else:
                near = _between(key_bin.live, at - TOLERANCE, at + max(TOLERANCE, sight.until))
            for other in (*near, *([sight.partner] if sight.partner else [])):
                if id(other) not in found:
                    found[id(other)] = other
                    waiting.append(other)
        together = sorted(found.values(), key=lambda one: one.order)
        return [one for one in together if one.live], [one for one in together if not one.live]

    def _rows(self, live: list[_Sight], history: list[_Sight]) -> list[tuple[_Slot, Entry]]:
        pairs = match([self._dated(one) for one in live], [self._dated(one) for one in history])
        slots = {id(one.slot): one.slot for one in (*live, *history) if one.slot is not None}
        for at in sorted(pairs, reverse=True)[: max(0, len(slots) - (len(live) + len(history) - len(pairs)))]:
            del pairs[at]  # a row that was told can't be taken back
        paired = set(pairs.values())
        rows: list[tuple[_Sight, _Sight | None]] = [
            *((one, history[pairs[at]] if at in pairs else None) for at, one in enumerate(live)),
            *((one, None) for at, one in enumerate(history) if at not in paired),
        ]
        requests = {
            one.entry.at: other.entry.request_id for one, other in rows if other is not None and other.entry.request_id
        }
        told = []
        for (one, other), slot in zip(rows, self._name_rows(rows, slots), strict=True):
            entry = one.entry if other is None else _enriched(one.entry, other.entry)
            if one.live and other is None and one.entry.at in requests:
                # Written in the same millisecond, word for word: a repetition that the history shows only once.
                entry = msgspec.structs.replace(entry, request_id=requests[one.entry.at])
            if entry.status is None and entry.request_id in self._status:
                entry = msgspec.structs.replace(entry, status=self._status[entry.request_id])
            told.append((slot, msgspec.structs.replace(entry, row_id=slot.name)))
        return told

    def _name_rows(self, rows: list[tuple[_Sight, _Sight | None]], slots: dict[int, _Slot]) -> list[_Slot]:
        """Each row under a name that it has been told by before, if there is one left; every such name is used."""
        free = dict(slots)
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
        return [chosen[at] for at in range(len(rows))]

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


def _name(entry: Entry, *, live: bool) -> str:
    """What a row is known by within its view; a history's rows by all that they say."""
    if entry.row_id:
        return entry.row_id
    parts = (live, entry.at, entry.request_id, entry.method, entry.path, entry.message, entry.level, entry.source)
    return "~" + hashlib.blake2b(repr(parts).encode(errors="replace"), digest_size=12).hexdigest()


def _key(entry: Entry) -> Key:
    return (entry.method, entry.path, entry.message[:_PREFIX])


def _between(sights: list[_Sight], since: int, until: int) -> list[_Sight]:
    begin = bisect_left(sights, since, key=lambda one: one.entry.at)
    return sights[begin : bisect_right(sights, until, lo=begin, key=lambda one: one.entry.at)]


def _fuller(one: Entry, other: Entry) -> Entry:
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


def _enriched(live: Entry, history: Entry) -> Entry:
    """One row of two views: time, level and status as it was seen live, the request as the history knows it."""
    return Entry(
        at=live.at,
        message=history.message if live.truncated else live.message,
        level=live.level or history.level,
        method=live.method,
        path=live.path,
        status=live.status if live.status is not None else history.status,
        request_id=history.request_id or live.request_id,
        deployment_id=live.deployment_id or history.deployment_id,
        environment=live.environment or history.environment,
        source=live.source or history.source,
        truncated=live.truncated and history.truncated,
    )
