r"""Many rows of an export at once: ranges of a file that end between rows, decoded as a whole or not at all.

Where a range ends is only guessed: behind a line, or behind `},` before `{"` and a letter, which in a message would read `{\"`.
The guess is proven by the decoding: if everything before a place reads as whole rows, the place lies between rows. So a range counts if the
one before it did; a range that can't be decoded as a whole is read row by row, as `RowSplitter` does, and so is all that follows
until a range ends between rows again. The rows are the same either way. A file that is
compressed, a table, or what is piped in, is cut into pieces by the same rule.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from postdeploy.logs.compression import BrokenGzipError, Decompression
from postdeploy.logs.export import ExportRow
from postdeploy.logs.place import PlaceError
from postdeploy.logs.rows import BYTE_ORDER_MARK

RANGE = 8 << 20
"""Bytes of a range: enough to make the cost of starting to read it negligible."""
PIECE = 1 << 20
"""Bytes of a piece of what comes in order: as quick as longer ones, and they are held in memory."""
BLOCK = 1 << 18
"""Bytes that are decoded at a time: their rows should fit into the cache of a core, 1 MB: twice as many took 1.15 times as long."""
_READ = 1 << 16
"""Bytes that are read at a time of a file that may be compressed."""
_BACK = 1 << 16
"""Bytes in which the end of a row is searched for at first."""

_lines = msgspec.json.Decoder(ExportRow)
_array = msgspec.json.Decoder(list[ExportRow])
_BETWEEN = b" \t\r\n,[]"
_NEXT_ROW = re.compile(rb'\},\s*\{\s*"\w')


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes of a file."""

    path: Path
    start: int
    end: int

    def read(self, buffer: Buffer) -> bytearray:
        """These bytes, at the beginning of a buffer that may be longer, and is used again for the next range."""
        data = buffer.of(self.length)
        got = 0
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.start)
            while got < self.length and (more := file.readinto(memoryview(data)[got : self.length])):
                got += more
        if got != self.length:
            raise OSError(f"{self.path} became shorter while it was read")
        return data

    @property
    def length(self) -> int:
        """How many bytes they are."""
        return self.end - self.start

    @property
    def in_file(self) -> int:
        """The same."""
        return self.length


@dataclass(frozen=True, slots=True)
class Piece:
    """Bytes of a file that may be compressed."""

    text: bytes
    start: int
    in_file: int
    """How many bytes of the file they were."""

    def read(self, _: Buffer) -> bytes:
        """These bytes."""
        return self.text

    @property
    def length(self) -> int:
        """How many bytes they are."""
        return len(self.text)


class Buffer:
    """A buffer that is used again and again: it stays in the processor's cache and needs no new pages."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def of(self, size: int) -> bytearray:
        """The buffer, not shorter than this."""
        if len(self._buffer) < size:
            self._buffer = bytearray(size)
        return self._buffer


def ranges(path: Path, size: int, *, array: bool, length: int = RANGE) -> Iterator[Range]:
    """The first `size` bytes of a file, cut between rows as far as can be guessed."""
    start = 0
    with path.open("rb", buffering=0) as file:
        while start < size:
            end, back = start + length, _BACK
            while end < size:
                since = max(start, end - back)
                file.seek(since)
                place = last_cut(file.read(end - since), 0, end - since, array=array)
                if place:
                    end = since + place
                    break
                if since > start:
                    back *= 16
                else:  # not even one row: a longer range has some
                    end += length
            yield Range(path, start, min(end, size))
            start = min(end, size)


def bytes_of(path: Path) -> Iterator[bytes]:
    """A file, a little at a time."""
    with path.open("rb") as file:
        while data := file.read(_READ):
            yield data


def pieces(given_bytes: Iterable[bytes], cut: Callable[[bytearray], int], length: int = PIECE) -> Iterator[Piece]:
    """A file, decompressed if it is compressed, cut between rows as far as `cut` can tell: where the last whole row ends; 0: none does.

    `given_bytes`: behind an empty one the whole rows so far are a piece, however short.

    Raises:
        BrokenGzipError: what follows can't be decompressed.
        PlaceError, OSError: what follows could not be received.
    """
    decompression = Decompression()
    held, start, read, given = bytearray(), 0, 0, 0
    try:
        for data in given_bytes:
            read += len(data)
            for text in decompression.feed(data) if data else (b"",):
                held += text
                if data and len(held) < length:
                    continue
                end = cut(held) or (len(held) if data else 0)
                yield Piece(bytes(held[:end]), start, read - given)
                start, given = start + end, read
                del held[:end]
        held += decompression.end()
    except (BrokenGzipError, PlaceError, OSError):
        yield Piece(bytes(held), start, read - given)
        raise
    yield Piece(bytes(held), start, read - given)


def decoded(part: Range | Piece, buffer: Buffer, *, array: bool, length: int = BLOCK) -> Iterator[list[ExportRow]]:
    """The rows of a range, block by block.

    Raises:
        ValueError, msgspec.DecodeError, RecursionError: it does not read as whole rows.
    """
    data, size = part.read(buffer), part.length
    start = len(BYTE_ORDER_MARK) if part.start == 0 and data.startswith(BYTE_ORDER_MARK) else 0
    with memoryview(data) as view:
        while start < size:
            end = start + length
            while end < size:
                place = last_cut(data, start, end, array=array)
                if place:
                    end = place
                    break
                end += length
            with view[start : min(end, size)] as block:
                if not array:
                    yield _lines.decode_lines(block)
                elif rows := bytes(block).strip(_BETWEEN):
                    yield _array.decode(b"[%b]" % rows)
            start = end


def last_cut(data: bytes | bytearray, start: int, end: int, *, array: bool) -> int:
    """Where the last row that begins and ends between these places ends, as a guess; 0: none seems to."""
    if not array:
        return data.rfind(b"\n", start, end) + 1
    place = min(end, len(data))
    while (place := data.rfind(b"},", start, place)) >= 0:
        if _NEXT_ROW.match(data, place, end):
            return place + 2
    return 0
