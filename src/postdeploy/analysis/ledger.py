"""Rows go in, put together by request; `counting` says what happened to those requests.

Five numbers a row are kept, whatever the order in which rows come and however often; so a day's log fits in little memory.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from postdeploy.analysis import counting
from postdeploy.analysis.columns import Columns, Example
from postdeploy.analysis.counting import RequestRows
from postdeploy.analysis.distinct import beginnings
from postdeploy.analysis.incidents import Flags, Rows, Tally
from postdeploy.analysis.row_order import merged, without_repetitions
from postdeploy.analysis.signals import MessageMeaning, Route, RowMeaning
from postdeploy.logs.entry import LogEntry, label
from postdeploy.logs.protocol import Span
from postdeploy.logs.window import traffic_since

_COMPACT_AT = 1 << 20
"""Rows that are gathered before they are put together."""
ROW = np.dtype(
    [("request", "<u8"), ("message", "<u4"), ("route", "<u4"), ("status", "<u2"), ("deployment", "<u4"), ("at", "<i8")]
)


def request_number(name: Any) -> int:
    """A request by a number: of its id, or of what there is instead."""
    return hash(name) & 0xFFFF_FFFF_FFFF_FFFF


class Ledger:
    """Rows as numbers, put together by request."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self.messages: list[MessageMeaning | None] = [None]
        self.deployments: list[str] = [""]
        self.rows = 0
        self._route_at: dict[Route, int] = {}
        self._message_at: dict[MessageMeaning, int] = {}
        self._deployment_at: dict[str, int] = {"": 0}
        self._examples: dict[int, Example] = {}
        self._single_rows = [array("Q"), array("I"), array("I"), array("H"), array("I"), array("q")]
        self._blocks: list[Rows] = []
        self._block_rows = 0
        self._own: set[int] = set()
        """Requests that are the suite's own by what they say of themselves."""
        self._compacted: Rows = np.empty(0, ROW)

    def add(self, entry: LogEntry, meaning: RowMeaning) -> None:
        """One row. A row that names no request is one of its own."""
        row = self.numbers(entry, meaning)
        if row[1]:
            self._note_example(row[1], (entry.at, entry.message))
        if meaning.own:
            self._own.add(row[0])
        for column, value in zip(self._single_rows, row, strict=True):
            column.append(value)
        self.rows += 1
        if len(self._single_rows[0]) >= _COMPACT_AT:
            self._compact()

    def numbers(self, entry: LogEntry, meaning: RowMeaning) -> tuple[int, int, int, int, int, int]:
        """A row as it is kept (`ROW`); it is not added."""
        return (
            request_number(entry.request_id or (entry.row_id, entry.at, entry.method, entry.path)),
            0 if meaning.message is None else self._message(meaning.message),
            self._route(meaning.route),
            meaning.status,
            self._deployment(entry.deployment_id or ""),
            entry.at,
        )

    def add_numbers(self, rows: Rows, examples: Iterable[tuple[int, Example]], own: Iterable[int]) -> None:
        """Many rows by their `numbers`, the messages in them as they were logged, and the requests that are the suite's own."""
        for message, example in examples:
            self._note_example(message, example)
        self._own.update(own)
        self._blocks.append(rows)
        self.rows += len(rows)
        self._compact()

    def add_columns(self, columns: Columns) -> None:
        """Many rows."""
        numbers = columns.numbers()
        requests = np.array([request_number(name) for name in columns.ids], np.uint64)
        routes = np.array([self._route(route) for route in columns.routes], np.int64)
        deployments = np.array([self._deployment(name) for name in columns.deployments], np.int64)
        messages = np.array([0, *(self._message(meaning) for meaning in columns.messages)], np.int64)
        for message, example in zip(messages[1:], columns.examples, strict=True):
            self._note_example(int(message), example)
        self._own.update(int(requests[number]) for number in columns.own)
        self.rows += columns.rows
        if not numbers.size:
            return
        rows = np.empty(numbers.shape[1], ROW)
        rows["request"], rows["message"], rows["route"] = requests[numbers[0]], messages[numbers[1]], routes[numbers[2]]
        rows["status"], rows["deployment"], rows["at"] = numbers[3], deployments[numbers[4]], numbers[5]
        self._blocks.append(rows)
        self._block_rows += len(rows)
        if self._block_rows >= max(_COMPACT_AT, len(self._compacted)):
            self._compact()

    def copy(self) -> Ledger:
        """One that goes on from here by itself; the rows so far are shared."""
        self._compact()
        other = Ledger()
        other.routes, other.messages, other.deployments = [*self.routes], [*self.messages], [*self.deployments]
        other._route_at, other._message_at = dict(self._route_at), dict(self._message_at)
        other._deployment_at, other._examples = dict(self._deployment_at), dict(self._examples)
        other._own, other._compacted, other.rows = set(self._own), self._compacted, self.rows
        return other

    def beginnings(self, quiet: int) -> dict[str, int]:
        """Deployment id → when its traffic began, epoch milliseconds, outliers left aside (`window.traffic_since`)."""
        self._compact()
        found = {}
        for number, name in enumerate(self.deployments):
            times = self._compacted["at"][self._compacted["deployment"] == number]
            if name and len(times):
                found[name] = traffic_since(times, quiet)
        return found

    def totals(self, deployment: str | None = None) -> Tally:
        """How many requests there were and when, without incidents: much quicker where there are many."""
        return self._tally(None, deployment, (), totals=True)

    def tally(self, span: Span | None = None, deployment: str | None = None, suite: Iterable[str] = ()) -> Tally:
        """What happened to the requests that began in `span`.

        `deployment`: only its rows, and those that name none, unless their request names another. `suite`: ids of requests of the
        suite's own browser; those that say themselves that they are the suite's are known.
        """
        return self._tally(span, deployment, suite, totals=False)

    def tally_without(self, deployment: str) -> Tally:
        """The same of all requests but those of a deployment."""
        self._compact()
        rows, number = self._compacted, self._deployment_at.get(deployment, -1)
        of_it = np.unique(rows["request"][rows["deployment"] == number])
        return self._tally_of(rows[~np.isin(rows["request"], of_it)], None, (), totals=False)

    def _tally(self, span: Span | None, deployment: str | None, suite: Iterable[str], *, totals: bool) -> Tally:
        self._compact()
        rows = self._compacted
        if deployment is not None:
            wanted = _of_deployment(rows, self._deployment_at.get(deployment, -1))
            if not wanted.all():  # a copy would be the largest thing in a long watch
                rows = np.take(rows, np.flatnonzero(wanted))
        return self._tally_of(rows, span, suite, totals=totals)

    def _tally_of(self, rows: Rows, span: Span | None, suite: Iterable[str], *, totals: bool) -> Tally:
        if not len(rows):
            return Tally()
        own = self._own.union(request_number(each) for each in suite)
        found = counting.tally(RequestRows(rows, self.routes, self.messages, self._examples), span, own, totals=totals)
        if span is not None:
            return replace(found, seconds=(span.until - span.since) / 1000)
        return found if found.first is None else replace(found, seconds=((found.last or 0) - found.first) / 1000)

    def _note_example(self, message: int, example: Example) -> None:
        self._examples[message] = min(self._examples.get(message, example), example)

    def _route(self, route: Route) -> int:
        return _number(route, self.routes, self._route_at)

    def _message(self, meaning: MessageMeaning) -> int:
        return _number(meaning, self.messages, self._message_at)

    def _deployment(self, deployment_id: str) -> int:
        return _number(label(deployment_id), self.deployments, self._deployment_at)

    def _compact(self) -> None:
        count = len(self._single_rows[0])
        if not count and not self._blocks:
            return
        rows = np.empty(count, ROW)
        for name, column in zip(ROW.names or (), self._single_rows, strict=True):
            rows[name] = np.frombuffer(column, dtype=column.typecode)
        self._single_rows = [array(column.typecode) for column in self._single_rows]
        self._compacted = merged(self._compacted, without_repetitions(np.concatenate([*self._blocks, rows])))
        self._blocks, self._block_rows = [], 0


def _of_deployment(rows: Rows, wanted: int) -> Flags:
    """Rows of this deployment; those that name none are, unless another row of their request names another one alone."""
    named: Flags = rows["deployment"] == wanted
    nameless: Flags = rows["deployment"] == 0
    if not nameless.any():  # in most logs every row names its deployment
        return named
    starts = beginnings(rows["request"])
    elsewhere = np.logical_or.reduceat(~(named | nameless), starts) & ~np.logical_or.reduceat(named, starts)
    found: Flags = named | nameless & ~np.repeat(elsewhere, np.diff(np.r_[starts, len(rows)]))
    return found


def _number(value: Any, values: list[Any], at: dict[Any, int]) -> int:
    found = at.get(value)
    if found is None:
        found = at[value] = len(values)
        values.append(value)
    return found
