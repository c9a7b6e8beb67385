"""Bytes as they were before gzip, if gzip it is: known by its first two bytes, never by a name."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

MAGIC = b"\x1f\x8b"
_PIECE = 1 << 20
_MOST_TIMES = 200
"""How much more may come out than went in. Logs shrink to a tenth or a thirtieth; gzip can do 1,032 times."""
_UNCHECKED = 64 << 20
"""Bytes that may come out whatever went in."""
_GZIP = 16 + zlib.MAX_WBITS


class BrokenGzipError(Exception):
    """Not all of it can be decompressed; the message says why."""


def beginning(first: bytes) -> bytes:
    """Of the first bytes what they were before gzip; nothing: they are broken."""
    try:
        return next(Decompression().feed(first), b"")
    except BrokenGzipError:
        return b""


class Decompression:
    """What was compressed in any number of gzip members one after another, or not at all; in pieces of bounded size."""

    def __init__(self, *, plain: bool | None = None) -> None:
        """`plain`: not compressed; None: as the first bytes say."""
        self._first = b""
        self._plain = plain
        self._member: zlib._Decompress | None = None
        self._came_in, self._came_out = 0, 0

    @property
    def is_gzip(self) -> bool:
        """Known once two bytes were seen."""
        return self._plain is False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Decompress more bytes.

        Raises:
            BrokenGzipError: they are broken, or a little that grows beyond all bounds.
        """
        if self._plain is None:
            self._first += data
            if len(self._first) < len(MAGIC):
                return
            self._plain = not self._first.startswith(MAGIC)
            data, self._first = self._first, b""
        if self._plain:
            yield data
            return
        self._came_in += len(data)
        while data:
            self._check_growth()
            if self._member is None:
                data = data.lstrip(b"\0")  # padding between members is allowed
                if not data:
                    return
                self._member = zlib.decompressobj(_GZIP)
            try:
                piece = self._member.decompress(data, _PIECE)
            except zlib.error as error:
                raise BrokenGzipError(f"its gzip is broken ({error})") from None
            data = self._member.unconsumed_tail
            if self._member.eof:
                data, self._member = self._member.unused_data, None
            if piece:
                self._came_out += len(piece)
                yield piece

    def _check_growth(self) -> None:
        if self._came_out > max(_UNCHECKED, _MOST_TIMES * self._came_in):
            raise BrokenGzipError(
                f"it grows to more than {_MOST_TIMES} times its size: what follows {self._came_out >> 20} MB is left out"
            )

    def end(self) -> bytes:
        """What was still held back, when no more bytes come.

        Raises:
            BrokenGzipError: they end within a member.
        """
        if self._member is not None:
            raise BrokenGzipError("its gzip ends too early: it was cut or is still being written")
        rest, self._first = self._first, b""
        return rest
