"""From rows to columns, many rows at once.

Rows that say no more than that their request was there (nearly all) are handled by the block; the others one by one, as
`SignalReader.read` and `Ledger.add` do it. The outcome is the same either way: tests/analysis/test_ingestion.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, count
from operator import attrgetter, itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from postdeploy.analysis.columns import COLUMNS, Columns, Example
from postdeploy.analysis.incidents import Flags
from postdeploy.analysis.remembered import Remembered
from postdeploy.analysis.request_kinds import PRODUCTION, RequestKind
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import MessageMeaning, Route
from postdeploy.logs import cells, export
from postdeploy.logs.entry import LogEntry, label, request_key
from postdeploy.logs.own_marks import NONCE, is_own
from postdeploy.logs.sentinel import answered

_KEY = attrgetter(
    "requestId",
    "requestPath",
    "requestMethod",
    "responseStatusCode",
    "deploymentId",
    "environment",
    "function",
    "type",
)
_ID, _PATH, _BEHIND_PATH, _OF_DEPLOYMENT = itemgetter(0), itemgetter(1), itemgetter(slice(2, None)), itemgetter(4)
"""Of such a key."""
_AT = attrgetter("timestampInMs")
_MESSAGE, _QUERY = attrgetter("message"), attrgetter("requestQueryString")
_AGENT, _PROJECT, _OWNER = (
    attrgetter("requestUserAgent"),
    attrgetter("projectId"),
    attrgetter("deploymentId", "projectId"),
)
_NEVER = np.iinfo(np.int64).max
_LEFT_OUT = -1
"""Instead of a route: the row is of another environment than production, and not counted."""
_ONE_BY_ONE = -2
"""Instead of a route: the row is read by itself."""
_DEPLOYMENT, _STATUS = 24, 16
"""Bits of a kind of request that number its deployment and are its status; above them stands the route."""
_LOW = {bits: (1 << bits) - 1 for bits in (_DEPLOYMENT, _STATUS)}
_TOGETHER = 64
"""Messages that are searched together: with more, the few that match are found later."""


class ColumnBuilder:
    """Rows in, columns out."""

    def __init__(self, reader: SignalReader, since: int) -> None:
        """`since`: rows before this time are left out, epoch milliseconds."""
        self._columns = Columns()
        self._reader = reader
        self._since = since
        self._inbox_error_lines, self._truncated = reader.inbox_error_lines, reader.truncated_unknown
        self._ids: dict[Any, int] = defaultdict(count().__next__)
        self._routes: dict[Route, int] = {}
        self._named_routes: list[Route] = []
        """The same by their numbers."""
        self._messages: dict[MessageMeaning, int] = {}
        self._deployments: dict[str, int] = {}
        self._kinds: Remembered[Any, int] = Remembered(lambda key: self._packed(reader.kinds.of[key]))
        """Route, status and deployment, by the cells of a row and what its path is like."""
        self._owned: set[str | None] = {None, ""}
        """Deployments whose project is known."""
        self._agents: set[str | None] = set()
        self._has_own_agent = False
        self._levels = Remembered(cells.level)
        self._single_rows: list[tuple[int, ...]] = []

    def add(self, entry: LogEntry, *, may_be_sentinel: bool = True) -> None:
        """One row."""
        if entry.deployment_id and entry.project:
            self._columns.projects[label(entry.deployment_id)] = label(entry.project)
        if entry.at < self._since:
            return
        if may_be_sentinel and answered(entry):
            self._columns.sentinels.append(entry)
            return
        if entry.environment not in PRODUCTION:
            self._columns.other_environments.add(label(str(entry.environment)))
            return
        if entry.path and not entry.request_id:
            self._columns.unnamed.append(entry)
            return
        meaning = self._reader.read(entry)
        self._columns.rows += 1
        request = self._ids[entry.request_id or (entry.row_id, entry.at, entry.method, entry.path)]
        if meaning.own:
            self._columns.own.add(request)
        self._single_rows.append(
            (
                request,
                0 if meaning.message is None else self._message(meaning.message, (entry.at, entry.message)),
                self._route(meaning.route),
                meaning.status,
                _number(entry.deployment_id or "", self._deployments),
                entry.at,
            )
        )

    def add_block(self, rows: Sequence[export.ExportRow], entry: Callable[[int], LogEntry] | None = None) -> None:
        """Many rows. `entry`: all that a row says, by its number, where its source says more than an export.

        Raises:
            ValueError: one of them can't be read; nothing of what was built may be used then.
        """
        if not rows:
            return
        index: dict[tuple[Any, ...], int] = defaultdict(count().__next__)
        which = np.fromiter(map(index.__getitem__, map(_KEY, rows)), np.int64, len(rows))
        at = _times(rows)
        alike = map(self._reader.kinds.alike.__getitem__, map(_PATH, index))
        of_keys = map(self._kinds.__getitem__, zip(alike, map(_BEHIND_PATH, index), strict=True))
        packed = np.fromiter(of_keys, np.int64, len(index))
        route, status, deployment = _unpacked(packed)
        requests = [*map(request_key, map(_ID, index))]
        if None in requests:
            route[[request is None for request in requests]] = _ONE_BY_ONE
        routes, failing = route[which], status[which] >= 500
        alone, quiet = routes == _ONE_BY_ONE, routes >= 0
        for number in self._meaningful(rows, quiet, failing):
            alone[number], quiet[number] = True, False
        for number in np.flatnonzero(alone).tolist():
            at_key = which[number]
            if routes[number] >= 0 and status[at_key] and rows[number].message and not entry:
                self._add_message(rows[number], int(at[number]), requests[at_key], packed[at_key])
            else:
                self.add(entry(number) if entry else export.entry(rows[number]))
        wanted = at >= self._since
        for number in np.flatnonzero(wanted & (routes == _LEFT_OUT)).tolist():
            self._columns.other_environments.add(label(str(rows[number].environment)))
        quiet &= wanted
        self._note_projects(rows, set(map(_OF_DEPLOYMENT, index)))
        self._note_agents(rows)
        self._columns.rows += int(np.count_nonzero(quiet))
        first = np.full(len(index), _NEVER)
        np.minimum.at(first, which[quiet], at[quiet])
        there = first < _NEVER
        if self._has_own_agent or NONCE in "\n".join(filter(None, map(_QUERY, rows))):
            self._columns.own |= {
                self._ids[request_key(row.requestId)]
                for number, row in enumerate(rows)
                if is_own(row.requestUserAgent, row.requestQueryString) and quiet[number]
            }
        ids = [*map(self._ids.__getitem__, compress(requests, there.tolist()))]
        block = np.zeros((COLUMNS, len(ids)), np.int64)
        block[0], block[2], block[3], block[4] = ids, route[there], status[there], deployment[there]
        block[5] = first[there]
        self._columns.blocks.append(block)

    def _add_message(self, row: export.ExportRow, at: int, request: str | None, kind: np.int64) -> None:
        """A row whose message means something; its status is known."""
        if at < self._since:
            return
        route, status, deployment = map(int, _unpacked(kind))
        text, number, found = row.message or "", self._ids[request], None
        failing = status >= 500
        if not text.isspace():
            found = self._reader.message(text, self._levels[row.level], self._named_routes[route], status)
        elif failing:
            found = self._hint(row)
        if is_own(row.requestUserAgent, row.requestQueryString) or (found and self._reader.names_own(text)):
            self._columns.own.add(number)
        message = 0 if found is None else self._message(found, (at, text))
        self._single_rows.append((number, message, route, status, deployment, at))
        self._columns.rows += 1

    def done(self) -> Columns:
        """All that was added."""
        columns = self._columns
        if self._single_rows:
            columns.blocks.append(np.array(self._single_rows, np.int64).T)
            self._single_rows = []
        columns.ids = list(self._ids)
        columns.routes, columns.messages = self._named_routes, list(self._messages)
        columns.deployments = list(self._deployments)
        columns.inbox_error_lines = self._reader.inbox_error_lines - self._inbox_error_lines
        columns.truncated_unknown = self._reader.truncated_unknown - self._truncated
        columns.unread = set(self._reader.unread)
        return columns

    def _meaningful(self, rows: Sequence[export.ExportRow], quiet: Flags, failing: Flags) -> Iterator[int]:
        """The rows whose messages may mean something."""
        for number in np.flatnonzero(quiet & failing).tolist():
            row = rows[number]
            if (not row.message or row.message.isspace()) and self._hint(row):
                yield number
        undecided: list[int] = []
        texts: list[str] = []
        is_meaningful = self._reader.is_meaningful
        is_quiet, fails = quiet.tolist(), failing.tolist()
        for number, text in [(number, text) for number, text in enumerate(map(_MESSAGE, rows)) if text]:
            if not is_quiet[number]:
                continue
            decided = is_meaningful(text, self._levels[rows[number].level], failing=fails[number])
            if decided:
                yield number
            elif decided is None:
                undecided.append(number)
                texts.append(text)
        for since in range(0, len(texts), _TOGETHER):
            for at in self._reader.meaningful(texts[since : since + _TOGETHER]):
                yield undecided[since + at]

    def _hint(self, row: export.ExportRow) -> MessageMeaning | None:
        took, memory = cells.milliseconds(row.durationMs), cells.percent(row.maxMemoryUsed, row.memorySize)
        return self._reader.hint(took, memory, row.type or "")

    def _packed(self, kind: RequestKind) -> int:
        apart = _ONE_BY_ONE if kind.is_counted else _LEFT_OUT
        route = apart if kind.route is None else self._route(kind.route)
        return (route << _DEPLOYMENT | _number(kind.deployment, self._deployments)) << _STATUS | kind.status

    def _route(self, route: Route) -> int:
        number = _number(route, self._routes)
        if number == len(self._named_routes):
            self._named_routes.append(route)
        return number

    def _note_agents(self, rows: Sequence[export.ExportRow]) -> None:
        if not self._agents.issuperset(map(_AGENT, rows)):
            others = set(map(_AGENT, rows)) - self._agents
            self._agents |= others
            self._has_own_agent |= any(map(is_own, others))

    def _note_projects(self, rows: Sequence[export.ExportRow], deployments: set[str | None]) -> None:
        """Once for each of these deployments: it has one project."""
        if deployments <= self._owned or not any(map(_PROJECT, rows)):
            return
        for deployment, project in set(map(_OWNER, rows)):
            if deployment and project:
                self._owned.add(deployment)
                self._columns.projects[label(deployment)] = label(project)

    def _message(self, meaning: MessageMeaning, example: Example) -> int:
        at = self._messages.get(meaning)
        if at is None:
            at = self._messages[meaning] = len(self._messages)
            self._columns.examples.append(example)
        self._columns.examples[at] = min(self._columns.examples[at], example)
        return at + 1


def _unpacked(kinds: Any) -> tuple[Any, Any, Any]:
    """Route, status and deployment of a kind that is one number, or of many."""
    of_request = kinds >> _STATUS
    return of_request >> _DEPLOYMENT, kinds & _LOW[_STATUS], of_request & _LOW[_DEPLOYMENT]


def _times(rows: Sequence[export.ExportRow]) -> npt.NDArray[np.int64]:
    given = list(map(_AT, rows))
    if set(map(type, given)) != {int}:
        given = [cells.first_moment(row.timestampInMs, row.TimeUTC) for row in rows]
    try:
        at = np.array(given, np.int64)
    except OverflowError:
        raise cells.UnreadableError("such a number is not a time") from None
    cells.moment(int(at.min()))
    cells.moment(int(at.max()))
    return at


def _number(value: Any, numbers: dict[Any, int]) -> int:
    return numbers.setdefault(value, len(numbers))


def columns_of(
    entries: Iterable[LogEntry], reader: SignalReader, since: int = 0, *, may_be_sentinels: bool = True
) -> Columns:
    """These rows, one by one."""
    builder = ColumnBuilder(reader, since)
    for entry in entries:
        builder.add(entry, may_be_sentinel=may_be_sentinels)
    return builder.done()
