"""Text as UTF-8, also if it was saved as UTF-16 (PowerShell's `>`, Excel's "Unicode Text"): known by its byte order mark."""

from __future__ import annotations

import codecs

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF_32 = codecs.BOM_UTF32_LE
"""Begins like the first, and is none."""


class Transcoding:
    """Bytes of a text in, the same as UTF-8 out, in any pieces."""

    def __init__(self, *, is_utf8: bool | None = None) -> None:
        """`is_utf8`: whether it is known to be; None: as the first bytes say."""
        self._first = b""
        self._is_utf8 = is_utf8
        self._decoder = codecs.getincrementaldecoder("utf-16")("replace")

    @property
    def is_utf8(self) -> bool:
        """Whether nothing is changed; so it seems as long as it is not known."""
        return self._is_utf8 is not False

    def feed(self, data: bytes, *, last: bool = False) -> bytes:
        """More of it. What is not UTF-16 becomes a replacement character."""
        if self._is_utf8:
            return data
        if self._is_utf8 is None:
            data, self._first = self._first + data, b""
            if len(data) < len(_UTF_32) and not last:
                self._first = data
                return b""
            self._is_utf8 = not data.startswith(_UTF_16) or data.startswith(_UTF_32)
            if self._is_utf8:
                return data
        return self._decoder.decode(data, last).encode("utf-8", "replace")
