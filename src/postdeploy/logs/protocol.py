"""The contract of a source of logs. Each source is a file or folder next to this one.

A source is read in a thread of its own. It yields `News` as it comes, at least once a second, empty if there is none, so
that the reader can end it. It never raises for what goes wrong outside: it reports a `Gap` and goes on, or ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Flag, auto
from typing import Protocol

from postdeploy.logs.entry import LogEntry


class Shows(Flag):
    """What a source can show. What it can't show is estimated, and the report says so, or not judged."""

    NOTHING = 0
    STATUS = auto()
    REQUEST_ID = auto()
    MESSAGES = auto()
    DEPLOYMENT = auto()
    """Rows name their deployment, or the source gives those of one deployment only."""
    HISTORY = auto()
    """What was logged before the reading began."""
    LIVE = auto()
    """What is logged while it is being read."""


EVERYTHING = ~Shows.NOTHING


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A span of time by the platform's clock, epoch milliseconds, the end not included."""

    since: int
    until: int


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A span whose rows may be missing, and why, in words for people."""

    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class News:
    """What a source gives since it was asked last."""

    entries: tuple[LogEntry, ...] = ()
    """Of rows with the same `row_id` the later one replaces the earlier: it says more of the same row."""
    covered: Span | None = None
    """Every row of this span that the platform has by now was given."""
    gap: Gap | None = None
    """What is not covered, and why. Later news may still cover it."""
    malformed: int = 0
    """Rows that could not be read."""
    malformed_example: str = ""
    unread: str = ""
    """What was not read though it may hold rows of any time, and why: such a log proves nothing."""
    note: str = ""
    """A sentence for people about the source: what it can't show, and what would."""
    read: int = 0
    """Bytes that were read since the last news, as they are kept: compressed ones count as such."""
    rows: int = 0
    """Rows that went into a ledger, and are not in `entries` any more."""


class Source(Protocol):
    """Where log rows come from."""

    @property
    def name(self) -> str:
        """For people: `vercel`, or the file's name."""
        ...

    @property
    def shows(self) -> Shows:
        """What it can show, as far as is known by now; complete once `read` has given its first entries."""
        ...

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        """News from `since` (epoch milliseconds) on, until `done()`; sources that can't grow end by themselves."""
        ...
