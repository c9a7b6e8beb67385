"""Which format a stream of bytes has: recognised by its first readable rows, never by a name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

import msgspec

from postdeploy.logs import command_line, drain, export, runtime_stream
from postdeploy.logs.format_reader import Format, FormatReader, Framing
from postdeploy.logs.protocol import Shows
from postdeploy.logs.rows import BYTE_ORDER_MARK, LONGEST, BrokenRow, RowSplitter
from postdeploy.logs.table import CsvTable, cells_of

_ENOUGH = 2 * LONGEST
"""Bytes without a row of any known format: more of them would not help."""
_KNOWN = "Known are: the dashboard's export (JSON or CSV), `vercel logs --json`, log drains and runtime-logs."


class UnknownFormatError(Exception):
    """The format is not known; the message says what it is instead, and the remedy."""


_Recognition = tuple[Callable[[AbstractSet[str]], Shows | None], Callable[[Shows], FormatReader]]
"""What rows with these fields can show, if they are of a format; and what reads them."""

_FORMATS: tuple[_Recognition, ...] = (
    (command_line.shows_64, command_line.CommandLine64),
    (runtime_stream.shows, runtime_stream.RuntimeStream),
    (command_line.shows_63, command_line.CommandLine63),
    (drain.shows, drain.Drain),
    (export.shows, export.Export),
)
_EVERYTHING = frozenset(export.ExportRow.__struct_fields__)
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def recognised(head: bytes, *, whole: bool) -> tuple[Framing, FormatReader] | None:
    """How a stream that begins like this is read; None: more of it is needed (never, if it is `whole`).

    Raises:
        UnknownFormatError: its format is not known.
    """
    text = head.removeprefix(BYTE_ORDER_MARK)
    start = text.lstrip()
    if not start:
        if whole:
            raise UnknownFormatError("it is empty. Was it saved completely?")
        return None
    if (reading := _as_table(start, whole=whole) or _as_rows(text, whole=whole)) is not None:
        return reading
    if whole and not start.strip(b"[], \t\r\n"):  # an export without a row
        return RowSplitter(), export.Export(export.shows(_EVERYTHING) or Shows.NOTHING)
    if whole or len(head) >= _ENOUGH:
        raise UnknownFormatError(_instead(start))
    return None


def _as_table(start: bytes, *, whole: bool) -> tuple[Framing, FormatReader] | None:
    line, newline, _ = start.partition(b"\n")
    if start[:1] in b"[{" or not (newline or whole):
        return None
    can = export.shows(frozenset(cells_of(line) or ()))
    return None if can is None else (CsvTable(), export.Export(can, Format.EXPORT_CSV))


def _as_rows(text: bytes, *, whole: bool) -> tuple[Framing, FormatReader] | None:
    for fields in _rows(text, whole=whole):
        for shows, reader in _FORMATS:
            if (can := shows(fields.keys())) is not None:
                return RowSplitter(), reader(can)
        if {"status", "reason", "message"} <= fields.keys():
            said = bytes(fields["message"])[:300].decode("utf-8", "replace")
            raise UnknownFormatError(f"it holds the error of a command, not its output: {said}")
    return None


def _rows(text: bytes, *, whole: bool) -> Iterator[dict[str, msgspec.Raw]]:
    for row in RowSplitter().feed(text, last=whole):
        if not isinstance(row, BrokenRow):
            yield _fields.decode(row.decode("utf-8", "replace"))


def _instead(start: bytes) -> str:
    """What it is, and the remedy."""
    seen = next(_rows(start, whole=True), None)
    if seen:
        return f"its rows are of an unknown format; they begin with the fields {', '.join(sorted(seen)[:8])}. {_KNOWN}"
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "it is UTF-16, as PowerShell's > writes. Save it as UTF-8: … | Out-File -Encoding utf8 logs.json"
    if start.startswith((b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")):
        return "it is compressed in a way that is not supported. Decompress it first; gzip is read as it is."
    if b"\0" in start[:4096]:
        return f"it is binary, not text. {_KNOWN}"
    first = start.partition(b"\n")[0]
    if b";" in first and b"," not in first:
        return "its columns are separated by semicolons: a spreadsheet program has saved it. Use the export as it was downloaded."
    if start[:1] == b"<":
        return "it is a web page, perhaps a login page. Save the export itself."
    return f"it holds no row that can be read. {_KNOWN} Did `vercel logs` have --json?"
