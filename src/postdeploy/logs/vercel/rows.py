"""From the platform's rows, in each of their shapes, to entries. What can't be read raises `ValueError`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from postdeploy.logs import cells
from postdeploy.logs.entry import LogEntry, request_key
from postdeploy.logs.own_marks import is_own_address
from postdeploy.system import times

_TIME = re.compile(rb'"timestamp(?:InMs)?"\s*:\s*"?([^",}\s]+)["},\s]')


class _StreamRow(msgspec.Struct, rename="camel"):
    timestamp_in_ms: int
    row_id: str = ""
    level: str | None = None
    message: str | None = None
    message_truncated: bool | None = None
    source: str | None = None
    request_method: str | None = None
    request_path: str | None = None
    response_status_code: int | None = None


class _EventRow(msgspec.Struct, rename="camel"):
    """Of both kinds: what a function wrote, and a request."""

    timestamp: str | int
    request_id: str | None = None
    deployment_id: str | None = None
    environment: str | None = None
    request_path: str | None = None
    request_method: str | None = None
    client_user_agent: str | None = None
    source: str | None = None
    level: str | None = None
    message: str | None = None
    truncated: bool | None = None
    http_status: int | None = None


class _LogLine(msgspec.Struct, rename="camel"):
    level: str | None = None
    message: str | None = None
    message_truncated: bool | None = None
    timestamp: str | int | None = None


class _RequestRow(msgspec.Struct, rename="camel"):
    timestamp: str | int
    request_id: str | None = None
    deployment_id: str | None = None
    environment: str | None = None
    request_path: str | None = None
    request_method: str | None = None
    client_user_agent: str | None = None
    status_code: int | None = None
    logs: list[_LogLine] | None = None


_stream = msgspec.json.Decoder(_StreamRow)
_event = msgspec.json.Decoder(_EventRow)
_request = msgspec.json.Decoder(_RequestRow)


def live(line: bytes, deployment_id: str) -> LogEntry | None:
    """A row of the live stream, or None: the platform ends the stream."""
    row = _stream.decode(line)
    if not row.row_id and row.source == "delimiter":
        return None
    return LogEntry(
        at=milliseconds(row.timestamp_in_ms),
        message=row.message or "",
        level=row.level or "",
        method=row.request_method or "",
        path=path_of(row.request_path),
        status=cells.status(row.response_status_code) or None,
        row_id=row.row_id or None,
        deployment_id=deployment_id,
        source=row.source or "",
        truncated=bool(row.message_truncated),
    )


def event(raw: bytes) -> LogEntry:
    """A row of `vercel.log`, or of `vercel.proxy_response`."""
    row = _event.decode(raw)
    return LogEntry(
        at=milliseconds(row.timestamp),
        message=row.message or "",
        level=row.level or "",
        method=row.request_method or "",
        path=path_of(row.request_path),
        status=cells.status(row.http_status) or None,
        request_id=request_key(row.request_id),
        deployment_id=row.deployment_id,
        environment=row.environment,
        source=row.source or "request",
        own=is_own_address(row.client_user_agent, row.request_path),
        truncated=bool(row.truncated),
    )


def request(raw: bytes, *, lines: bool) -> Iterator[LogEntry]:
    """A row of request-logs: the request, and with `lines` what it logged."""
    row = _request.decode(raw)
    found = LogEntry(
        at=milliseconds(row.timestamp),
        method=row.request_method or "",
        path=path_of(row.request_path),
        status=cells.status(row.status_code) or None,
        request_id=request_key(row.request_id),
        deployment_id=row.deployment_id,
        environment=row.environment,
        source="request",
        own=is_own_address(row.client_user_agent, row.request_path),
    )
    yield found
    for line in (row.logs or ()) if lines else ():
        if line.message:
            yield msgspec.structs.replace(
                found,
                at=found.at if line.timestamp is None else milliseconds(line.timestamp),
                message=line.message,
                level=line.level or "",
                source="function",
                truncated=bool(line.message_truncated),
            )


def time_of(raw: bytes) -> int | None:
    """When a row was written that can't be read otherwise."""
    found = _TIME.search(raw)
    try:
        return milliseconds(found[1].decode()) if found else None
    except ValueError:
        return None


def milliseconds(time: str | int) -> int:
    """Epoch milliseconds, from a number or ISO 8601."""
    return cells.first_moment(time)


def iso(at: int) -> str:
    """Epoch milliseconds as ISO 8601."""
    return times.iso_z(at)


def path_of(text: str | None) -> str:
    """Without host and query."""
    if not text:
        return ""
    if text.startswith("/"):
        return text.partition("?")[0]
    path = urlsplit(text if "://" in text else f"//{text}").path
    return path or "/"
