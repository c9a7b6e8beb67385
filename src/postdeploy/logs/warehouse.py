"""Logs in a warehouse (`warehouse_address` opens it). It counts there; requests of users arrive as counts.

Each count becomes as many requests, which are spread between the first of them and the last: when one began is known to the minute,
and exactly of the first and the last. Our own requests and sentinels arrive as they are.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import msgspec

from postdeploy.logs import cells
from postdeploy.logs.decoding import unread
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.own_marks import is_own_address
from postdeploy.logs.place import PlaceError
from postdeploy.logs.protocol import Gap, News, Shows, Span
from postdeploy.logs.warehouse_sql import MOST_COUNTS, MOST_OWN, MOST_TEXTS, Questions

_HOUR = 3_600_000
_SETTLE = 30_000
"""Milliseconds by which rows may come late; what is younger is not counted yet."""
_AGAIN = 300_000
"""Milliseconds that are counted once more each time, for rows that came later."""
_MARGIN = 900_000
"""Milliseconds before them whose rows are read, so that a request which began there is not taken for one of theirs."""
_EVERY = 10.0
_POLL = 0.25
_DIED = 999
"""The status of a request whose function died, in `warehouse.sql`."""
_Row = dict[str, Any]
_QUIET: _Row = {"of_level": "", "said": ""}


class _Member(NamedTuple):
    """A request that was given."""

    number: int
    rows: int


class Server(Protocol):
    """What answers SQL."""

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Raises: PlaceError."""
        ...

    def check(self, sql: str) -> None:
        """Whether it can be asked that. Raises: PlaceError."""
        ...

    def unreadable(self) -> tuple[int, str]:
        """How many rows of any time can't be read, and where one is. Raises: PlaceError."""
        ...

    def close(self) -> None:
        """End what was opened to ask it; another question opens it again."""
        ...


