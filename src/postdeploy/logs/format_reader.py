"""The contract of a format: how its bytes are cut into rows, and what a row says. Each format is one file next to this one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import Any, Protocol

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.protocol import Gap, News, Shows


class Format(StrEnum):
    """A format, by its name for people."""

    EXPORT = "dashboard export"
    EXPORT_CSV = "dashboard export (CSV)"
    CLI_63 = "vercel logs (CLI 63)"
    CLI_64 = "vercel logs (CLI 64)"
    DRAIN = "log drain"
    STREAM = "runtime log stream"


Item = LogEntry | Gap | News
"""What a row can say: an entry, that rows are missing, or something about the source."""


class Framing(Protocol):
    """Cuts a stream into rows."""

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[Any]:
        """The rows that are complete with `data`."""
        ...


class FormatReader(Protocol):
    """Reads the rows of a format. It remembers what one row says about others, so each stream has its own."""

    format: Format
    grows: bool
    """Whether a file of this format may be one that is still being written to."""
    completes: bool
    """Whether files of this format complete each other: one holds what the other can't show of the same requests."""
    shows: Shows

    def parse(self, row: Any) -> Iterable[Item]:
        """What a row says.

        Raises:
            ValueError, DecodeError: it can't be read.
        """
        ...

    def finish(self) -> Iterable[Item]:
        """What is to be said when no more rows come."""
        ...
