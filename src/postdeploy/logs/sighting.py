"""How one view of the traffic shows a row, and how two sightings of a row become one."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

import msgspec

from postdeploy.logs.entry import LogEntry

_LONGEST_REQUEST = 65_000
"""Milliseconds after its request's beginning at which a line may have been written, where a view shows only that."""
_PREFIX = 160
"""Messages are compared by their beginnings first: views cut them at different lengths."""

RowKey = tuple[str, str, str]
"""Method, path, beginning of the message: sightings of the same row agree in it."""


class View(StrEnum):
    """How a row was seen."""

    LIVE = "live"
    """With a name and its status, without its request."""
    HISTORY = "history"
    """With its request."""
    REQUESTS = "requests"
    """With its request; its lines have the time at which the request began."""


@dataclass(slots=True, eq=False)
class JoinedRow:
    """A real row; what is known of it may change, its name stays."""

    name: str
    entry: LogEntry | None = None
    made_of: tuple[object, ...] = ()


@dataclass(slots=True, eq=False)
class Sighting:
    """A row in one view."""

    entry: LogEntry
    live: bool
    name: str
    """The same for its repetition."""
    until: int = 0
    """The row may have been written so much later, milliseconds."""
    row: JoinedRow | None = None
    partner: Sighting | None = None
    """The same row in the other view."""

    @property
    def order(self) -> tuple[int, str]:
        """By time."""
        return (self.entry.at, self.name)


def sighting(entry: LogEntry, view: View) -> Sighting:
    """A row as a view shows it."""
    until = _LONGEST_REQUEST if view is View.REQUESTS and entry.message else 0
    return Sighting(entry, view is View.LIVE, _name(entry, view), until)


def _name(entry: LogEntry, view: View) -> str:
    """By what a row is known within its view; a history's row by all that it says."""
    if entry.row_id:
        return entry.row_id
    parts = (
        view is View.LIVE,
        entry.at,
        entry.request_id,
        entry.method,
        entry.path,
        entry.message,
        entry.level,
        entry.source,
    )
    return "~" + hashlib.blake2b(repr(parts).encode(errors="replace"), digest_size=12).hexdigest()


def key_of(entry: LogEntry) -> RowKey:
    """What sightings of the same row agree in."""
    return (entry.method, entry.path, entry.message[:_PREFIX])


def repeated(one: LogEntry, other: LogEntry) -> LogEntry:
    """The same row twice in one view: what either says of the request, whichever came first."""
    known = [each for each in (one.status, other.status) if each is not None]
    return msgspec.structs.replace(
        one,
        status=max(known, default=None),
        level=max(one.level, other.level),
        request_id=max(one.request_id or "", other.request_id or "") or None,
        deployment_id=max(one.deployment_id or "", other.deployment_id or "") or None,
        environment=max(one.environment or "", other.environment or "") or None,
    )


def joined(first: LogEntry, second: LogEntry | None, request: str | None, status: int | None, name: str) -> LogEntry:
    """One row of one or two views: time, level and status as it was seen live, the request as the history knows it."""
    other = second or first
    statuses = (first.status, other.status, status)
    return LogEntry(
        at=first.at,
        message=other.message if first.truncated else first.message,
        level=first.level or other.level,
        method=first.method,
        path=first.path,
        status=next((one for one in statuses if one is not None), None),
        request_id=request,
        row_id=name,
        deployment_id=first.deployment_id or other.deployment_id,
        environment=first.environment or other.environment,
        source=first.source or other.source,
        truncated=first.truncated and other.truncated,
    )
