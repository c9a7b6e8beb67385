"""A stretch of rows, reduced to columns: what a ledger takes in, and what one process can send to another.

Rows that tell nothing but that their request was there (nearly all) are handled by the block; the others one by one, as
`signals.Reader` and `Ledger.add` do it. The outcome is the same either way: tests/test_bulk.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.signals import Route, Sign, SignalReader, Text, status_of
from postdeploy.logs import cells, export
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.sentinel import sentinel_in

PRODUCTION = (None, "", "production")
_KEY = attrgetter("requestId", "requestMethod", "requestPath", "responseStatusCode", "deploymentId", "environment")
_AT = attrgetter("timestampInMs")
_MESSAGE = attrgetter("message")
_NEVER = np.iinfo(np.int64).max
_LEFT_OUT = -1
"""Instead of a route: the row is of another environment than production, and not counted."""
_ONE_BY_ONE = -2
"""Instead of a route: the row is looked at by itself."""

_TOGETHER = 32
"""Messages that are looked at together: more, and the few that tell something are found later."""
Flags = npt.NDArray[np.bool_]
Kind = tuple[int, int, int]
"""Numbers of route, status, deployment."""


@dataclass
class Reduced:
    """Columns, and the tables that their numbers point into."""

    rows: int = 0
    """How many rows this was."""
    ids: list[Any] = field(default_factory=list)
    """What tells a request from others: its id, or what there is instead."""
    columns: list[npt.NDArray[np.int64]] = field(default_factory=list)
    """Six rows of numbers each: request, text (0: none), route, status, deployment, time."""
    routes: list[Route] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    examples: list[str] = field(default_factory=list)
    """For each text the first message that reads like it."""
    deployments: list[str] = field(default_factory=list)
    sentinels: list[LogEntry] = field(default_factory=list)
    elsewhere: set[str] = field(default_factory=set)
    """Environments that are not production; their rows are left out."""
    inbox_error_lines: int = 0
    truncated_unknown: int = 0

    def numbers(self) -> npt.NDArray[np.int64]:
        """All columns, each as one."""
        return np.concatenate(self.columns, axis=1) if self.columns else np.empty((6, 0), np.int64)


class Reduction:
    """Rows in, columns out."""

    def __init__(self, reader: SignalReader, since: int) -> None:
        self.reduced = Reduced()
        self._reader = reader
        self._since = since
        self._inbox, self._truncated = reader.inbox_error_lines, reader.truncated_unknown
        self._ids: dict[Any, int] = {}
        self._routes: dict[Route, int] = {}
        self._texts: dict[Text, int] = {}
        self._deployments: dict[str, int] = {}
        self._kinds: dict[tuple[Any, ...], Kind] = {}
        self._levels: dict[str | None, str] = {}
        self._singles: list[tuple[int, ...]] = []

    def add(self, entry: LogEntry) -> None:
        """One row."""
        if entry.at < self._since:
            return
        if sentinel_in(entry.path):
            self.reduced.sentinels.append(entry)
            return
        if entry.environment not in PRODUCTION:
            self.reduced.elsewhere.add(str(entry.environment))
            return
        sign = self._reader.read(entry)
        self.reduced.rows += 1
        self._singles.append(
            (
                self._id(entry.request_id or (entry.row_id, entry.at, entry.method, entry.path)),
                self._text(sign, entry.message),
                _number(sign.route, self._routes),
                sign.status,
                _number(entry.deployment_id or "", self._deployments),
                entry.at,
            )
        )

    def add_block(self, rows: Sequence[export.ExportRow]) -> None:
        """Many rows.

        Raises:
            ValueError: one of them can't be read; nothing of this reduction may be used then.
        """
        if not rows:
            return
        index: dict[tuple[Any, ...], int] = {}
        which = np.array([index.setdefault(key, len(index)) for key in map(_KEY, rows)])
        at = _times(rows)
        kinds = np.array([self._kinds.get(key[1:]) or self._kind(key[1:]) for key in index])
        kinds[[not key[0] or key[0][-1] == ":" for key in index], 0] = _ONE_BY_ONE  # regions are no id
        routes, failing = kinds[which, 0], kinds[which, 1] >= 500
        singly, quiet = routes == _ONE_BY_ONE, routes >= 0
        for number in self._telling(rows, quiet, failing):
            singly[number], quiet[number] = True, False
        for number in np.flatnonzero(singly).tolist():
            self.add(export.entry(rows[number]))
        wanted = at >= self._since
        for number in np.flatnonzero(wanted & (routes == _LEFT_OUT)).tolist():
            self.reduced.elsewhere.add(str(rows[number].environment))
        quiet &= wanted
        self.reduced.rows += int(np.count_nonzero(quiet))
        first = np.full(len(index), _NEVER)
        np.minimum.at(first, which[quiet], at[quiet])
        there = first < _NEVER
        ids = [self._id(request_key(key[0])) for key, seen in zip(index, there.tolist(), strict=True) if seen]
        columns = np.zeros((6, len(ids)), np.int64)
        columns[0], columns[2:5], columns[5] = ids, kinds[there].T, first[there]
        self.reduced.columns.append(columns)

    def done(self) -> Reduced:
        """What it came to."""
        reduced = self.reduced
        if self._singles:
            reduced.columns.append(np.array(self._singles, np.int64).T)
            self._singles = []
        reduced.ids = list(self._ids)
        reduced.routes, reduced.texts = list(self._routes), list(self._texts)
        reduced.deployments = list(self._deployments)
        reduced.inbox_error_lines = self._reader.inbox_error_lines - self._inbox
        reduced.truncated_unknown = self._reader.truncated_unknown - self._truncated
        return reduced

    def _telling(self, rows: Sequence[export.ExportRow], quiet: Flags, failing: Flags) -> Iterator[int]:
        """The rows whose messages may tell something."""
        undecided: list[int] = []
        texts: list[str] = []
        is_loud = self._reader.is_loud
        still, fails = quiet.tolist(), failing.tolist()
        for number, text in [(number, text) for number, text in enumerate(map(_MESSAGE, rows)) if text]:
            if not still[number]:
                continue
            told = rows[number].level
            level = self._levels.get(told)
            if level is None:
                level = self._levels[told] = cells.level(told)
            loud = is_loud(text, level, failing=fails[number])
            if loud:
                yield number
            elif loud is None:
                undecided.append(number)
                texts.append(text)
        for since in range(0, len(texts), _TOGETHER):
            for at in self._reader.telling(texts[since : since + _TOGETHER]):
                yield undecided[since + at]

    def _kind(self, key: tuple[Any, ...]) -> Kind:
        method, path, told, deployment, environment = key
        path = cells.path(path)
        status = status_of(cells.status(told))
        route = _ONE_BY_ONE if sentinel_in(path) else _LEFT_OUT if environment not in PRODUCTION else 0
        if route == 0:
            route = _number(self._reader.route(method or "", path), self._routes)
        kind = self._kinds[key] = (route, status, _number(deployment or "", self._deployments))
        return kind

    def _id(self, name: Any) -> int:
        return self._ids.setdefault(name, len(self._ids))

    def _text(self, sign: Sign, message: str) -> int:
        if sign.text is None:
            return 0
        at = self._texts.get(sign.text)
        if at is None:
            at = self._texts[sign.text] = len(self._texts)
            self.reduced.examples.append(message)
        return at + 1


def _times(rows: Sequence[export.ExportRow]) -> npt.NDArray[np.int64]:
    told = list(map(_AT, rows))
    if set(map(type, told)) != {int}:
        told = [cells.first_moment(row.timestampInMs, row.TimeUTC) for row in rows]
    try:
        at = np.array(told, np.int64)
    except OverflowError:
        raise cells.UnreadableError("such a number is no time") from None
    cells.moment(int(at.min()))
    cells.moment(int(at.max()))
    return at


def _number(value: Any, numbers: dict[Any, int]) -> int:
    return numbers.setdefault(value, len(numbers))


def reduced(entries: Iterable[LogEntry], reader: SignalReader, since: int = 0) -> Reduced:
    """These rows, one by one."""
    reduction = Reduction(reader, since)
    for entry in entries:
        reduction.add(entry)
    return reduction.done()
