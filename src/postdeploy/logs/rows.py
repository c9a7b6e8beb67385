"""Cuts a stream of JSON into its rows: one object a line, an array, arrays one after another, pretty-printed or not.

Between rows may also stand record separators (RFC 7464, `jq --seq`).
A row is an object at the top or in a top-level array. What can't be read as a row is reported as a `BrokenRow`, and the reading
goes on behind it: at the next line, in an array at the next `}, {` or line that begins an object; what follows but can't be read
either belongs to the broken one. A row that never ends is given up after 4 MB, so memory stays bounded. The outcome depends on the
bytes alone, never on how they were cut into chunks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import msgspec

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What some programs write before a text."""
LONGEST = 4 << 20
"""Bytes of a row. A request's log may hold 1 MB, which JSON's escapes make longer."""

_EXAMPLE = 200
_TRIES = 8
"""Ends of a row that are tried before its strings are distinguished from its braces one by one, which is slower."""

SEPARATORS = b"\x1e\0"
"""Between rows, as some programs write them (JSON text sequences, `find -print0`); what was never written of a file is NUL, too."""
_BETWEEN = re.compile(rb"[\s,\[\]\x1e\0]*")
_END = re.compile(rb"\}(?=[\s,\[\]\x1e\0]*(?:\{|\Z))")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}"]', re.DOTALL)
_NEXT_LINE = re.compile(rb"[\n\x1e\0]")
_NEXT_IN_ARRAY = re.compile(rb"(?:\n|\}\s*,)\s*(?=\{)")
_NEXT_BEHIND_VALUE = re.compile(rb"(?:\n|[},])\s*(?=\{)")
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB]HH\\u[dD][c-fC-F]HH|u[dD][89a-fA-F]HH|.)".replace(b"HH", b"[0-9a-fA-F]{2}"), re.DOTALL
)
_PAIR = 12

_syntax = msgspec.json.Decoder(msgspec.Raw)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """What stands where a row should be and can't be read."""

    example: bytes


class RowSplitter:
    """The rows of a stream, as bytes."""

    def __init__(self, *, array: bool | None = None) -> None:
        """`array`: whether the rows are an array's; None: as the first bytes say."""
        self._rest = b""
        self._next = None if array is None else _NEXT_IN_ARRAY if array else _NEXT_LINE
        self._search: re.Pattern[bytes] | None = None
        """By what the next row is searched for, behind a broken one."""
        self._is_reported = False

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[bytes | BrokenRow]:
        """The rows that are complete with `data`; with `last` also what is left."""
        text = self._rest + data
        self._rest = b""
        start = self._begin(text, 0, last=last)
        while start is not None:
            end = _end(text, start, last=last)
            if end is None:
                self._rest = text[start:]
                return
            if end > 0:
                yield mended(text[start:end])
                start, self._is_reported = end, False
            else:
                if not (self._is_reported and self._next is _NEXT_IN_ARRAY):
                    yield BrokenRow(_line(text, start))
                if last and _is_cut(text[start:]):
                    return
                self._search, self._is_reported = self._next, True
                if self._next is _NEXT_IN_ARRAY and not text.startswith(b"{", start):
                    self._search = _NEXT_BEHIND_VALUE
            start = self._begin(text, start, last=last)

    def _begin(self, text: bytes, start: int, *, last: bool) -> int | None:
        """Where the next row begins; None: not in this text."""
        if self._search:
            found = self._search.search(text, start)
            if not found:
                self._rest = b"" if last else _tail(text[start:])
                return None
            start, self._search = found.end(), None
        between = _BETWEEN.match(text, start)
        assert between is not None
        if self._next is None and b"[" in between[0]:
            self._next = _NEXT_IN_ARRAY
        start = between.end()
        if start == len(text):
            return None
        self._next = self._next or _NEXT_LINE
        return start

    @property
    def is_between_rows(self) -> bool:
        """Whether all that came so far are whole rows, the last of them readable."""
        return self._search is None and not self._rest.strip(b" \t\r\n\f\v" + SEPARATORS)


def mended(row: bytes) -> bytes:
    """The row, as long as before, with halves of surrogate pairs replaced: a writer that cuts texts leaves them behind."""
    return _ESCAPE.sub(_whole, row) if b"\\ud" in row or b"\\uD" in row else row


def _whole(escape: re.Match[bytes]) -> bytes:
    found = escape[0]
    half = found[1:3] in (b"ud", b"uD") and len(found) < _PAIR
    return rb"\ufffd" if half else found


def _end(text: bytes, start: int, *, last: bool) -> int | None:
    """Where the row at `start` ends; None: not seen yet; -1: it is broken."""
    if text[start] != ord("{"):
        return -1
    limit = start + LONGEST
    for tries, candidate in enumerate(_END.finditer(text, start, limit), start=1):
        match _state(text[start : candidate.end()]):
            case "whole":
                return candidate.end()
            case "broken":
                return -1
            case "followed":
                break
            case "cut":
                if tries == _TRIES:
                    break
    else:
        if not last and len(text) < limit:
            return None
    end = _balanced(text, start, limit)
    if end is not None:
        return end if _state(text[start:end]) == "whole" else -1
    return -1 if last or len(text) >= limit else None


def _state(row: bytes) -> Literal["whole", "cut", "followed", "broken"]:
    """Whether it is a value of JSON, the beginning of one, one with something other than a row behind it, or none of these."""
    try:
        _syntax.decode(mended(row))
    except RecursionError:
        return "broken"
    except msgspec.DecodeError as error:
        reason = str(error)
        return "cut" if "truncated" in reason else "followed" if "trailing" in reason else "broken"
    return "whole"


def _balanced(text: bytes, start: int, limit: int) -> int | None:
    """Where the braces that open at `start` are closed."""
    depth = 0
    for token in _TOKEN.finditer(text, start, limit):
        match text[token.start()], token.end() - token.start():
            case 0x7B, _:
                depth += 1
            case 0x7D, _:
                depth -= 1
                if depth == 0:
                    return token.end()
            case 0x22, 1:  # a string that does not end
                return None
            case _:
                pass
    return None


def _is_cut(rest: bytes) -> bool:
    """Whether it begins like a row and only its end is missing."""
    return rest.startswith(b"{") and len(rest) <= LONGEST and _state(rest) == "cut"


def _tail(skipped: bytes) -> bytes:
    """The end of what is skipped, as far as the beginning of the next row may already be in it."""
    kept = re.search(rb"(?:\n|,|\}\s*,?)\s*\Z", skipped[-4096:])
    return skipped[kept.start() - len(skipped[-4096:]) :] if kept else b""


def _line(text: bytes, start: int) -> bytes:
    return text[start : start + _EXAMPLE].partition(b"\n")[0]
