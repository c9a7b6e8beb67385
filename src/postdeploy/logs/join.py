"""Several views of the same traffic become one: each real row once, with all that any view shows of it.

The live stream names rows and statuses but no requests; histories name requests, some without the status. A row is the same
in two views if both name it alike, or if method, path and message are equal and the times no more than 250 ms apart.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.matching import MOST_EXACT, TOLERANCE, Dated, distance, match
from postdeploy.logs.protocol import Span
from postdeploy.logs.requests import NEVER
from postdeploy.logs.sighting import JoinedRow, RowKey, Sighting, View, joined, key_of, repeated, sighting

_MOST_ASKED = 24
"""How many rows of a crowd may be asked to change their partner."""

_Pair = tuple[Sighting, Sighting | None]
"""A real row: as it was seen live, or else by the history; and by the history."""


@dataclass(slots=True)
class _Bin:
    """The sightings of one method, path and message; both lists in order of time."""

    live: list[Sighting] = field(default_factory=list)
    history: list[Sighting] = field(default_factory=list)
    until: int = 0


class Joined:
    """Rows of several views, put together. The outcome does not depend on order, repetition, or who came first."""

    def __init__(self) -> None:
        self._sightings: dict[str, Sighting] = {}
        self._bins: defaultdict[RowKey, _Bin] = defaultdict(_Bin)
        self._rows: dict[str, JoinedRow] = {}
        self._status: dict[str, int] = {}
        self._of_request: defaultdict[str, list[Sighting]] = defaultdict(list)

    def add(self, entries: Iterable[LogEntry], view: View) -> tuple[LogEntry, ...]:
        """Take rows in; returns the rows that are new or changed, each by its `row_id`: the later replaces the earlier."""
        touched: dict[int, Sighting] = {}
        for entry in entries:
            for one in self._take(entry, view):
                touched[id(one)] = one
        return self._settle(touched)

    def entries(self) -> tuple[LogEntry, ...]:
        """Every real row once, in order of time. Under which of its names depends on which view came first."""
        rows = (row.entry for row in self._rows.values() if row.entry is not None)
        return tuple(sorted(rows, key=lambda row: (row.at, row.row_id or "")))

    def _take(self, entry: LogEntry, view: View) -> list[Sighting]:
        """The sightings of which something new is known."""
        new = sighting(entry, view)
        seen = self._sightings.get(new.name)
        changed = [] if view is View.LIVE else self._note_status(entry)
        if seen is not None:
            fuller = repeated(seen.entry, entry)
            if fuller == seen.entry:
                return changed
            seen.entry = fuller
            return [seen, *changed]
        self._sightings[new.name] = new
        key_bin = self._bins[key_of(entry)]
        insort(key_bin.live if new.live else key_bin.history, new, key=lambda one: one.order)
        key_bin.until = max(key_bin.until, new.until)
        if not new.live and entry.request_id:
            self._of_request[entry.request_id].append(new)
        return [new, *changed]

    def _note_status(self, entry: LogEntry) -> list[Sighting]:
        """A history's status is the status of all rows of the request."""
        request, status = entry.request_id, entry.status
        if request is None or status is None or self._status.get(request, -2) >= status:
            return []
        self._status[request] = status
        return list(self._of_request[request])

    def _settle(self, touched: dict[int, Sighting]) -> tuple[LogEntry, ...]:
        changed: dict[str, LogEntry] = {}
        for one in sorted(touched.values(), key=lambda one: one.order):
            if touched.pop(id(one), None) is None:
                continue  # settled together with another
            together = self._connected(one)
            if together is None:
                pairs = self._in_crowd(one)
            else:
                pairs = self._matched(*together)
                for other in (*together[0], *together[1]):
                    touched.pop(id(other), None)
            for row, entry in self._changed(pairs):
                row.entry = changed[row.name] = entry
        return tuple(changed.values())

    def _connected(self, first: Sighting) -> tuple[list[Sighting], list[Sighting]] | None:
        """All sightings whose pairing may depend on each other, in order of time; None: they are a crowd."""
        key_bin = self._bins[key_of(first.entry)]
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

    def _matched(self, live: list[Sighting], history: list[Sighting]) -> list[_Pair]:
        """The best pairing of these sightings."""
        pairs = match([self._dated(one) for one in live], [self._dated(one) for one in history])
        rows = {id(one.row) for one in (*live, *history) if one.row is not None}
        for at in sorted(pairs, reverse=True)[: max(0, len(rows) - (len(live) + len(history) - len(pairs)))]:
            del pairs[at]  # a row that was given can't be taken back
        paired = set(pairs.values())
        return [
            *((one, history[pairs[at]] if at in pairs else None) for at, one in enumerate(live)),
            *((one, None) for at, one in enumerate(history) if at not in paired),
        ]

    def _in_crowd(self, first: Sighting) -> list[_Pair]:
        """Find one sighting its partner, others changing theirs if they must: one pair more, if that can be.

        Which of many equal rows it was matters less than how many there were, so the search is short.
        """
        if first.partner is not None:
            return [_pair(first, first.partner)]
        asked_by: dict[int, Sighting] = {}
        asking = [first]
        for one in asking:  # grows on the way
            for other in self._candidates(one):
                if id(other) in asked_by:
                    continue
                asked_by[id(other)] = one
                if other.partner is not None:
                    if len(asking) < _MOST_ASKED:
                        asking.append(other.partner)
                elif first.row is None or other.row is None:
                    return _paired_anew(first, other, asked_by)
        return [(first, None)]

    def _candidates(self, one: Sighting) -> Iterator[Sighting]:
        """What may be the same row in the other view, the nearest first."""
        key_bin = self._bins[key_of(one.entry)]
        at, mine, reach = one.entry.at, self._dated(one), max(TOLERANCE, key_bin.until)
        if one.live:
            for each in _nearest_first(key_bin.history, at, Span(at - reach, at + TOLERANCE)):
                if distance(mine, self._dated(each)) is not None:
                    yield each
        else:
            for each in _nearest_first(key_bin.live, at, Span(at - TOLERANCE, at + reach)):
                if distance(self._dated(each), mine) is not None:
                    yield each

    def _changed(self, pairs: list[_Pair]) -> list[tuple[JoinedRow, LogEntry]]:
        """Those of these rows of which something new is known."""
        self._name_rows(pairs)
        changed = []
        for one, other in pairs:
            request = other.entry.request_id if other is not None else one.entry.request_id
            status = self._status.get(request or "")
            second = None if other is None else other.entry
            made_of = (one.entry, second, request, status)
            row = one.row
            if row is not None and row.made_of != made_of:
                row.made_of = made_of
                changed.append((row, joined(one.entry, second, request, status, row.name)))
        return changed

    def _name_rows(self, pairs: list[_Pair]) -> None:
        """Each row under a name by which it was given before, if one is left; every such name is used."""
        free = {id(one.row): one.row for pair in pairs for one in pair if one is not None and one.row is not None}
        chosen: dict[int, JoinedRow] = {}
        for wanted in (0, 1):
            for at, pair in enumerate(pairs):
                one = pair[wanted]
                if at not in chosen and one is not None and one.row is not None and id(one.row) in free:
                    chosen[at] = free.pop(id(one.row))
        for at, (first, second) in enumerate(pairs):
            if at not in chosen:
                chosen[at] = free.popitem()[1] if free else self._new_row(first)
            first.row, first.partner = chosen[at], second
            if second is not None:
                second.row, second.partner = chosen[at], first

    def _new_row(self, one: Sighting) -> JoinedRow:
        name = one.name
        while name in self._rows:
            name += "'"
        row = self._rows[name] = JoinedRow(name)
        return row

    def _dated(self, one: Sighting) -> Dated:
        entry = one.entry
        status = entry.status if entry.status is not None else self._status.get(entry.request_id or "")
        return Dated(entry.at, status, entry.message, entry.truncated, one.until)


