"""From the bytes of one file or pipe to its news: decompressed, made UTF-8, recognised, cut into rows, parsed."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import and_, or_
from typing import NamedTuple

import msgspec

from postdeploy.logs.compression import BrokenGzipError, Decompression
from postdeploy.logs.encoding import Transcoding
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.format_reader import Format, FormatReader, Framing, Item
from postdeploy.logs.formats import UnknownFormatError, recognised
from postdeploy.logs.protocol import Gap, News, Shows, Span
from postdeploy.logs.rows import BYTE_ORDER_MARK, BrokenRow

_EXAMPLE = 200
_SMALL = 4096
"""Bytes of a stream's beginning that are looked at with each piece."""


class FileShows(NamedTuple):
    """What a file can show."""

    shows: Shows
    """As far as it is known."""
    format: Format | None
    """None while it is not known."""
    completes: bool
    """Whether files of this format complete each other."""


class Decoding:
    """Bytes in, news out, in any pieces. It does not know where they come from."""

    def __init__(self, name: str, since: int = 0, how: tuple[Framing, FormatReader] | None = None) -> None:
        """`how`: by what it is read, if that is known already; then it is not compressed, and UTF-8."""
        self.name = name
        self._since = since
        self._decompression = Decompression(plain=True if how else None)
        self._transcoding = Transcoding(is_utf8=True if how else None)
        self._head = b""
        self._look_at = 0
        """How long the head must have become before its format is looked for again."""
        self._how = how
        self._is_broken = False

    @property
    def format(self) -> Format | None:
        """None while it is not known."""
        return self.shown.format

    @property
    def shows(self) -> Shows:
        """What it can show, as far as it is known."""
        return self.shown.shows

    @property
    def shown(self) -> FileShows:
        """The same and more, without what was read."""
        if self._how is None:
            return FileShows(Shows.NOTHING, None, completes=False)
        return FileShows(self._how[1].shows, self._how[1].format, self._how[1].completes)

    @property
    def is_utf8(self) -> bool:
        """Whether its bytes can be read as they are, once they are decompressed."""
        return self._transcoding.is_utf8

    @property
    def may_grow(self) -> bool:
        """Whether a file like this may be one that is still being written to."""
        return not self._is_broken and not self._decompression.is_gzip and (self._how is None or self._how[1].grows)

    def feed(self, data: bytes) -> Iterator[News]:
        """The news of more bytes.

        Raises:
            UnknownFormatError: their format is not known.
        """
        if self._is_broken:
            return
        try:
            for piece in self._decompression.feed(data):
                yield from self._plain(piece, last=False)
        except BrokenGzipError as error:
            yield from self._break(str(error))

    def end(self) -> Iterator[News]:
        """The news that is left when no more bytes come.

        Raises:
            UnknownFormatError: their format is not known.
        """
        if not self._is_broken:
            try:
                rest = self._decompression.end()
            except BrokenGzipError as error:
                yield from self._break(str(error))
            else:
                yield from self._plain(rest, last=True)
        if self._how:
            yield from self._news(self._how[1].finish(), 0, b"")

    def _plain(self, piece: bytes, *, last: bool) -> Iterator[News]:
        piece = self._transcoding.feed(piece, last=last)
        if self._how is None:
            self._head += piece
            if len(self._head) < self._look_at and not last:
                return
            self._how = recognised(self._head, whole=last)
            if self._how is None:
                self._look_at = 0 if len(self._head) < _SMALL else 2 * len(self._head)  # else: its square
                return
            piece, self._head = self._head.removeprefix(BYTE_ORDER_MARK), b""
        framing, reader = self._how
        items: list[Item] = []
        malformed, example = 0, b""
        for row in framing.feed(piece, last=last):
            if not isinstance(row, BrokenRow):
                try:
                    items += _parsed(reader, row)
                except (msgspec.DecodeError, ValueError, RecursionError):
                    malformed += 1
                    example = example or (row if isinstance(row, bytes) else repr(row).encode())
            else:
                malformed += 1
                example = example or row.example
        yield from self._news(items, malformed, example)

    def _news(self, items: Iterable[Item], malformed: int, example: bytes) -> Iterator[News]:
        entries: list[LogEntry] = []
        others: list[News] = []
        for one in items:
            if isinstance(one, LogEntry):
                if one.at >= self._since:
                    entries.append(one)
            else:
                others.append(News(gap=one) if isinstance(one, Gap) else one)
        if entries or malformed:
            shown = example[:_EXAMPLE].decode("utf-8", "replace")
            yield News(tuple(entries), malformed=malformed, malformed_example=shown)
        yield from others

    def _break(self, why: str) -> Iterator[News]:
        self._is_broken = True
        if self._how is None:
            raise UnknownFormatError(f"{why}.")
        yield from self._plain(b"", last=True)  # whatever the pieces were in which it came
        yield unread(self.name, self._since, why)


def shown_together(files: Iterable[FileShows]) -> Shows:
    """What files can show together: what each can, unless they complete each other."""
    kinds = set(files)
    complete_each_other = len({one.format for one in kinds}) == 1 and all(one.completes for one in kinds)
    return reduce(or_ if complete_each_other else and_, (one.shows for one in kinds))


def unread(name: str, since: int, why: str) -> News:
    """No more can be read. When the missing rows were written is not known: at any time until now."""
    now = time.time_ns() // 1_000_000
    return News(gap=Gap(Span(since, max(since + 1, now)), f"{name}: {why}"))


def _parsed(reader: FormatReader, row: bytes | dict[str, str]) -> Iterable[Item]:
    try:
        return reader.parse(row)
    except UnicodeDecodeError:
        if isinstance(row, dict):
            raise
        return reader.parse(row.decode("utf-8", "replace").encode())
