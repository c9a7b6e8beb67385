"""What a log drain delivers, kept in a file: JSON arrays or NDJSON, batch after batch, some delivered twice.

https://vercel.com/docs/drains/reference/logs
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import msgspec

from postdeploy.logs import cells
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.format_reader import Format
from postdeploy.logs.own_marks import is_own_address
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
    environment: cells.Text = None
    proxy: Proxy | None = None


_decoder = msgspec.json.Decoder(DrainRow)
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


def entry(row: DrainRow) -> LogEntry:
    """What a row says.

    Raises:
        UnreadableError: a field holds what can't be in it, or there is no time.
    """
    proxy = row.proxy or _NO_PROXY
    status, of_proxy = cells.status(row.statusCode), cells.status(proxy.statusCode)
    if status is None and of_proxy != _REVALIDATED:
        status = of_proxy
    message = row.message or ""
    used = _REPORT.search(message) if "RequestId: " in message else None
    return LogEntry(
        at=cells.first_moment(row.timestamp),
        message=_OF_THE_PLATFORM.sub("", message) if "RequestId: " in message else message,
        level=cells.level(row.level),
        method=proxy.method or "",
        path=cells.path(proxy.path or row.path, proxy.host or row.host),
        status=status,
        request_id=request_key(row.requestId or proxy.vercelId),
        row_id=row.id or None,
        deployment_id=row.deploymentId or None,
        environment=row.environment or None,
        source=row.source or "",
        took=cells.milliseconds(used[1]) if used else None,
        memory=cells.percent(used[3], used[2]) if used else None,
        own=is_own_address(proxy.userAgent, proxy.path),
    )


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
        one = entry(_decoder.decode(row))
        if one.row_id is not None:
            if one.row_id in self._seen:
                return ()
            self._seen[one.row_id] = None
            if len(self._seen) > _REMEMBERED:
                del self._seen[next(iter(self._seen))]
        return (one,)

    def finish(self) -> Iterable[LogEntry]:
        """Nothing is held back."""
        return ()
