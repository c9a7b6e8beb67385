"""The columns of a part of a file, read at once; None: it does not read as whole rows, or one of them can't be read."""

from __future__ import annotations

import gc
from collections.abc import Callable

import msgspec

from postdeploy.analysis.column_builder import ColumnBuilder
from postdeploy.analysis.columns import Columns
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs import drain, export
from postdeploy.logs.blocks import Buffer, Piece, Range, decoded
from postdeploy.logs.rows import BYTE_ORDER_MARK
from postdeploy.logs.table import CsvTable
from postdeploy.system.processes import end_with_parent

_UNREADABLE = (ValueError, msgspec.DecodeError, RecursionError)


def text_of(part: Range | Piece, buffer: Buffer) -> bytes:
    """Its bytes, without what some programs write before a text."""
    data = bytes(part.read(buffer)[: part.length])
    return data if part.start else data.removeprefix(BYTE_ORDER_MARK)


def columns_of_export(
    reader: SignalReader, buffer: Buffer, part: Range | Piece, since: int, *, array: bool
) -> Columns | None:
    """Of an export in JSON."""

    def add(builder: ColumnBuilder) -> None:
        for rows in decoded(part, buffer, array=array):
            builder.add_block(rows)
            del rows  # so the next ones are made in the same memory: a quarter of the time

    return _columns(reader, since, add)


def columns_of_table(reader: SignalReader, table: CsvTable, part: Piece, since: int) -> Columns | None:
    """Of an export as CSV. `table`: what came before, row by row."""
    if not table.is_between_rows:
        return None
    return _columns(
        reader,
        since,
        lambda builder: builder.add_block(export.rows_of_table(table.header, table.whole_rows(part.text))),
    )


def columns_of_drain(reader: SignalReader, rows: drain.Drain, text: bytes, since: int) -> Columns | None:
    """Of what a drain delivered. `rows`: what came before; it then knows these, too."""
    try:
        found = drain.whole_rows(text)
        given = rows.unseen(found)
        if len(given) < len(found):
            for row in found:
                drain.entry(row)  # one that can't be read is reported however often it is delivered
    except _UNREADABLE:
        return None
    columns = _columns(
        reader,
        since,
        lambda builder: builder.add_block([drain.as_export(row) for row in given], lambda at: drain.entry(given[at])),
    )
    if columns is not None:
        rows.remember(given)
    return columns


def _columns(reader: SignalReader, since: int, add: Callable[[ColumnBuilder], None]) -> Columns | None:
    builder = ColumnBuilder(reader, since)
    try:
        add(builder)
    except _UNREADABLE:
        return None
    return builder.done()


_reader: SignalReader | None = None
_buffer = Buffer()
"""Both those of a process that reads for another."""


def start_process(reader: Callable[[], SignalReader]) -> None:
    """What such a process does first. `reader`: a new one, or that of the process it was forked from."""
    global _reader  # noqa: PLW0603 - set once, before anything else is asked of the process
    end_with_parent()
    gc.disable()  # nothing that is made here has cycles, and looking for them costs
    _reader = reader()


def columns_in_process(part: Range, since: int, array: bool) -> Columns | None:
    """Of an export in JSON, in such a process."""
    assert _reader is not None
    return columns_of_export(_reader, _buffer, part, since, array=array)
