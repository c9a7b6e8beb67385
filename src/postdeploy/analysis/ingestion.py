"""Reads a source of any size into a ledger, for a baseline or a saved log. Memory holds requests, not rows.

Exports (NDJSON, an array or CSV) and drains, compressed or not, in files, elsewhere or piped in, are read by the block (`parts`); big
files of JSON that are not compressed in as many processes as there are cores (`range_reading`). All else, what does not read as whole
rows, and a pipe that is followed, is read row by row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import chain
from pathlib import Path

from postdeploy.analysis.column_builder import columns_of
from postdeploy.analysis.columns import Columns
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.parts import (
    columns_of_drain,
    columns_of_export,
    columns_of_table,
    text_of,
)
from postdeploy.analysis.range_reading import RangeReading
from postdeploy.analysis.run_sentinels import FoundSentinels
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.analysis.signals import LongMessage
from postdeploy.logs import export
from postdeploy.logs.attribution import identified
from postdeploy.logs.begun import BegunStream
from postdeploy.logs.blocks import Buffer, Piece, Range, bytes_of, last_cut, pieces
from postdeploy.logs.compression import MAGIC, BrokenGzipError, beginning
from postdeploy.logs.decoding import Decoding, unread
from postdeploy.logs.drain import Drain
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import FileSource
from postdeploy.logs.format_reader import Format
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.place import PlaceError
from postdeploy.logs.protocol import News, Shows, Source
from postdeploy.logs.remote import RemoteSource
from postdeploy.logs.rows import BYTE_ORDER_MARK, RowSplitter
from postdeploy.logs.table import CsvTable, last_row_end
from postdeploy.runbook.tables import Runbook

_HEAD = 1 << 16
_PIECE = 1 << 19
"""Bytes of a table or a drain that are read at once."""
_NONE = News()
_BY_THE_BLOCK = frozenset({Format.EXPORT, Format.EXPORT_CSV, Format.DRAIN})
_Parts = Iterable[tuple[Range | Piece, Columns | None]]
_Read = tuple[RowSplitter | CsvTable, Decoding, _Parts]
"""How far it lies between rows, what reads row by row, and its parts with their columns."""


class Ingestion:
    """Reads sources into one ledger, by the patterns of a runbook."""

    def __init__(self, runbook: Runbook, today: dt.date, processes: int | None = None) -> None:
        """`processes`: how many besides this one; None: one for each core, for big files; 0: none."""
        self.ledger = Ledger()
        self.inbox_error_lines = 0
        self.truncated_unknown = 0
        self.unread: set[LongMessage] = set()
        """Both as `SignalReader` counts them."""
        self.other_environments: set[str] = set()
        """Environments that are not production; their rows are not in the ledger."""
        self.projects: dict[str, str] = {}
        """Deployment → project, where the rows name both."""
        self._new_reader = partial(SignalReader, runbook, today)
        self._reader = self._new_reader()
        self._unnamed: list[LogEntry] = []
        self._sentinels = FoundSentinels()
        self._buffer = Buffer()
        self._ranges = RangeReading(self._reader, self._new_reader, self._buffer, processes)

    def read(self, source: Source, since: int = 0, done: Callable[[], bool] | None = None) -> Iterator[News]:
        """The news of a source without its rows: those go into the ledger, and only sentinels are passed on.

        `done`: until when more is waited for; None: to its end. What may grow ends where it is, what is piped in when it is closed.
        """
        has_ids = Shows.REQUEST_ID in source.shows
        formats = source.formats if isinstance(source, FileSource) and source.is_utf8 else frozenset()
        if has_ids and isinstance(source, FileSource) and len(formats) == 1 and formats <= _BY_THE_BLOCK:
            (form,) = formats
            for path in source.paths:
                yield from self._file(path, form, since)
        elif has_ids and isinstance(source, RemoteSource):
            yield from source.read_by(partial(self._stored, source, since), since, done or _at_once)
        elif done is None and isinstance(source, PipeSource):
            yield from source.read_by(partial(self._piped, source, since), since)
        else:
            yield from self._decoded(source, source.read(since, done or _at_once), since)
        yield from self._rows_without_ids(since)
        proving, others = self._sentinels.rest(source.shows, self._reader.read)
        if others:
            self._take(columns_of(identified(others), self._reader, since, may_be_sentinels=False), _NONE)
        if proving:
            yield News(proving)

    def _decoded(self, source: Source, news: Iterator[News], since: int) -> Iterator[News]:
        """What is read row by row."""
        given = _begun(source, news)
        read = self._row_by_row if Shows.REQUEST_ID in source.shows else self._estimated
        yield from read(given, since)

    def _rows_without_ids(self, since: int) -> Iterator[News]:
        """Rows that name no request though others of the source do."""
        if self._unnamed:
            count = f"{len(self._unnamed)} rows name no request"
            yield News(note=f"{count}: which they belong to is estimated by path, method, status and time")
            rows, self._unnamed = identified(self._unnamed), []
            yield self._take(columns_of(rows, self._reader, since), _NONE)

    def _estimated(self, given: Iterable[News], since: int) -> Iterator[News]:
        """Rows that name no request have to be seen all together."""
        rows: list[LogEntry] = []
        for news in given:
            rows += news.entries
            yield replace(news, entries=(), rows=len(news.entries))
        yield self._take(columns_of(identified(rows), self._reader, since), _NONE)

    def _row_by_row(self, given: Iterable[News], since: int) -> Iterator[News]:
        for news in given:
            counted = replace(news, rows=len(news.entries))
            yield self._take(columns_of(news.entries, self._reader, since), counted)

    def _file(self, path: Path, form: Format, since: int) -> Iterator[News]:
        head, is_compressed = _head(path)
        array = _is_array(head)
        if form is Format.EXPORT and array is None:
            yield from self._row_by_row(FileSource(str(path), (path,)).read(since, lambda: True), since)
        elif form is not Format.EXPORT or is_compressed:
            yield from self._streamed(str(path), form, head, bytes_of(path), since)
        else:
            rows = RowSplitter(array=array)
            with ExitStack() as stack:
                parts = self._ranges.parts(stack, path, since, array=bool(array))
                yield from self._in_parts(rows, _slow(str(path), since, rows), parts, since)

    def _stored(self, source: RemoteSource, since: int, begun: BegunStream) -> Iterator[News]:
        if begun.format in _BY_THE_BLOCK:
            yield from self._streamed(begun.name, begun.format, begun.head, begun.pieces, since)
        else:
            yield from self._row_by_row(source.decoded(begun, since), since)

    def _piped(self, source: PipeSource, since: int, begun: BegunStream) -> Iterator[News]:
        has_rows = begun.format is not Format.EXPORT or _is_array(begun.head) is not None
        if begun.format in _BY_THE_BLOCK and Shows.REQUEST_ID in source.shows and has_rows:
            yield from self._streamed(begun.name, begun.format, begun.head, begun.pieces, since)
        else:
            yield from self._decoded(source, source.decoded(begun, since), since)

    def _streamed(self, name: str, form: Format, head: bytes, data: Iterable[bytes], since: int) -> Iterator[News]:
        """What comes in order, compressed or not. `head`: its beginning, decompressed."""
        read = {Format.EXPORT: self._lines, Format.EXPORT_CSV: self._table, Format.DRAIN: self._drain}[form]
        yield from self._in_parts(*read(name, head, data, since), since)

    def _lines(self, name: str, head: bytes, data: Iterable[bytes], since: int) -> _Read:
        rows, array = RowSplitter(array=_is_array(head)), bool(_is_array(head))
        read = pieces(data, lambda text: last_cut(text, 0, len(text), array=array))
        parts = ((part, columns_of_export(self._reader, self._buffer, part, since, array=array)) for part in read)
        return rows, _slow(name, since, rows), parts

    def _table(self, name: str, _: bytes, data: Iterable[bytes], since: int) -> _Read:
        rows = export.table()
        slow = Decoding(name, since, (rows, export.Export(Shows.NOTHING, Format.EXPORT_CSV)))
        read = pieces(data, last_row_end, _PIECE)
        return rows, slow, ((part, columns_of_table(self._reader, rows, part, since)) for part in read)

    def _drain(self, name: str, head: bytes, data: Iterable[bytes], since: int) -> _Read:
        rows, delivered = RowSplitter(array=_is_array(head)), Drain(Shows.NOTHING)
        slow = Decoding(name, since, (rows, delivered))

        def columns(part: Piece) -> Columns | None:
            if not rows.is_between_rows:
                return None
            return columns_of_drain(self._reader, delivered, text_of(part, self._buffer), since)

        read = pieces(data, lambda text: text.rfind(b"\n") + 1, _PIECE)
        return rows, slow, ((part, columns(part)) for part in read)

    def _in_parts(self, rows: RowSplitter | CsvTable, slow: Decoding, parts: _Parts, since: int) -> Iterator[News]:
        """The news of a file by its parts. `slow`: reads row by row, by `rows`, what does not read as whole rows."""
        try:
            for part, columns in parts:
                if columns is not None and rows.is_between_rows:
                    yield self._take(columns, News(read=part.in_file, rows=columns.rows))
                else:
                    yield News(read=part.in_file)
                    yield from self._row_by_row(slow.feed(text_of(part, self._buffer)), since)
        except OSError as error:
            yield unread(slow.name, since, error.strerror or str(error))
        except (BrokenGzipError, PlaceError) as error:
            yield unread(slow.name, since, str(error))
        yield from self._row_by_row(slow.end(), since)

    def _take(self, columns: Columns, news: News) -> News:
        self.ledger.add_columns(columns)
        self._unnamed += columns.unnamed
        self.other_environments |= columns.other_environments
        self.projects |= columns.projects
        self.inbox_error_lines += columns.inbox_error_lines
        self.truncated_unknown += columns.truncated_unknown
        self.unread |= columns.unread
        return replace(news, entries=self._sentinels.take(columns.sentinels))


def _at_once() -> bool:
    return True


def _begun(source: Source, news: Iterator[News]) -> Iterable[News]:
    """The same news, read until it is known what the source shows: of a pipe only its first rows say that."""
    first: list[News] = []
    while not source.shows and (more := next(news, None)) is not None:
        first.append(more)
    return chain(first, news)


def _head(path: Path) -> tuple[bytes, bool]:
    """The beginning of a file, decompressed if it is compressed, and whether it is; nothing: it can't be read."""
    try:
        with path.open("rb") as file:
            first = file.read(_HEAD)
    except OSError:  # the next reading says so
        return b"", False
    return beginning(first), first.startswith(MAGIC)


def _slow(name: str, since: int, rows: RowSplitter) -> Decoding:
    """Reads rows of an export one by one."""
    return Decoding(name, since, (rows, export.Export(Shows.NOTHING)))


def _is_array(head: bytes) -> bool | None:
    """Whether an export's rows are an array's or lines; None: neither."""
    head = head.removeprefix(BYTE_ORDER_MARK)
    rows = head.lstrip(b" \t\r\n,[]")
    return b"[" in head[: len(head) - len(rows)] if rows.startswith(b"{") else None
