"""Rows of a log that is still being written: each with its request and with what it means, kept up to date as rows come and change.

What was worked out of a row stays until the row changes, or is of another request; so a judgement costs what has come since the last.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator

import msgspec
import numpy as np

from postdeploy.analysis.columns import Example
from postdeploy.analysis.incidents import Rows
from postdeploy.analysis.ledger import ROW, Ledger
from postdeploy.analysis.signals import RowMeaning
from postdeploy.logs.announcement import announced, unique_end
from postdeploy.logs.attribution import Attribution
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.requests import LoggedRequest, row_order

_Meaning = Callable[[LogEntry], RowMeaning]


class LiveRows:
    """By their names. All but `put` and `remove` is as of the last `settle`."""

    def __init__(self, numbered_by: Ledger) -> None:
        """`numbered_by`: whose numbers for routes, messages and deployments are used."""
        self._ledger = numbered_by
        self._attribution = Attribution()
        self._rows: dict[Hashable, LogEntry] = {}
        """Each with a request id."""
        self._meanings: dict[Hashable, RowMeaning] = {}
        self._numbers = _Numbers()
        self._examples: dict[Hashable, tuple[int, Example]] = {}
        self._own: dict[Hashable, int] = {}
        """Rows that say that their request is the suite's, and its number."""
        self._places: defaultdict[tuple[str, str], list[tuple[int, Hashable]]] = defaultdict(list)
        """Rows by method and path, in order of time."""
        self._announced: set[str] = set()
        """The ends of the ids that rows announce."""
        self._are_announced: set[str] = set()
        """The ids of which these are the ends."""

    def __len__(self) -> int:
        return len(self._rows)

    def put(self, key: str, row: LogEntry) -> None:
        """A row is new, or says more than before."""
        self._attribution.put(key, row)

    def remove(self, key: str) -> None:
        """A row is not of the traffic, after all."""
        if key in self._attribution.rows:
            self._attribution.remove(key)

    def settle(self, read: _Meaning) -> None:
        """Work out what has changed. `read`: what a row means."""
        for key, row in self._attribution.changed():
            before = self._rows.get(key)
            if row is None:
                self._drop(key)
                continue
            self._rows[key] = row
            if before is None or not _is_same(before, row):
                self._meanings[key] = read(row)
            if before is None or (before.method, before.path, before.at) != (row.method, row.path, row.at):
                self._displace(key, before)
                insort(self._places[row.method, row.path], (row.at, key))
            self._number(key, row)
            self._note_announced(row)

    def meaning(self, row: LogEntry) -> RowMeaning | None:
        """What it means; None: it is none of these rows, or not as it is known."""
        return self._meanings[row.row_id] if row.row_id and self._rows.get(row.row_id) == row else None

    def ledger(self) -> Ledger:
        """Their numbers, with those by which they are numbered."""
        ledger = self._ledger.copy()
        ledger.add_numbers(self._numbers.rows, self._examples.values(), self._own.values())
        return ledger

    def entries(self) -> tuple[LogEntry, ...]:
        """Each with its request's id, in order of time; those of no request are the last. Another thread may ask."""
        return tuple(sorted([*self._rows.values()], key=lambda row: (not row.request_id, *row_order(row))))

    def times(self, deployment: str | None) -> list[int]:
        """When those of a deployment (None: all) were put, with those since the last `settle`. Another thread may ask."""
        return [row.at for row in [*self._attribution.rows.values()] if deployment in (None, row.deployment_id)]

    def requests(self) -> list[LoggedRequest]:
        """That left these rows."""
        return self._attribution.requests()

    def forget(self, request: LoggedRequest) -> None:
        """It and its rows are not known from here on."""
        self._attribution.forget(request)
        for key in request.rows:
            self._drop(key)

    def has(self, request_id: str) -> bool:
        """Whether a request of this id has rows."""
        return self._attribution.request(request_id) is not None

    def of(self, request_id: str | None) -> list[LogEntry]:
        """The rows of a request."""
        request = self._attribution.request(request_id)
        return [self._rows[key] for key in request.rows] if request else []

    def near(self, method: str, path: str, moment: float, within: int) -> Iterator[LogEntry]:
        """The rows of what was asked for at about this time, so many milliseconds earlier or later; in order of time."""
        there = self._places.get((method, path), [])
        for at, key in there[bisect_left(there, moment - within, key=_at) :]:
            if at > moment + within:
                return
            yield self._rows[key]

    def announced(self) -> Collection[str]:
        """The ids of requests that any run has named as its own in the log itself."""
        return self._are_announced

    def _number(self, key: Hashable, row: LogEntry) -> None:
        meaning = self._meanings[key]
        numbers = self._ledger.numbers(row, meaning)
        self._numbers.put(key, numbers)
        self._examples.pop(key, None)
        self._own.pop(key, None)
        if numbers[1]:
            self._examples[key] = (numbers[1], (row.at, row.message))
        if meaning.own:
            self._own[key] = numbers[0]

    def _drop(self, key: Hashable) -> None:
        before = self._rows.pop(key, None)
        if before is not None:
            self._displace(key, before)
            self._numbers.drop(key)
            del self._meanings[key]
            self._examples.pop(key, None)
            self._own.pop(key, None)

    def _displace(self, key: Hashable, row: LogEntry | None) -> None:
        if row is not None:
            there = self._places[row.method, row.path]
            del there[bisect_left(there, (row.at, key))]

    def _note_announced(self, row: LogEntry) -> None:
        if ends := announced(row) - self._announced:
            self._announced |= ends
            self._are_announced.update(one.id for one in self.requests() if unique_end(one.id) in ends)
        if row.request_id and self._announced and unique_end(row.request_id) in self._announced:
            self._are_announced.add(row.request_id)


class _Numbers:
    """Rows of numbers without a hole, each known by a name."""

    def __init__(self) -> None:
        self._table: Rows = np.empty(1024, ROW)
        self._at: dict[Hashable, int] = {}
        self._keys: list[Hashable] = []

    @property
    def rows(self) -> Rows:
        """All of them, and not a copy."""
        return self._table[: len(self._keys)]

    def put(self, key: Hashable, numbers: tuple[int, ...]) -> None:
        """A row, new or instead of its earlier numbers."""
        at = self._at.setdefault(key, len(self._keys))
        if at == len(self._keys):
            self._keys.append(key)
            if at == len(self._table):
                self._table = np.concatenate([self._table, np.empty_like(self._table)])
        self._table[at] = numbers

    def drop(self, key: Hashable) -> None:
        """The last row takes its place."""
        at, last = self._at.pop(key), self._keys.pop()
        if last != key:
            self._table[at] = self._table[len(self._keys)]
            self._keys[at], self._at[last] = last, at


def _at(one: tuple[int, Hashable]) -> int:
    return one[0]


def _is_same(one: LogEntry, other: LogEntry) -> bool:
    """But for the request: what a row means does not depend on it."""
    return one == other or one == msgspec.structs.replace(other, request_id=one.request_id)
