"""The live stream of one deployment's runtime log (`runtime-logs`, or `vercel logs --follow --json` of CLI 63), as NDJSON.

It names neither the request nor the deployment in its rows, and ends by itself with a delimiter: what comes after that
until the next row was not streamed.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet

import msgspec

from postdeploy.logs import cells
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.format_reader import Format
from postdeploy.logs.protocol import Gap, Shows, Span

SHOWS = Shows.STATUS | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.LIVE


class StreamRow(msgspec.Struct, gc=False):
    """The fields that are read."""

    rowId: cells.Text = None  # noqa: N815 - the stream's names
    timestampInMs: cells.Moment = None  # noqa: N815
    level: cells.Text = None
    message: cells.Text = None
    messageTruncated: bool | None = None  # noqa: N815
    source: cells.Text = None
    domain: cells.Text = None
    requestMethod: cells.Text = None  # noqa: N815
    requestPath: cells.Text = None  # noqa: N815
    responseStatusCode: cells.Number = None  # noqa: N815

    @property
    def is_delimiter(self) -> bool:
        """The platform ended the stream here; this is not an entry."""
        return self.source == "delimiter"


_decoder = msgspec.json.Decoder(StreamRow)


def entry(row: StreamRow) -> LogEntry:
    """What a row says.

    Raises:
        UnreadableError: a field holds what can't be in it, or there is no time.
    """
    return LogEntry(
        at=cells.first_moment(row.timestampInMs),
        message=row.message or "",
        level=cells.level(row.level),
        method=row.requestMethod or "",
        path=cells.path(row.requestPath, row.domain),
        status=cells.status(row.responseStatusCode),
        row_id=row.rowId or None,
        source=row.source or "",
        truncated=bool(row.messageTruncated),
    )


def shows(columns: AbstractSet[str]) -> Shows | None:
    """What the stream can show; None: rows with these fields are of another format."""
    return SHOWS if {"rowId", "timestampInMs"} <= columns else None


class RuntimeStream:
    """Reads the rows of a recorded stream."""

    format = Format.STREAM
    grows = True
    completes = False

    def __init__(self, shows: Shows) -> None:
        self.shows = shows
        self._stopped: int | None = None

    def parse(self, row: bytes) -> Iterable[LogEntry | Gap]:
        """The entry of a row, and the gap that ended before it."""
        read = _decoder.decode(row)
        if read.is_delimiter:
            self._stopped = cells.first_moment(read.timestampInMs)
            return ()
        one = entry(read)
        gap, self._stopped = self._gap(one.at), None
        return (gap, one) if gap else (one,)

    def finish(self) -> Iterable[Gap]:
        """The stream ended and was not opened again."""
        gap, self._stopped = self._gap(None), None
        return (gap,) if gap else ()

    def _gap(self, until: int | None) -> Gap | None:
        if self._stopped is None:
            return None
        until = self._stopped + 1 if until is None else max(until, self._stopped + 1)
        return Gap(
            Span(self._stopped, until),
            "the platform ended the live stream; rows until it was opened again are missing",
        )
