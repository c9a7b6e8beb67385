"""Which format a stream of bytes has: recognised by its first readable rows, never by a name."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice

import msgspec

from postdeploy.logs import command_line, drain, export, runtime_stream
from postdeploy.logs.command_line import Event, Output, PrintedRequest
from postdeploy.logs.drain import DrainRow
from postdeploy.logs.export import ExportRow
from postdeploy.logs.format_reader import Format, FormatReader, Framing
from postdeploy.logs.protocol import Shows
from postdeploy.logs.rows import BYTE_ORDER_MARK, LONGEST, SEPARATORS, BrokenRow, RowSplitter
from postdeploy.logs.runtime_stream import StreamRow
from postdeploy.redaction import Redactor

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
_EVERYTHING = frozenset(ExportRow.__struct_fields__)
_NAMES = frozenset(
    name for row in (ExportRow, DrainRow, StreamRow, PrintedRequest, Event, Output) for name in row.__struct_fields__
)
"""All fields of all formats: no other name of a file that is refused is shown, for it may hold people's data."""
_ENVELOPES = frozenset({"data", "entries", "events", "items", "log", "records", "results", "rows", "_source"})
"""Keys under which other programs put rows: they may be shown, too."""
_UNDER_A_KEY = re.compile(rb'"(\w{1,40})"\s{0,99}:\s{0,99}(\[?)\s{0,99}(?=\{)')
_SEARCHED, _TRIES = 4096, 8
"""Bytes in which a key is looked for that holds rows, and how many are looked at."""
_LONGEST_MESSAGE = 300
_SHOWN = 8
"""Names of fields in a message."""
_REWRITTEN = re.compile(r"[0-9][.,][0-9]{1,15}E\+[0-9]{1,3}")
"""A number of many digits, after a spreadsheet program had it."""
_WHITE = b" \t\r\n\f\v" + SEPARATORS
_fields = msgspec.json.Decoder(dict[str, msgspec.Raw])


def recognised(head: bytes, *, whole: bool) -> tuple[Framing, FormatReader] | None:
    """How a stream that begins like this is read; None: more of it is needed (never, if it is `whole`).

    Raises:
        UnknownFormatError: its format is not known.
    """
    text = head.removeprefix(BYTE_ORDER_MARK)
    start = text.lstrip(_WHITE)
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
    columns, first = ((), {}) if start[:1] in b"[{" else _columns(start, whole=whole)
    can = export.shows(frozenset(columns))
    if can is not None and _REWRITTEN.fullmatch(first.get("timestampInMs", "")):
        raise UnknownFormatError(
            "a spreadsheet program has rewritten its times (1.79E+12). Use the export as it was downloaded."
        )
    return None if can is None else (export.table(), export.Export(can, Format.EXPORT_CSV))


def _columns(start: bytes, *, whole: bool) -> tuple[tuple[str, ...], dict[str, str]]:
    """The columns of a table that begins like this, and its first row; none: they are not known yet, or this is not a table."""
    table = export.table()
    row = next(table.feed(start, last=whole), None)
    return table.header, row if isinstance(row, dict) else {}


def _as_rows(text: bytes, *, whole: bool) -> tuple[Framing, FormatReader] | None:
    for fields in _rows(text, whole=whole):
        if (reader := _reader(fields)) is not None:
            return RowSplitter(), reader
        if {"status", "reason", "message"} <= fields.keys() and bytes(fields["status"]) == b'"error"':
            said = Redactor()(bytes(fields["message"]).decode("utf-8", "replace"))
            raise UnknownFormatError(f"it holds the error of a command, not its output: {said[:_LONGEST_MESSAGE]}")
    return None


def _reader(fields: Mapping[str, object]) -> FormatReader | None:
    """What reads rows with these fields."""
    for shows, reader in _FORMATS:
        if (can := shows(fields.keys())) is not None:
            return reader(can)
    return None


def _rows(text: bytes, *, whole: bool) -> Iterator[dict[str, msgspec.Raw]]:
    for row in RowSplitter().feed(text, last=whole):
        if not isinstance(row, BrokenRow):
            yield _fields.decode(row.decode("utf-8", "replace"))


def _instead(start: bytes) -> str:
    """What it is, and the remedy."""
    if key := _envelope(start):
        return f"its rows stand under a key. Take them out: jq -c '{key}' FILE > rows.jsonl"
    if seen := next(_rows(start, whole=True), None):
        return f"its rows are of an unknown format: {_named(seen)}. {_KNOWN}"
    if (columns := _columns(start, whole=True)[0]) and not _NAMES.isdisjoint(columns):
        return (
            f"its columns are not an export's: {_named(columns)}. It needs timestampInMs or TimeUTC, and requestPath, requestId, "
            "responseStatusCode or message"
        )
    if start.startswith((b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ")):
        return "it is compressed in a way that is not supported. Decompress it first; gzip is read as it is."
    if b"\0" in start[:4096]:
        return f"it is binary, or text that is not UTF-8: save it as UTF-8. {_KNOWN}"
    if start[:1] == b"<":
        return "it is a web page, perhaps a login page. Save the export itself."
    return f"it holds no row that can be read. {_KNOWN} Did `vercel logs` have --json?"


def _envelope(start: bytes) -> str:
    """Where the rows are, as jq names it, if each or all of them stand in an object under a key."""
    for found in islice(_UNDER_A_KEY.finditer(start, 0, _SEARCHED), _TRIES):
        row = next(_rows(start[found.end() : found.end() + LONGEST], whole=True), None)
        if row and _reader(row):
            key = found[1].decode()
            return f".{key if key in _NAMES | _ENVELOPES else 'KEY'}{'[]' if found[2] else ''}"
    return ""


def _named(names: Collection[str]) -> str:
    """The names that formats have; others may be people's data, and are counted."""
    known = sorted(_NAMES.intersection(names))
    others = len(names) - len(known)
    return ", ".join([*known[:_SHOWN], *([f"{others} unknown field{'s' * (others > 1)}"] if others else [])])
