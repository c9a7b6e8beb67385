"""What a log drain delivers, kept in a file: JSON arrays or NDJSON, batch after batch, some delivered twice.

https://vercel.com/docs/drains/reference/logs
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

import msgspec

from postdeploy.logs import cells, export
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.export import ExportRow
from postdeploy.logs.format_reader import Format
from postdeploy.logs.protocol import Shows

_REMEMBERED = 1 << 17
"""Ids that are compared. A batch that failed is delivered again within minutes; counting compares `row_id` once more."""


class Proxy(msgspec.Struct, gc=False):
    """The request as the platform's proxy saw it."""

    method: cells.Text = None
    path: cells.Text = None
    host: cells.Text = None
    statusCode: cells.Number = None  # noqa: N815 - the drain's names
    vercelId: cells.Text = None  # noqa: N815
    userAgent: list[str] | cells.Text = None  # noqa: N815


class DrainRow(msgspec.Struct, gc=False):
    """The fields that are read."""

    id: cells.Text = None
    timestamp: cells.Moment = None
    level: cells.Text = None
    message: cells.Text = None
    source: cells.Text = None
    host: cells.Text = None
    path: cells.Text = None
    statusCode: cells.Number = None  # noqa: N815
    requestId: cells.Text = None  # noqa: N815
    deploymentId: cells.Text = None  # noqa: N815
    projectId: cells.Text = None  # noqa: N815
    environment: cells.Text = None
    proxy: Proxy | None = None


_decoder = msgspec.json.Decoder(DrainRow)
_batches = msgspec.json.Decoder(list[DrainRow])
_NO_PROXY = Proxy()
_OF_THE_PLATFORM = re.compile(r"^(?:START|END|REPORT) RequestId: [^\n]*(?:\n|\Z)", re.MULTILINE)
"""Lines that the platform writes around those of the function."""
_REPORT = re.compile(
    r"^REPORT RequestId: [^\n]{0,80}?\bDuration: ([\d.]+) ms[^\n]{0,120}?Memory Size: (\d+) MB[^\n]{0,20}?Max Memory Used: (\d+) MB",
    re.MULTILINE,
)
"""How long a function ran, how much memory it had, and how much it used."""
_REVALIDATED = -1
"""The proxy's status of a revalidation in the background. The function's own -1 means something else: it died."""


def whole_rows(text: bytes) -> list[DrainRow]:
    """The rows of a text that is nothing but whole lines, each of them a row or an array of rows, read at once: much quicker.

    Raises:
        ValueError, RecursionError: it is something else.
    """
    if not text.startswith(b"["):
        return _decoder.decode_lines(text)
    return [row for batch in _batches.decode_lines(text) for row in batch]


def as_export(row: DrainRow) -> ExportRow:
    """The same as a row of an export, which can't say how its source names it.

    Raises:
        UnreadableError: a field holds what can't be in it.
    """
    proxy = row.proxy or _NO_PROXY
    message = row.message or ""
    used = _REPORT.search(message) if "RequestId: " in message else None
    agents = proxy.userAgent
    agent = (agents[0] if agents else None) if isinstance(agents, list) else agents
    return ExportRow(
        timestampInMs=row.timestamp,
        requestPath=cells.path(proxy.path or row.path, proxy.host or row.host),
        requestMethod=proxy.method,
        responseStatusCode=_status(row, proxy),
        requestId=row.requestId or proxy.vercelId,
        deploymentId=row.deploymentId,
        projectId=row.projectId,
        environment=row.environment,
        level=row.level,
        type=row.source,
        message=_OF_THE_PLATFORM.sub("", message) if "RequestId: " in message else message,
        durationMs=used[1] if used else None,
        maxMemoryUsed=used[3] if used else None,
        memorySize=used[2] if used else None,
        requestUserAgent=agent,
        requestQueryString=(proxy.path or "").partition("?")[2],
    )


def _status(row: DrainRow, proxy: Proxy) -> int | None:
    status, of_proxy = cells.status(row.statusCode), cells.status(proxy.statusCode)
    return of_proxy if status is None and of_proxy != _REVALIDATED else status


def entry(row: DrainRow) -> LogEntry:
    """What a row says.

    Raises:
        UnreadableError: a field holds what can't be in it, or there is no time.
    """
    found = export.entry(as_export(row))
    return found if row.id is None else msgspec.structs.replace(found, row_id=row.id or None)


def shows(columns: AbstractSet[str]) -> Shows | None:
    """What a drain can show; None: rows with these fields are of another format."""
    if not {"id", "timestamp", "source"} <= columns or columns & {"requestMethod", "logs", "responseStatusCode"}:
        return None
    return Shows.STATUS | Shows.REQUEST_ID | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.HISTORY | Shows.LIVE


class Drain:
    """Reads the rows of a drain, each once."""

    format = Format.DRAIN
    grows = True
    completes = False

    def __init__(self, shows: Shows) -> None:
        self.shows = shows
        self._seen: dict[str, None] = {}

    def parse(self, row: bytes) -> Iterable[LogEntry]:
        """The entry of a row, unless it was delivered before."""
        read = _decoder.decode(row)
        one = entry(read)
        if not self.unseen((read,)):
            return ()
        self.remember((read,))
        return (one,)

    def unseen(self, rows: Sequence[DrainRow]) -> list[DrainRow]:
        """Those that were not delivered before, each once."""
        new: dict[object, DrainRow] = {}
        for number, row in enumerate(rows):
            if not row.id or row.id not in self._seen:
                new.setdefault(row.id or number, row)
        return [*new.values()]

    def remember(self, rows: Iterable[DrainRow]) -> None:
        """From now on they were delivered."""
        self._seen.update((row.id, None) for row in rows if row.id)
        if len(self._seen) >= 2 * _REMEMBERED:  # many at once: to find the first passes over all that were deleted
            for oldest in [*islice(self._seen, len(self._seen) - _REMEMBERED)]:
                del self._seen[oldest]

    def finish(self) -> Iterable[LogEntry]:
        """Nothing is held back."""
        return ()