def _paired_anew(first: Sighting, last: Sighting, asked_by: dict[int, Sighting]) -> list[_Pair]:
    pairs: list[_Pair] = []
    free: Sighting | None = last
    while free is not None:
        one = asked_by[id(free)]
        left = one.partner
        pairs.append(_pair(one, free))
        free = None if one is first else left
    return pairs


def _pair(one: Sighting, other: Sighting) -> _Pair:
    return (one, other) if one.live else (other, one)


def _nearest_first(sightings: list[Sighting], at: int, within: Span) -> Iterator[Sighting]:
    """Those within, both ends included."""
    after = bisect_left(sightings, at, key=lambda one: one.entry.at)
    before = after - 1
    while True:
        earlier = at - sightings[before].entry.at if before >= 0 else NEVER
        later = sightings[after].entry.at - at if after < len(sightings) else NEVER
        if at - earlier >= within.since and (earlier <= later or at + later > within.until):
            yield sightings[before]
            before -= 1
        elif at + later <= within.until:
            yield sightings[after]
            after += 1
        else:
            return


def _between(sightings: list[Sighting], since: int, until: int) -> list[Sighting]:
    begin = bisect_left(sightings, since, key=lambda one: one.entry.at)
    return sightings[begin : bisect_right(sightings, until, lo=begin, key=lambda one: one.entry.at)]
