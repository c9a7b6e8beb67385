"""Rows of a log, put together by request: what is counted are requests, never rows."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from postdeploy.analysis.columns import Reduced
from postdeploy.analysis.incidents import Incident, Rows, Tally
from postdeploy.analysis.signals import DIED, Part, Route, Sign, Signal, Text
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Span

_COMPACT_AT = 1 << 20
"""Rows that are gathered before they are put together."""


_ROW = np.dtype(
    [("request", "<u8"), ("text", "<u4"), ("route", "<u4"), ("status", "<u2"), ("deployment", "<u2"), ("at", "<i8")]
)


_ORDER: dict[str, int] = {signal: rank for rank, signal in enumerate(Signal)}


class Ledger:
    """Rows, reduced to numbers and put together by request."""

    def __init__(self) -> None:
        self.routes: list[Route] = []
        self.texts: list[Text | None] = [None]
        self.deployments: list[str] = [""]
        self.rows = 0
        self._route_at: dict[Route, int] = {}
        self._text_at: dict[Text, int] = {}
        self._deployment_at: dict[str, int] = {"": 0}
        self._examples: dict[int, str] = {}
        self._pending = [array("Q"), array("I"), array("I"), array("H"), array("H"), array("q")]
        self._taken: list[Rows] = []
        self._taken_rows = 0
        self._kept: Rows = np.empty(0, _ROW)

    # What goes in ------------------------------------------------------------------------------------------------------

    def add(self, entry: LogEntry, sign: Sign) -> None:
        """One row. A row that names no request is one of its own."""
        request = _request(entry.request_id or (entry.row_id, entry.at, entry.method, entry.path))
        text = 0
        if sign.text is not None:
            text = self.text(sign.text)
            if text not in self._examples:
                self._examples[text] = entry.message
        columns = (
            request,
            text,
            self.route(sign.route),
            sign.status,
            self.deployment(entry.deployment_id or ""),
            entry.at,
        )
        for column, value in zip(self._pending, columns, strict=True):
            column.append(value)
        self.rows += 1
        if len(self._pending[0]) >= _COMPACT_AT:
            self._settle()

    def take(self, reduced: Reduced) -> None:
        """Many rows, reduced elsewhere."""
        numbers = reduced.numbers()
        requests = np.array([_request(name) for name in reduced.ids], np.uint64)
        routes = np.array([self.route(route) for route in reduced.routes], np.int64)
        deployments = np.array([self.deployment(name) for name in reduced.deployments], np.int64)
        texts = np.array([0, *(self.text(text) for text in reduced.texts)], np.int64)
        for text, example in zip(texts[1:], reduced.examples, strict=True):
            self._examples.setdefault(int(text), example)
        self.rows += reduced.rows
        if not numbers.size:
            return
        rows = np.empty(numbers.shape[1], _ROW)
        rows["request"], rows["text"], rows["route"] = requests[numbers[0]], texts[numbers[1]], routes[numbers[2]]
        rows["status"], rows["deployment"], rows["at"] = numbers[3], deployments[numbers[4]], numbers[5]
        self._taken.append(rows)
        self._taken_rows += len(rows)
        if self._taken_rows >= max(_COMPACT_AT, len(self._kept)):
            self._settle()

    def route(self, route: Route) -> int:
        """The number of a route."""
        return _number(route, self.routes, self._route_at)

    def text(self, text: Text) -> int:
        """The number of a text."""
        at = self._text_at.get(text)
        if at is None:
            at = self._text_at[text] = len(self.texts)
            self.texts.append(text)
        return at

    def deployment(self, deployment_id: str) -> int:
        """The number of a deployment; 0 for none told."""
        return _number(deployment_id, self.deployments, self._deployment_at)

    def _settle(self) -> None:
        count = len(self._pending[0])
        if not count and not self._taken:
            return
        fresh = np.empty(count, _ROW)
        for name, column in zip(("request", "text", "route", "status", "deployment", "at"), self._pending, strict=True):
            fresh[name] = np.frombuffer(column, dtype=column.typecode)
        self._pending = [array(column.typecode) for column in self._pending]
        self._kept = _put_together(np.concatenate([self._kept, *self._taken, fresh]))
        self._taken, self._taken_rows = [], 0

    # What comes out ----------------------------------------------------------------------------------------------------

    def began(self) -> dict[str, int]:
        """Deployment id → when its first row was written, epoch milliseconds."""
        self._settle()
        found = {}
        for number, name in enumerate(self.deployments):
            mine = self._kept["at"][self._kept["deployment"] == number]
            if name and len(mine):
                found[name] = int(mine.min())
        return found

    def tally(self, span: Span | None = None, deployment: str | None = None, own: Iterable[str] = ()) -> Tally:
        """What happened to the requests that began in `span`.

        `deployment`: only its rows, and those that name none. `own`: ids of requests of the suite's own browser.
        """
        self._settle()
        rows = self._kept
        if deployment is not None:
            wanted = self._deployment_at.get(deployment, -1)
            rows = rows[(rows["deployment"] == wanted) | (rows["deployment"] == 0)]
        if not len(rows):
            return Tally()
        found = _Count(self, rows[np.lexsort((rows["text"], rows["request"]))], span, own).tally()
        if span is not None:
            return replace(found, seconds=(span.until - span.since) / 1000)
        return found if found.first is None else replace(found, seconds=((found.last or 0) - found.first) / 1000)

    def example(self, text: int) -> str:
        """A message that reads like this text."""
        return self._examples.get(text, "")


class _Count:
    """One tally in the making. `rows` are sorted by request; `g` numbers the requests."""

    def __init__(self, ledger: Ledger, rows: Rows, span: Span | None, own: Iterable[str]) -> None:
        self._ledger = ledger
        starts = np.flatnonzero(np.r_[True, rows["request"][1:] != rows["request"][:-1]])
        at = np.minimum.reduceat(rows["at"], starts)
        status = np.maximum.reduceat(rows["status"], starts)
        inside = np.ones(len(starts), bool) if span is None else (at >= span.since) & (at < span.until)
        ours = np.array([_request(each) for each in own], np.uint64)
        self._own = np.isin(rows["request"][starts], ours) & inside
        self._counted = inside & ~self._own
        self._inside = inside
        self._at, self._status = at, status
        order = {route: rank for rank, route in enumerate(sorted(ledger.routes))}
        ranks = np.array([order[route] for route in ledger.routes], np.int64)
        by_rank = np.argsort(ranks)
        self._route = by_rank[np.minimum.reduceat(ranks[rows["route"]], starts)]
        group = np.cumsum(np.r_[False, rows["request"][1:] != rows["request"][:-1]])
        loud = rows["text"] > 0
        self._pair_group = group[loud]
        self._pair_text = rows["text"][loud].astype(np.int64)
        part = np.array([list(Part).index(route.part) for route in ledger.routes], np.int64)
        self._part = part[self._route]

    def tally(self) -> Tally:
        found = [*self._failed_requests(), *self._told_by_messages()]
        times = self._at[self._counted]
        parts = self._part[self._counted]
        counted = np.bincount(parts, minlength=len(Part)) if len(parts) else np.zeros(len(Part), int)
        assets = self._part == list(Part).index(Part.ASSET)
        return Tally(
            requests=len(times) - int(counted[list(Part).index(Part.ASSET)]),
            actions=int(counted[list(Part).index(Part.ACTION)]),
            inbox=int(counted[list(Part).index(Part.INBOX)]),
            pages=int(counted[list(Part).index(Part.PAGE)]),
            own=int(self._own.sum()),
            first=int(times.min()) if len(times) else None,
            last=int(times.max()) if len(times) else None,
            incidents=tuple(sorted(found, key=_worst_first)),
            at=self._at,
            inside=self._inside & ~assets,
        )

    def _failed_requests(self) -> list[Incident]:
        """An incident for each kind of failing request: what it was for, and its leading message."""
        failing = self._inside & (self._status >= 500)
        if not failing.any():
            return []
        texts = self._ledger.texts
        ranking = sorted(range(1, len(texts)), key=lambda at: texts[at])  # type: ignore[arg-type,return-value]
        rank = np.full(len(texts), len(texts), np.int64)
        rank[ranking] = np.arange(len(ranking))
        lead = np.full(len(self._at), len(texts), np.int64)
        np.minimum.at(lead, self._pair_group, rank[self._pair_text])
        found: dict[tuple[str, str, str], list[Any]] = {}
        where = np.flatnonzero(failing)
        keys = np.stack([self._route[where], lead[where], self._status[where].astype(np.int64)])
        kinds, which = np.unique(keys, axis=1, return_inverse=True)
        for number in range(kinds.shape[1]):
            route_at, lead_rank, status = (int(each) for each in kinds[:, number])
            members = where[np.ravel(which) == number]
            text_at = ranking[lead_rank] if lead_rank < len(texts) and lead_rank < len(ranking) else 0
            route, text = self._ledger.routes[route_at], texts[text_at]
            signal = _kind(route, status, text)
            words = text.words if text else f"{route.template} {'died' if status == DIED else status}"
            what = (members, route, text, text_at, status)
            found.setdefault((signal, route.template, words), []).append(what)
            if status == DIED:
                found.setdefault((Signal.FUNCTION_DIED, route.template, words), []).append(what)
        return [self._incident(signal, route, words, those) for (signal, route, words), those in found.items()]

    def _told_by_messages(self) -> list[Incident]:
        """An incident for each meaning that a message has, whatever the request's status."""
        found: dict[tuple[str, str, str], list[Any]] = {}
        inside = self._inside[self._pair_group]
        groups, numbers = self._pair_group[inside], self._pair_text[inside]
        if not len(groups):
            return []
        pairs = np.unique(np.stack([groups, numbers]), axis=1)
        keys = np.stack([self._route[pairs[0]], pairs[1]])
        kinds, which = np.unique(keys, axis=1, return_inverse=True)
        for number in range(kinds.shape[1]):
            route = self._ledger.routes[int(kinds[0, number])]
            text = self._ledger.texts[int(kinds[1, number])]
            members = pairs[0][np.ravel(which) == number]
            for signal in text.signals if text else ():
                those = members
                if signal == Signal.OTHER_ERROR:  # of a failing request it is the message, not another trouble
                    those = members[self._status[members] < 500]
                if text and len(those):
                    what = (those, route, text, int(kinds[1, number]), int(self._status[those].max()))
                    found.setdefault((signal, route.template, text.words), []).append(what)
        return [self._incident(signal, route, words, those) for (signal, route, words), those in found.items()]

    def _incident(self, signal: str, template: str, words: str, those: Sequence[Any]) -> Incident:
        members = np.unique(np.concatenate([each[0] for each in those]))
        counted = members[self._counted[members]]
        _, route, text, text_at, _ = min(those, key=lambda each: each[3])
        means = tuple(sorted({name for each in those if each[2] for name in each[2].signals if name != signal}))
        times = self._at[counted] if len(counted) else self._at[members]
        return Incident(
            signal=signal,
            route=template,
            words=words,
            requests=len(counted),
            first=int(times.min()),
            last=int(times.max()),
            part=route.part,
            means=means,
            example="" if text and Signal.PERSONAL_DATA in text.signals else self._ledger.example(text_at),
            own=len(members) - len(counted),
            known=text.known if text else None,
            statuses=tuple(sorted({int(each[4]) for each in those} - {0})),
            members=counted.astype(np.int64),
        )


