"""What `vercel logs --json` prints. CLI 63 prints requests with their log lines, CLI 64 prints events of several types.

The two have nothing in common but the command's name; 64 also says what it left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet

import msgspec

from postdeploy.logs import cells
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.format_reader import Format
from postdeploy.logs.own_marks import is_own_address
from postdeploy.logs.protocol import Gap, News, Shows, Span

_DEFAULT_LIMIT = 100
"""Rows that `vercel logs` prints by default."""


class PrintedLine(msgspec.Struct, gc=False):
    """A log line of a request."""

    level: cells.Text = None
    message: cells.Text = None
    messageTruncated: bool | None = None  # noqa: N815 - the command's names


class PrintedOrigin(msgspec.Struct, gc=False):
    """Where an event of a request came from."""

    source: cells.Text = None


class PrintedRequest(msgspec.Struct, gc=False):
    """A request as CLI 63 prints it (id, responseStatusCode, source), or as its service answers (requestId, statusCode, events)."""

    id: cells.Text = None
    requestId: cells.Text = None  # noqa: N815
    timestamp: cells.Moment = None
    level: cells.Text = None
    message: cells.Text = None
    messageTruncated: bool | None = None  # noqa: N815
    source: cells.Text = None
    events: list[PrintedOrigin] | None = None
    domain: cells.Text = None
    requestMethod: cells.Text = None  # noqa: N815
    requestPath: cells.Text = None  # noqa: N815
    clientUserAgent: cells.Text = None  # noqa: N815
    responseStatusCode: cells.Number = None  # noqa: N815
    statusCode: cells.Number = None  # noqa: N815
    deploymentId: cells.Text = None  # noqa: N815
    environment: cells.Text = None
    logs: list[PrintedLine] | None = None


_request_decoder = msgspec.json.Decoder(PrintedRequest)


def entries_of_request(row: PrintedRequest) -> list[LogEntry]:
    """One for the request with its status, one for each of its log lines.

    The request repeats the worst of its lines as its own message: that is left out where the lines are there.

    Raises:
        UnreadableError: a field holds what can't be in it, or there is no time.
    """
    lines = row.logs or ()
    name = row.id or row.requestId or None
    status = cells.status(row.responseStatusCode)
    request = LogEntry(
        at=cells.first_moment(row.timestamp),
        message="" if lines else row.message or "",
        level="" if lines else cells.level(row.level),
        method=row.requestMethod or "",
        path=cells.path(row.requestPath, row.domain),
        status=cells.status(row.statusCode) if status is None else status,
        request_id=request_key(name),
        row_id=name,
        deployment_id=row.deploymentId or None,
        environment=row.environment or None,
        source=row.source or next((one.source for one in row.events or () if one.source), ""),
        own=is_own_address(row.clientUserAgent, row.requestPath),
        truncated=bool(row.messageTruncated) and not lines,
    )
    return [
        request,
        *(
            msgspec.structs.replace(
                request,
                message=line.message or "",
                level=cells.level(line.level),
                row_id=f"{name}#{number}" if name else None,
                truncated=bool(line.messageTruncated),
            )
            for number, line in enumerate(lines, start=1)
        ),
    ]


def shows_63(columns: AbstractSet[str]) -> Shows | None:
    """What CLI 63 can show; None: rows with these fields are of another format."""
    if "timestamp" not in columns or not columns & {"logs", "responseStatusCode"} or not columns & {"id", "requestId"}:
        return None
    return Shows.STATUS | Shows.REQUEST_ID | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.HISTORY


class CommandLine63:
    """Reads what CLI 63 printed."""

    format = Format.CLI_63
    grows = True
    completes = False

    def __init__(self, shows: Shows) -> None:
        self.shows = shows
        self._requests = 0

    def parse(self, row: bytes) -> Iterable[LogEntry]:
        """The entries of a request."""
        entries = entries_of_request(_request_decoder.decode(row))
        self._requests += 1
        return entries

    def finish(self) -> Iterable[News]:
        """It does not say that it left rows out, but exactly the default limit suggests it."""
        if self._requests == _DEFAULT_LIMIT:
            yield News(
                note=f"{self._requests} requests are exactly the command's limit: older ones are left out. Use a larger --limit."
            )


class Event(msgspec.Struct, gc=False):
    """A log line or a request, as CLI 64 prints it."""

    timestamp: cells.Moment = None
    requestId: cells.Text = None  # noqa: N815
    deploymentId: cells.Text = None  # noqa: N815
    domain: cells.Text = None
    requestHostname: cells.Text = None  # noqa: N815
    environment: cells.Text = None
    requestPath: cells.Text = None  # noqa: N815
    requestMethod: cells.Text = None  # noqa: N815
    clientUserAgent: cells.Text = None  # noqa: N815
    httpStatus: cells.Number = None  # noqa: N815
    source: cells.Text = None
    level: cells.Text = None
    message: cells.Text = None
    truncated: bool | None = None


class Interval(msgspec.Struct, gc=False):
    """A span of time; either end may be missing."""

    start: cells.Moment = None
    end: cells.Moment = None

    def span(self) -> Span | None:
        """The span, if both ends are there."""
        start, end = cells.moment(self.start), cells.moment(self.end)
        return None if start is None or end is None else Span(start, max(start, end))


class Pagination(msgspec.Struct, gc=False):
    """Whether there is more than was printed."""

    hasMore: bool | None = None  # noqa: N815


class Output(msgspec.Struct, gc=False):
    """A line of CLI 64's output: an event, a warning, or the summary at the end."""

    type: str
    data: Event | None = None
    reason: cells.Text = None
    message: cells.Text = None
    timeRange: Interval | None = None  # noqa: N815
    start: cells.Moment = None
    end: cells.Moment = None
    pagination: Pagination | None = None
    excludedIntervals: list[Interval] | None = None  # noqa: N815


