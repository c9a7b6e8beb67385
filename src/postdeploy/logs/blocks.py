r"""Many rows of an export at once: ranges of a file that end between rows, decoded as a whole or not at all.

Where a range ends is only guessed: behind a line, or behind `},` before `{"` and a letter, which in a message would read `{\"`.
The guess is proven by the decoding: if everything before a place reads as whole rows, the place lies between rows. So a range counts if the
one before it did; whoever meets one that can't be decoded as a whole reads on from there row by row, as `Rows` does, until
a range ends between rows again. The rows are the same either way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from postdeploy.logs.export import Row

RANGE = 8 << 20
"""Bytes of a range: enough for what surrounds its reading not to count."""
BLOCK = 1 << 19
"""Bytes that are decoded at a time: their rows should fit into the processor's cache."""
_BACK = 1 << 16
"""Bytes in which the end of a row is looked for at first."""

_lines = msgspec.json.Decoder(Row)
_array = msgspec.json.Decoder(list[Row])
_BETWEEN = b" \t\r\n,[]"
_NEXT_ROW = re.compile(rb'\},\s*\{\s*"\w')


@dataclass(frozen=True, slots=True)
class Range:
    """Bytes of a file."""

    path: Path
    start: int
    end: int

    def read(self) -> bytes:
        """What stands there."""
        with self.path.open("rb", buffering=0) as file:
            file.seek(self.start)
            return _exactly(file.read(self.end - self.start), self)


def ranges(path: Path, size: int, *, array: bool, length: int = RANGE) -> Iterator[Range]:
    """The first `size` bytes of a file, cut between rows as far as can be guessed."""
    start = 0
    with path.open("rb", buffering=0) as file:
        while start < size:
            end, back = start + length, _BACK
            while end < size:
                since = max(start, end - back)
                file.seek(since)
                place = last_cut(file.read(end - since), array=array)
                if place:
                    end = since + place
                    break
                if since > start:
                    back *= 16
                else:  # not even one row: a longer range has some
                    end += length
            yield Range(path, start, min(end, size))
            start = min(end, size)


def decoded(data: bytes, *, array: bool, length: int = BLOCK) -> Iterator[list[Row]]:
    """The rows of a range, block by block.

    Raises:
        ValueError, msgspec.DecodeError, RecursionError: it does not read as whole rows.
    """
    view = memoryview(data)
    start = 0
    while start < len(data):
        end = min(start + length, len(data))
        while end < len(data):
            since = max(start, end - _BACK)
            place = last_cut(data[since:end], array=array)
            if place:
                end = since + place
                break
            end = min(end + length, len(data))
        block = view[start:end]
        start = end
        if not array:
            yield _lines.decode_lines(block)
        elif rows := bytes(block).strip(_BETWEEN):
            yield _array.decode(b"[%b]" % rows)


def last_cut(data: bytes, *, array: bool) -> int:
    """How much of it is whole rows, if the guess is right; 0: no row seems to end in it."""
    if not array:
        return data.rfind(b"\n") + 1
    place = len(data)
    while (place := data.rfind(b"},", 0, place)) >= 0:
        if _NEXT_ROW.match(data, place):
            return place + 2
    return 0


def _exactly(data: bytes, wanted: Range) -> bytes:
    if len(data) != wanted.end - wanted.start:
        raise OSError(f"{wanted.path} became shorter while it was read")
    return data