def _request(name: Any) -> int:
    """A request by a number: of its id, or of what there is instead."""
    return hash(name) & 0xFFFF_FFFF_FFFF_FFFF


def _worst_first(incident: Incident) -> tuple[int, int, str]:
    return (_ORDER.get(incident.signal, len(_ORDER)), -incident.requests, incident.words)


def _kind(route: Route, status: int, text: Text | None) -> Signal:
    """What it means that a request of this kind failed."""
    if text and Signal.VERSION_SKEW in text.signals:
        return Signal.VERSION_SKEW
    if route.part is Part.INBOX and text and Signal.READ_API_DISABLED in text.signals and status == 503:
        return Signal.READ_API_DISABLED
    return {
        Part.ACTION: Signal.SERVER_ACTION_ERROR,
        Part.PAGE: Signal.RENDER_ERROR,
        Part.INBOX: Signal.INBOX_ROUTE_ERROR,
        Part.ROUTE: Signal.ROUTE_ERROR,
    }[route.part]


def _put_together(rows: Rows) -> Rows:
    """One row for each request, text, route, status and deployment, with the earliest time; quiet repetitions go."""
    rows = rows[np.lexsort([rows[key] for key in ("at", "deployment", "status", "route", "text", "request")])]
    keys = ("request", "text", "route", "status", "deployment")
    fresh = (
        np.r_[True, np.logical_or.reduce([rows[key][1:] != rows[key][:-1] for key in keys])]
        if len(rows)
        else np.empty(0, bool)
    )
    return rows[fresh]


def _number(value: Any, values: list[Any], at: dict[Any, int]) -> int:
    found = at.get(value)
    if found is None:
        found = at[value] = len(values)
        values.append(value)
    return found
