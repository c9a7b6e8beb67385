"""How far the reading of a log is: rows, bytes, speed, and the time that is left where it is known how much there is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from postdeploy.logs.files import FileSource
from postdeploy.logs.protocol import News, Source

_MB = 1_000_000
_MINUTES_FROM = 120
"""Seconds from which on the time that is left is said in minutes."""


class ReadProgress(Protocol):
    """Shows how far the reading of sources is, one after another."""

    def begin(self, source: Source) -> None:
        """From now on this source is read."""
        ...

    def note(self, news: News) -> None:
        """What has come of it."""
        ...

    def end(self) -> None:
        """It is read."""
        ...


class NotShown:
    """Shows nothing."""

    def begin(self, source: Source) -> None:
        """A source."""

    def note(self, news: News) -> None:
        """What has come of it."""

    def end(self) -> None:
        """It is read."""


NOT_SHOWN = NotShown()


def shown(progress: ReadProgress, source: Source, news: Iterator[News]) -> Iterator[News]:
    """The news of a source as they are, while it is shown how far its reading is."""
    progress.begin(source)
    try:
        for one in news:
            progress.note(one)
            yield one
    finally:
        progress.end()


class AmountRead:
    """What was read of one source until now."""

    def __init__(self, source: Source) -> None:
        self._name = "".join(each if each.isprintable() else "?" for each in source.name)
        self._whole = source.size if isinstance(source, FileSource) else None
        self._read = self._rows = 0

    def add(self, news: News) -> None:
        """Count what has come."""
        self._read += news.read
        self._rows += news.rows or len(news.entries)

    @property
    def is_under_way(self) -> bool:
        """Whether more bytes wait to be read. A file that grows was read to its end first: what is appended is not waited for."""
        return self._read > 0 and (self._whole is None or self._read < self._whole)

    def sentence(self, seconds: float) -> str:
        """For people. `seconds`: since the reading began."""
        speed = self._read / max(seconds, 1e-9)
        read = f"{self._read / _MB:,.0f}"
        if self._whole is None:
            return f"reading {self._name}: {self._rows:,} rows, {read} MB, {speed / _MB:,.0f} MB/s"
        left = _duration((self._whole - self._read) / max(speed, 1e-9))
        of_all = f"{read} of {self._whole / _MB:,.0f} MB"
        return f"reading {self._name}: {self._rows:,} rows, {of_all}, {speed / _MB:,.0f} MB/s, {left} left"


def _duration(seconds: float) -> str:
    return f"{seconds / 60:,.0f} min" if seconds >= _MINUTES_FROM else f"{seconds:.0f} s"