class Warehouse:
    """Counts of a table, asked for again until `done()`."""

    shows = Shows.STATUS | Shows.REQUEST_ID | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.HISTORY | Shows.LIVE

    def __init__(self, name: str, server: Server, questions: Questions, length: int = _HOUR) -> None:
        """`length`: milliseconds that are read where no beginning is given."""
        self.name = name
        self._server, self._questions, self._length = server, questions, length
        self._members: dict[str, list[_Member]] = {}
        """The requests that were given for each count."""
        self._given = 0
        self._malformed = 0
        """Rows that can't be read, of which news were given."""
        self._says_unnamed = False
        self._left: list[_Member] = []
        """Those that no count has any more."""

    def check(self) -> None:
        """Ask for nothing of the table, to see whether it can be asked.

        Raises:
            PlaceError: it can't.
        """
        try:
            self._server.check(self._questions.counts(Span(0, 1), 0))
        except PlaceError:
            self._server.close()
            raise

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        """Requests since a moment, until `done()`; as far as they can be complete."""
        try:
            yield from self._looks(since, done)
        finally:
            self._server.close()

    def _looks(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        covered = 0
        while True:
            is_last = done()
            try:
                now = self._now()
                begun = since or now - self._length
                covered = covered or begun
                until = max(covered, now - _SETTLE)
                yield from self._own(Span(max(begun, covered - _AGAIN), max(now, until) + _HOUR))
                yield from self._look(begun, covered, until)
                covered = until
                if is_last:
                    yield from self._unreadable()
                yield News(covered=Span(begun, max(until, begun + 1)))
            except PlaceError as error:
                if is_last:
                    yield unread(self.name, covered or since, str(error))
            if is_last:
                return
            looked = time.monotonic()
            while not done() and time.monotonic() < looked + _EVERY:
                yield News()
                time.sleep(_POLL)

    def _now(self) -> int:
        found = self._server.rows(self._questions.now())
        if len(found) != 1 or "now" not in found[0]:
            raise PlaceError("it did not answer what it was asked. Check host and port of the address")
        return int(found[0]["now"])

    def _own(self, span: Span) -> Iterator[News]:
        found = self._server.rows(self._questions.own(span))
        if len(found) > MOST_OWN:
            yield News(
                unread=f"{self.name}: more than {MOST_OWN} rows of the suite's own requests; the others were left out"
            )
        yield News(tuple(_own_row(row) for row in found[:MOST_OWN]))

    def _unreadable(self) -> Iterator[News]:
        """Rows that can't be read, each once: they may be of any time."""
        count, where = self._server.unreadable()
        if count > self._malformed:
            yield News(malformed=count - self._malformed, malformed_example=where)
            self._malformed = count

    def _look(self, begun: int, covered: int, until: int) -> Iterator[News]:
        """Whole minutes again and again: a count that has grown gives the requests that it has more."""
        again = max(begun, (covered - _AGAIN) // 60_000 * 60_000)
        read = Span(max(begun, again - _MARGIN), until)
        counts = self._server.rows(self._questions.counts(read, again))
        yield News()
        found = self._server.rows(self._questions.texts(read))
        for many, most, what in ((counts, MOST_COUNTS, "counts"), (found, MOST_TEXTS, "distinct texts")):
            if len(many) > most:
                yield News(
                    unread=f"{self.name}: it holds more than {most} {what}; the others were left out. Ask for less with hours="
                )
        if not self._says_unnamed and any(row["unnamed"] for row in counts):
            self._says_unnamed = True
            yield News(
                note="some requests have no id: which rows belong together is estimated by path, method and time"
            )
        texts = {row["text"]: row for row in found[:MOST_TEXTS]}
        yield News(tuple(self._requests(counts[:MOST_COUNTS], texts, again // 60_000)))
        if self._left:
            why = (
                f"{self.name}: requests that were counted are gone: their rows were deleted, or moved to other requests"
            )
            yield News(gap=Gap(Span(again, until), why))

    def _requests(self, counts: Sequence[_Row], texts: Mapping[str, _Row], minute: int) -> Iterator[LogEntry]:
        """The requests that are new. One that changed since it was counted (late rows, a function that ran long) replaces itself."""
        self._members = {name: those for name, those in self._members.items() if int(name.partition("-")[0]) >= minute}
        rows = {_name(row): row for row in counts}
        self._left = []
        for name, members in self._members.items():
            count = rows[name]["requests"] if name in rows else 0
            self._left += members[count:]
            del members[count:]
        for name, row in rows.items():
            said = [texts[one] for one in row["texts"].split() if one in texts] or [_QUIET]
            members = self._members.setdefault(name, [])
            for number in range(len(members), row["requests"]):
                before = self._left.pop() if self._left else self._member()
                members.append(_Member(before.number, len(said)))
                quiet = [_QUIET] * (before.rows - len(said))
                yield from _entries(row, number, before.number, [*said, *quiet])

    def _member(self) -> _Member:
        self._given += 1
        return _Member(self._given, 0)


def _name(row: _Row) -> str:
    """A count by all that distinguishes it."""
    kind = [row[name] for name in ("method", "route", "worst", "deployment", "environment", "texts")]
    return f"{row['minute']}-{hashlib.sha256(msgspec.json.encode(kind)).hexdigest()[:16]}"


def _entries(row: _Row, number: int, member: int, said: Sequence[_Row]) -> Iterator[LogEntry]:
    """One request of a count: a row for each of its texts, or a quiet one."""
    first, last = row["since"], row["until"]
    status = {0: None, _DIED: -1}.get(row["worst"], row["worst"])
    for part, text in enumerate(said):
        yield LogEntry(
            at=first + (last - first) * number // max(1, row["requests"] - 1),
            message=text["said"],
            level=cells.level(text["of_level"]),
            method=row["method"],
            path=cells.path(row["route"]),
            status=status,
            request_id=f"counted-{member}",
            row_id=f"counted-{member}-{part}",
            deployment_id=row["deployment"] or None,
            environment=row["environment"] or None,
            source="counted",
        )


def _own_row(row: _Row) -> LogEntry:
    """A row of the suite's own, as it is."""
    kept = msgspec.json.encode([row[name] for name in ("at", "request", "said", "path", "level", "status")])
    return LogEntry(
        at=row["at"],
        message=row["said"],
        level=cells.level(row["level"]),
        method=row["method"],
        path=cells.path(row["path"]),
        status=row["status"] or None,
        request_id=request_key(row["request"]),
        row_id=hashlib.sha256(kept).hexdigest()[:16],
        deployment_id=row["deployment"] or None,
        environment=row["environment"] or None,
        source="own",
        own=is_own_address(row["agent"], row["path"]),
    )
