"""The dashboard's export, JSON or CSV: one flat row per log line, several rows per request.

The columns have changed over time: they are known by name, and any may be missing. https://vercel.com/docs/logs/runtime
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from operator import itemgetter
from typing import Any

import msgspec

from postdeploy.logs import cells
from postdeploy.logs.entry import LogEntry, function_of, request_key
from postdeploy.logs.format_reader import Format
from postdeploy.logs.own_marks import is_own
from postdeploy.logs.protocol import Shows
from postdeploy.logs.table import CsvTable


class ExportRow(msgspec.Struct, gc=False):
    """The columns that are read; an empty text is an empty cell, whatever the type."""

    projectId: cells.Text = None  # noqa: N815 - the export's names, in its order: so they are found soonest
    TimeUTC: cells.Text = None
    timestampInMs: cells.Moment = None  # noqa: N815
    requestPath: cells.Text = None  # noqa: N815
    requestMethod: cells.Text = None  # noqa: N815
    requestQueryString: cells.Text = None  # noqa: N815
    responseStatusCode: cells.Number = None  # noqa: N815
    requestId: cells.Text = None  # noqa: N815
    requestUserAgent: cells.Text = None  # noqa: N815
    environment: cells.Text = None
    deploymentId: cells.Text = None  # noqa: N815
    type: cells.Text = None
    function: cells.Text = None
    level: cells.Text = None
    message: cells.Text = None
    durationMs: Any = None  # noqa: N815
    maxMemoryUsed: Any = None  # noqa: N815
    memorySize: Any = None  # noqa: N815


_decoder = msgspec.json.Decoder(ExportRow)
_TIMES = frozenset({"timestampInMs", "TimeUTC"})
_TELLING = frozenset({"requestPath", "requestId", "responseStatusCode", "message"})
"""Columns of which an export has one at least."""


def table() -> CsvTable:
    """What cuts an export as CSV into rows."""
    return CsvTable(ExportRow.__struct_fields__)


def rows_of_table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[ExportRow]:
    """Rows of a table. `header`: its columns; of equal names the last one counts."""
    place = {name: at for at, name in enumerate(header)}
    cells = itemgetter(*(place.get(name, -1) for name in ExportRow.__struct_fields__))
    return [ExportRow(*cells((*row, ""))) for row in rows]


def entry(row: ExportRow) -> LogEntry:
    """What a row says.

    Raises:
        UnreadableError: a cell holds what can't be in it, or there is no time.
    """
    return LogEntry(
        at=cells.first_moment(row.timestampInMs, row.TimeUTC),
        message=row.message or "",
        level=cells.level(row.level),
        method=row.requestMethod or "",
        path=cells.path(row.requestPath),
        status=cells.status(row.responseStatusCode),
        request_id=request_key(row.requestId),
        deployment_id=row.deploymentId or None,
        project=row.projectId or "",
        environment=row.environment or None,
        source=row.type or "",
        function=function_of(row.function, row.type),
        took=cells.milliseconds(row.durationMs),
        memory=cells.percent(row.maxMemoryUsed, row.memorySize),
        own=is_own(row.requestUserAgent, row.requestQueryString),
    )


def shows(columns: AbstractSet[str]) -> Shows | None:
    """What an export with these columns can show; None: it is not an export."""
    if not columns & _TIMES or "rowId" in columns or not columns & _TELLING:
        return None
    can = Shows.HISTORY
    for column, what in (
        ("responseStatusCode", Shows.STATUS),
        ("requestId", Shows.REQUEST_ID),
        ("message", Shows.MESSAGES),
        ("deploymentId", Shows.DEPLOYMENT),
    ):
        can |= what if column in columns else Shows.NOTHING
    return can


class Export:
    """Reads the rows of an export."""

    grows = False
    completes = False

    def __init__(self, shows: Shows, format: Format = Format.EXPORT) -> None:  # noqa: A002 - as its contract names it
        self.shows = shows
        self.format = format

    def parse(self, row: bytes | dict[str, str]) -> Iterable[LogEntry]:
        """The entry of a row, as JSON or as CSV's names and cells."""
        return (entry(msgspec.convert(row, ExportRow) if isinstance(row, dict) else _decoder.decode(row)),)

    def finish(self) -> Iterable[LogEntry]:
        """Nothing is held back."""
        return ()
