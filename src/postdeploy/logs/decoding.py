"""From the bytes of one file or pipe to its news: unpacked, recognised, cut into rows, read."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator

import msgspec

from postdeploy.logs.compression import BrokenGzipError, Unpacking
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.formats import FormatReader, Framing, UnknownFormatError, recognised
from postdeploy.logs.protocol import Gap, News, Shows, Span
from postdeploy.logs.rows import BYTE_ORDER_MARK, BrokenRow

_EXAMPLE = 200


class Decoding:
    """Bytes in, news out, in any pieces. It does not know where they come from."""

    def __init__(self, name: str, since: int = 0, how: tuple[Framing, FormatReader] | None = None) -> None:
        """`how`: how it is read, if that is known already, and that it is not packed."""
        self._name = name
        self._since = since
        self._unpacking = Unpacking(plain=True if how else None)
        self._head = b""
        self._how = how
        self._broken = False

    @property
    def format(self) -> str:
        """The format by its name; empty while it is not known."""
        return self._how[1].name if self._how else ""

    @property
    def completes(self) -> bool:
        """Whether files of this format complete each other."""
        return self._how is not None and self._how[1].completes

    @property
    def shows(self) -> Shows:
        """What it can show, as far as it is known."""
        return self._how[1].shows if self._how else Shows.NOTHING

    @property
    def may_grow(self) -> bool:
        """Whether a file like this may be one that is still being written to."""
        return not self._broken and not self._unpacking.is_gzip and (self._how is None or self._how[1].grows)

    def feed(self, data: bytes) -> Iterator[News]:
        """What more bytes tell.

        Raises:
            UnknownFormatError: they are of none that is known.
        """
        if self._broken:
            return
        try:
            for piece in self._unpacking.feed(data):
                yield from self._plain(piece, last=False)
        except BrokenGzipError as error:
            yield from self._lost(str(error))

    def end(self) -> Iterator[News]:
        """What is left to tell when no more bytes come.

        Raises:
            UnknownFormatError: they were of none that is known.
        """
        if not self._broken:
            try:
                rest = self._unpacking.end()
            except BrokenGzipError as error:
                yield from self._lost(str(error))
            else:
                yield from self._plain(rest, last=True)
        if self._how:
            yield from self._news(self._how[1].ended(), 0, b"")

    def _plain(self, piece: bytes, *, last: bool) -> Iterator[News]:
        if self._how is None:
            self._head += piece
            self._how = recognised(self._head, whole=last)
            if self._how is None:
                return
            piece, self._head = self._head.removeprefix(BYTE_ORDER_MARK), b""
        framing, reader = self._how
        told: list[LogEntry | Gap | News] = []
        malformed, example = 0, b""
        for row in framing.feed(piece, last=last):
            if not isinstance(row, BrokenRow):
                try:
                    told += _told(reader, row)
                except (msgspec.DecodeError, ValueError, RecursionError):
                    malformed += 1
                    example = example or (row if isinstance(row, bytes) else repr(row).encode())
            else:
                malformed += 1
                example = example or row.example
        yield from self._news(told, malformed, example)

    def _news(self, told: Iterable[LogEntry | Gap | News], malformed: int, example: bytes) -> Iterator[News]:
        entries: list[LogEntry] = []
        others: list[News] = []
        for one in told:
            if isinstance(one, LogEntry):
                if one.at >= self._since:
                    entries.append(one)
            else:
                others.append(News(gap=one) if isinstance(one, Gap) else one)
        if entries or malformed:
            shown = example[:_EXAMPLE].decode("utf-8", "replace")
            yield News(tuple(entries), malformed=malformed, malformed_example=shown)
        yield from others

    def _lost(self, why: str) -> Iterator[News]:
        self._broken = True
        if self._how is None:
            raise UnknownFormatError(f"{why}.")
        yield unread(self._name, self._since, why)


def unread(name: str, since: int, why: str) -> News:
    """No more can be read. When the missing rows were written nobody knows: it may be any time until now."""
    now = time.time_ns() // 1_000_000
    return News(gap=Gap(Span(since, max(since + 1, now)), f"{name}: {why}"))


def _told(reader: FormatReader, row: bytes | dict[str, str]) -> Iterable[LogEntry | Gap | News]:
    try:
        return reader.told(row)
    except UnicodeDecodeError:
        if isinstance(row, dict):
            raise
        return reader.told(row.decode("utf-8", "replace").encode())