_output_decoder = msgspec.json.Decoder(Output)
_TYPES = {
    "log": Shows.REQUEST_ID | Shows.MESSAGES | Shows.DEPLOYMENT | Shows.HISTORY,
    "request": Shows.REQUEST_ID | Shows.STATUS | Shows.DEPLOYMENT | Shows.HISTORY,
}
_LIMITED = "the command's --limit left older rows out; raise it (10000 at most) or fetch the rest with --next"
_MISSED = {"stream_gap": "the command lost part of the stream", "limit_clamped": _LIMITED}


def entry_of_event(event: Event, kind: str) -> LogEntry:
    """What an event says; of a request, which is not a log line, the source is `request`.

    Raises:
        UnreadableError: a field holds what can't be in it, or there is no time.
    """
    return LogEntry(
        at=cells.first_moment(event.timestamp),
        message=event.message or "",
        level=cells.level(event.level),
        method=event.requestMethod or "",
        path=cells.path(event.requestPath, event.requestHostname or event.domain),
        status=cells.status(event.httpStatus),
        request_id=request_key(event.requestId),
        deployment_id=event.deploymentId or None,
        environment=event.environment or None,
        source=event.source or ("request" if kind == "request" else ""),
        own=is_own_address(event.clientUserAgent, event.requestPath),
        truncated=bool(event.truncated),
    )


def shows_64(columns: AbstractSet[str]) -> Shows | None:
    """What CLI 64 can show, before it is known which kind of events there are; None: the rows are of another format."""
    known = "type" in columns and columns & {"data", "reason", "recordsReturned", "pagination", "excludedIntervals"}
    return Shows.NOTHING if known else None


class CommandLine64:
    """Reads what CLI 64 printed: newest first by default, and at the end what it left out."""

    format = Format.CLI_64
    grows = True
    completes = True

    def __init__(self, shows: Shows) -> None:
        self.shows = shows
        self._oldest: int | None = None
        self._newest: int | None = None
        self._undated: list[str] = []

    def parse(self, row: bytes) -> Iterable[LogEntry | Gap | News]:
        """The entry of an event; of a warning, what is missing; of the summary, what was covered."""
        line = _output_decoder.decode(row)
        if line.type in _TYPES and line.data is not None:
            one = entry_of_event(line.data, line.type)
            self.shows |= _TYPES[line.type]
            self._oldest = one.at if self._oldest is None else min(self._oldest, one.at)
            self._newest = one.at if self._newest is None else max(self._newest, one.at)
            return (one,)
        if line.type == "warning":
            return tuple(self._warning(line))
        if line.type == "summary":
            return tuple(self._summary(line))
        raise cells.UnreadableError(f"{line.type[:20]!r} is not a known type of row")

    def finish(self) -> Iterable[Gap | News]:
        """Without a summary it is not known what was left out."""
        yield from self._gaps(None)

    def _warning(self, line: Output) -> Iterator[Gap | News]:
        reason = line.reason or ""
        span = (line.timeRange or Interval(line.start, line.end)).span()
        if reason not in _MISSED:
            yield News(note=f"vercel logs: {reason or 'warning'}{': ' if line.message else ''}{line.message or ''}")
        elif span:
            yield Gap(span, _MISSED[reason])
        else:
            self._undated.append(reason)

    def _summary(self, line: Output) -> Iterator[Gap | News]:
        whole = line.timeRange.span() if line.timeRange else None
        excluded = [span for span in map(Interval.span, line.excludedIntervals or ()) if span]
        if line.pagination and line.pagination.hasMore and "limit_clamped" not in self._undated:
            self._undated.append("limit_clamped")
        if whole and not excluded and not self._undated:
            yield News(covered=whole)
        for span in excluded:
            yield Gap(span, "the platform left this span out of its answer")
        yield from self._gaps(whole)

    def _gaps(self, whole: Span | None) -> Iterator[Gap]:
        """Warnings without a time: anywhere in what was asked for; a limit cuts at the oldest row."""
        undated, self._undated = self._undated, []
        for reason in undated:
            since = whole.since if whole else self._oldest or 0
            until = whole.until if whole else (self._newest or since) + 1
            if reason == "limit_clamped" and self._oldest is not None:
                since, until = (whole.since if whole else 0), self._oldest
            yield Gap(Span(since, max(since, until)), _MISSED[reason])
