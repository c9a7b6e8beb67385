"""Cuts a stream of CSV into its rows, named by its header: quoted newlines, CRLF, any columns in any order.

Spreadsheets and databases write the same table otherwise: separated by semicolons or tabs, with `sep=;` before it, with the columns'
names in other letters. The header says how, by the names that are known.

A row ends at a line end where the number of quotes so far is even. One that has another number of cells than the header,
or whose quotes are not closed within 1 MB, is reported as a `BrokenRow`; what follows it and does not fit the header belongs to it.
A header that is repeated, where tables were put one behind the other, is left out.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from itertools import accumulate

from postdeploy.logs.rows import BrokenRow

LONGEST = 1 << 20
"""Bytes of a row: a message has 256 KB at most."""
_EXAMPLE = 200
_SEPARATORS = ",;\t|"
_SAYS_SEPARATOR = re.compile(rb'"?sep=([,;\t|])"?\s*')
"""A first line for spreadsheet programs, not a row."""
_MARK = "\ufeff"
"""The byte order mark, which stands before each of several tables that were put together."""

csv.field_size_limit(LONGEST)


class CsvTable:
    """The rows of a stream, as name → text."""

    def __init__(self, known: Iterable[str]) -> None:
        """`known`: names of columns, by which a header is recognised however its letters are written."""
        self._known = {_letters(name): name for name in known}
        self._rest = b""
        self._header: list[str] | None = None
        self._as_written: list[str] = []
        self._separator = ","
        self._is_reported = False

    def feed(self, data: bytes, *, last: bool = False) -> Iterator[dict[str, str] | BrokenRow]:
        """The rows that are complete with `data`; with `last` also what is left."""
        text = self._rest + data
        start = 0
        while start < len(text):
            end, closed = _end(text, start, last=last)
            if end is None:
                break
            if row := self._row(text[start:end], closed=closed):
                yield row
            start = end
        self._rest = text[start:]

    @property
    def is_between_rows(self) -> bool:
        """Whether all that came so far are the header and whole rows, the last of them readable."""
        return self._header is not None and not self._rest and not self._is_reported

    @property
    def header(self) -> tuple[str, ...]:
        """The names of the columns; none while they are not known."""
        return tuple(self._header or ())

    def whole_rows(self, text: bytes) -> list[list[str]]:
        """The cells of a text that is nothing but whole lines and rows, read at once: much quicker.

        Raises:
            ValueError: it is something else.
        """
        if not text.endswith(b"\n"):
            raise ValueError("its last row may go on")
        lines = [f"{line}\n" for line in text.decode().split("\n")]
        quotes = accumulate(line.count('"') for line in lines)
        ends = [number for number, count in enumerate(quotes, start=1) if count % 2 == 0]
        reader = csv.reader(lines, strict=True, delimiter=self._separator)
        try:
            rows = [(cells, reader.line_num) for cells in reader]
        except csv.Error as error:
            raise ValueError(str(error)) from None
        if [end for _, end in rows] != ends:
            raise ValueError("quotes within a cell: where its row ends is decided row by row")
        whole = [cells for cells, _ in rows if cells]
        if {*map(len, whole)} - {len(self.header)}:
            raise ValueError("a row has other cells than the header")
        return whole

    def _row(self, line: bytes, *, closed: bool) -> dict[str, str] | BrokenRow | None:
        if not line.strip():
            return None
        if self._header is None:
            self._read_header(line if closed else b"")
            return None
        cells = cells_of(line, self._separator) if closed else None
        if cells and cells[0].removeprefix(_MARK) in self._as_written[:1] and cells[1:] == self._as_written[1:]:
            return None
        if cells and len(cells) == len(self._header):
            self._is_reported = False
            return dict(zip(self._header, cells, strict=True))
        if self._is_reported:
            return None
        self._is_reported = True
        return BrokenRow(line[:_EXAMPLE].partition(b"\n")[0])

    def _read_header(self, line: bytes) -> None:
        """The names, and by what they are separated: by what makes the most of them known names."""
        if _SAYS_SEPARATOR.fullmatch(line):
            return
        self._header = []
        most = -1
        for separator in _SEPARATORS:
            written = cells_of(line, separator) or []
            names = self._named(written)
            known = len(set(names) & {*self._known.values()})
            if known > most:
                self._header, self._as_written, self._separator, most = names, written, separator, known

    def _named(self, written: list[str]) -> list[str]:
        """The known names instead of what means them, unless they stand there, too."""
        there = set(written)
        found = [self._known.get(_letters(name), name) for name in written]
        return [name if known in there else known for name, known in zip(written, found, strict=True)]


def _end(text: bytes, start: int, *, last: bool) -> tuple[int | None, bool]:
    """Where the row at `start` ends, and whether its quotes are closed; None: not seen yet."""
    limit = min(len(text), start + LONGEST)
    quotes, searched = 0, start
    while (newline := text.find(b"\n", searched, limit)) >= 0:
        quotes += text.count(b'"', searched, newline)
        searched = newline + 1
        if quotes % 2 == 0:
            return searched, True
    if last and limit == len(text) and (quotes + text.count(b'"', searched, limit)) % 2 == 0:
        return limit, True
    if last or limit == start + LONGEST:  # given up: its first line is the broken row
        newline = text.find(b"\n", start, limit)
        return (newline + 1 if newline >= 0 else limit), False
    return None, False


def last_row_end(text: bytearray) -> int:
    """Where the last whole row of a text ends that begins with a row; 0: none does."""
    quotes, end = text.count(b'"'), len(text)
    while (newline := text.rfind(b"\n", 0, end)) >= 0:
        quotes -= text.count(b'"', newline, end)
        if quotes % 2 == 0:
            return newline + 1
        end = newline
    return 0


def cells_of(line: bytes, separator: str) -> list[str] | None:
    """The cells of a row; None: its quotes are wrong."""
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    try:
        return next(csv.reader([text], strict=True, delimiter=separator), None)
    except csv.Error:
        return None


def _letters(name: str) -> str:
    """`requestPath`, `REQUESTPATH`, `request_path` and `Request Path` are one name."""
    return "".join(filter(str.isalnum, name)).casefold()
