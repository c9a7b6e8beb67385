"""Logs in a warehouse: `--logs='clickhouse://user@host/database?table=TABLE'`. It counts there; requests of users arrive as counts.

Each count becomes as many requests, which are spread between the first of them and the last: when one began is known to the minute,
and exactly of the first and the last. Our own requests and sentinels arrive as they are.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import msgspec

from postdeploy.logs import cells
from postdeploy.logs.clickhouse import ClickHouse
from postdeploy.logs.decoding import unread
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.own_marks import is_own_address
from postdeploy.logs.place import PlaceError
from postdeploy.logs.protocol import Gap, News, Shows, Span
from postdeploy.logs.warehouse_sql import MOST_COUNTS, MOST_OWN, MOST_TEXTS, Questions
from postdeploy.model import UsageError
from postdeploy.runbook.tables import Runbook

_SCHEMA = "vercel"
_HOURS = 1.0
"""How much is read where it is not known when the deployment received production traffic."""
_HOUR = 3_600_000
_SETTLE = 30_000
"""Milliseconds by which rows may come late; what is younger is not counted yet."""
_AGAIN = 300_000
"""Milliseconds that are counted once more each time, for rows that came later."""
_MARGIN = 60_000
"""Milliseconds before them whose rows are read, so that a request which began there is not taken for one of theirs."""
_EVERY = 10.0
_POLL = 0.25
_TABLE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?")
_DIED = 999


class Answers(Protocol):
    """What answers SQL."""

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Raises: PlaceError."""
        ...


def open_warehouse(spec: str, runbook: Runbook) -> Warehouse:
    """The source behind an address.

    Raises:
        UsageError: it can't be used; the message says why, and shows nothing secret of the address.
    """
    address = urlsplit(spec)
    given = {name: values[-1] for name, values in parse_qs(address.query).items()}
    table, schema = given.get("table", ""), given.get("schema", _SCHEMA)
    shown = f"clickhouse://{address.netloc.rpartition('@')[2]}{address.path}?table={table}"
    try:
        columns = runbook.warehouse.get(schema)
        if not _TABLE.fullmatch(table):
            raise PlaceError("it names no table. Write clickhouse://USER@HOST/DATABASE?table=TABLE")
        if columns is None:
            raise PlaceError(f"schema={schema} is not known; known are {', '.join(sorted(runbook.warehouse))}")
        if (hours := cells.amount(given.get("hours", _HOURS))) is None or hours == 0:
            raise PlaceError("hours= takes a number of hours")
        found = Warehouse(shown, ClickHouse(address), Questions(table, columns, runbook), round(hours * _HOUR))
        found.check()
    except (PlaceError, ValueError) as error:
        raise UsageError(f"logs: {shown} can't be used: {str(error).rstrip('.')}.") from None
    return found


class Warehouse:
    """Counts of a table, asked for again until `done()`."""

    shows = (
        Shows.STATUS | Shows.REQUEST_ID | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.HISTORY | Shows.LIVE
    )

    def __init__(self, name: str, server: Answers, questions: Questions, length: int = _HOUR) -> None:
        """`length`: milliseconds that are read where no beginning is given."""
        self.name = name
        self._server, self._questions, self._length = server, questions, length
        self._counted: dict[str, int] = {}
        """How many requests of each count were given."""

    def check(self) -> None:
        """Ask for nothing of the table, to see whether it can be asked.

        Raises:
            PlaceError: it can't.
        """
        self._server.rows(self._questions.counts(Span(0, 1), 0))

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        """Requests since a moment, until `done()`; as far as they can be complete."""
        covered = 0
        while True:
            is_last = done()
            try:
                now = int(self._server.rows(self._questions.now())[0]["now"])
                begun = since or now - self._length
                covered = covered or begun
                until = max(covered, now - _SETTLE)
                yield from self._own(Span(max(begun, covered - _AGAIN), max(now, until) + _MARGIN))
                yield from self._look(begun, covered, until)
                covered = until
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

    def _own(self, span: Span) -> Iterator[News]:
        found = self._server.rows(self._questions.own(span))
        if len(found) > MOST_OWN:
            yield News(unread=f"{self.name}: more than {MOST_OWN} rows of the suite's own requests; the others were left out")
        yield News(tuple(_own_row(row) for row in found[:MOST_OWN]))

    def _look(self, begun: int, covered: int, until: int) -> Iterator[News]:
        """Whole minutes again and again: a count that has grown gives the requests that it has more."""
        again = max(begun, (covered - _AGAIN) // 60_000 * 60_000)
        read = Span(max(begun, again - _MARGIN), until)
        counts = self._server.rows(self._questions.counts(read, again))
        yield News()
        texts = {row["text"]: row for row in self._server.rows(self._questions.texts(read))}
        if len(counts) > MOST_COUNTS or len(texts) > MOST_TEXTS:
            what = f"{MOST_TEXTS} distinct texts" if len(texts) > MOST_TEXTS else f"{MOST_COUNTS} counts"
            yield News(unread=f"{self.name}: it holds more than {what}; the others were left out. Ask for less with hours=")
            texts = dict(list(texts.items())[:MOST_TEXTS])
        entries: list[LogEntry] = []
        seen: dict[str, int] = {}
        for row in counts[:MOST_COUNTS]:
            name = _name(row)
            seen[name] = row["requests"]
            entries += _requests(row, name, self._counted.get(name, 0), texts)
        fewer = [name for name, count in self._counted.items() if _minute(name) * 60_000 >= again and seen.get(name, 0) < count]
        if fewer:
            minute = min(map(_minute, fewer)) * 60_000
            why = f"{self.name}: requests changed after they were counted, because rows came more than {_SETTLE // 1000} s late"
            yield News(gap=Gap(Span(minute, until), why))
        for name in fewer:
            seen.setdefault(name, 0)
        self._counted.update({name: max(count, self._counted.get(name, 0)) for name, count in seen.items()})
        yield News(tuple(entries))


def _name(row: dict[str, Any]) -> str:
    """A count by all that distinguishes it."""
    kind = [row[name] for name in ("method", "route", "worst", "deployment", "environment", "texts")]
    return f"{row['minute']}-{hashlib.sha256(msgspec.json.encode(kind)).hexdigest()[:16]}"


def _minute(name: str) -> int:
    return int(name.partition("-")[0])


def _requests(row: dict[str, Any], name: str, known: int, texts: dict[str, dict[str, Any]]) -> Iterator[LogEntry]:
    """The requests of a count, but for those that are known: each with a row for every text, or a quiet one."""
    count, first, last = row["requests"], row["since"], row["until"]
    status = {0: None, _DIED: -1}.get(row["worst"], row["worst"])
    path = cells.path(row["route"])
    said = [texts[one] for one in row["texts"] if one in texts] or [{"of_level": "", "said": ""}]
    for number in range(known, count):
        for part, text in enumerate(said):
            yield LogEntry(
                at=first + (last - first) * number // max(1, count - 1),
                message=text["said"],
                level=cells.level(text["of_level"]),
                method=row["method"],
                path=path,
                status=status,
                request_id=f"counted-{name}-{number}",
                row_id=f"{name}-{number}-{part}",
                deployment_id=row["deployment"] or None,
                environment=row["environment"] or None,
                source="counted",
            )


def _own_row(row: dict[str, Any]) -> LogEntry:
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
