"""What is piped into this process, or comes through a named pipe: `--logs=-`."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable, Iterator
from itertools import chain

from postdeploy.logs.begun import HEAD, BegunStream
from postdeploy.logs.compression import beginning
from postdeploy.logs.decoding import Decoding, unread
from postdeploy.logs.formats import UnknownFormatError
from postdeploy.logs.protocol import News, Shows

_PIECE = 1 << 20
_WAIT = 0.25
"""Seconds that more is waited for at a time."""
_SHOWN_EVERY = 1.0
"""Seconds that what came slowly waits at most for the rest of its block."""
_LATE = 60_000
"""Milliseconds by which a row of a stream may be written before the one that came before it."""


class PipeSource:
    """What is piped in: read until it ends, or until `done()`."""

    def __init__(self, name: str, descriptor: int) -> None:
        self.name = name
        self._descriptor = descriptor
        self._decoding = Decoding(name)
        self._latest = 0
        self._in_order = True
        self._ended = False

    @property
    def shows(self) -> Shows:
        """Nothing until its first row was read."""
        return self._decoding.shows

    def read(self, since: int, done: Callable[[], bool]) -> Iterator[News]:
        """All rows from `since` on, as soon as they come.

        What was written by the time of `done()` is read, too; more is not waited for.
        """
        self._decoding = Decoding(self.name, since)
        self._latest, self._in_order = 0, True
        try:
            for news in self._news(self._bytes(done)):
                self._note_order(news)
                yield news
            if not self._ended:
                yield from self._cut_off()
            yield from self._decoding.end()
        except OSError as error:
            yield unread(self.name, since, error.strerror or str(error))
        except UnknownFormatError as error:
            yield unread(self.name, since, str(error))

    def read_by(self, reading: Callable[[BegunStream], Iterator[News]], since: int) -> Iterator[News]:
        """All rows to its end, by `reading`, which may read many at once: so a log that was saved is read."""
        self._decoding = Decoding(self.name)
        first, given = [], self._bytes(lambda: False)
        try:
            for data in given:
                first.append(data)
                yield News()
                for at in range(0, len(data), HEAD):
                    for _ in self._decoding.feed(data[at : at + HEAD]):
                        pass
                if self._decoding.format:
                    break
            known = self._decoding.format if self._decoding.is_utf8 else None
            yield from reading(BegunStream(self.name, known, beginning(b"".join(first)), chain(first, given)))
        except OSError as error:
            yield unread(self.name, since, error.strerror or str(error))
        except UnknownFormatError as error:
            yield unread(self.name, since, str(error))

    def decoded(self, begun: BegunStream, since: int) -> Iterator[News]:
        """Such a stream, row by row; what it shows is known before its rows are given."""
        self._decoding = Decoding(self.name, since)
        yield from self._news(begun.pieces)
        yield from self._decoding.end()

    def _news(self, given: Iterator[bytes]) -> Iterator[News]:
        for data in given:
            yield News(read=len(data))
            if data:
                yield from self._decoding.feed(data)

    def _bytes(self, done: Callable[[], bool]) -> Iterator[bytes]:
        """What is written, as it comes; an empty piece where nothing is, and now and then."""
        self._ended, shown = False, time.monotonic()
        while True:
            ready, _, _ = select.select([self._descriptor], [], [], 0 if (is_done := done()) else _WAIT)
            if ready:
                data = os.read(self._descriptor, _PIECE)
                if not data:
                    self._ended = True
                    return
                yield data
            elif is_done:
                return
            if not ready or time.monotonic() >= shown + _SHOWN_EVERY:
                yield b""
                shown = time.monotonic()

    def _note_order(self, news: News) -> None:
        for entry in news.entries:
            self._in_order = self._in_order and entry.at >= self._latest - _LATE
            self._latest = max(self._latest, entry.at)

    def _cut_off(self) -> Iterator[News]:
        """What a stream brings in order of time may end anywhere; of another stream any row may be still to come."""
        if not self._in_order:
            yield News(
                unread=f"{self.name} had not ended, and its rows are not in order of time: any may still be missing"
            )
