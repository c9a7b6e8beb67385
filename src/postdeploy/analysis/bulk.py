"""A source, read into a ledger at once: for a baseline, or an export of any size. Memory holds requests, not rows.

Big exports (NDJSON or an array, not packed) are read by the block, in as many processes as there are cores. All else, and
whatever of an export does not read as whole rows, is read row by row.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import msgspec

from postdeploy.analysis.columns import Reduced, Reduction, reduced
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.signals import SignalReader
from postdeploy.logs import export
from postdeploy.logs.blocks import Range, Room, decoded, ranges
from postdeploy.logs.decoding import Decoding, unread
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import FileSource
from postdeploy.logs.protocol import News, Shows, Source
from postdeploy.logs.requests import identified
from postdeploy.logs.rows import BYTE_ORDER_MARK, RowSplitter
from postdeploy.runbook.tables import Runbook

PARALLEL_FROM = 256 << 20
"""Bytes of a file from which on more processes pay: each needs a third of a second to start."""
_AHEAD = 3
"""Ranges for each process that are under way or wait to be taken."""

_HEAD = 1 << 16
_NONE = News()


class Bulk:
    """Reads sources into one ledger, by the patterns of a runbook."""

    def __init__(self, runbook: Runbook, today: dt.date, processes: int | None = None) -> None:
        """`processes`: how many beside this one; None: one for each core, for big files; 0: none."""
        self.ledger = Ledger()
        self.inbox_error_lines = 0
        self.truncated_unknown = 0
        """Both as `signals.Reader` counts them."""
        self.elsewhere: set[str] = set()
        """Environments that are not production; their rows are not in the ledger."""
        self._reader = SignalReader(runbook, today)
        self._room = Room()
        self._how = (runbook, today)
        self._processes = processes

    def read(self, source: Source, since: int = 0, done: Callable[[], bool] = lambda: True) -> Iterator[News]:
        """The news of a source as it tells them, but for the rows: those are in the ledger, only sentinels are told."""
        named = Shows.REQUEST_ID in source.shows
        if named and isinstance(source, FileSource) and source.formats == {export.NAME}:
            for path in source.paths:
                yield from self._export(path, since)
        elif named:
            yield from self._row_by_row(source.read(since, done), since)
        else:
            yield from self._estimated(source.read(since, done), since)

    def _estimated(self, told: Iterable[News], since: int) -> Iterator[News]:
        """Rows that name no request have to be seen all together."""
        rows: list[LogEntry] = []
        for news in told:
            rows += news.entries
            yield replace(news, entries=())
        yield self._taken(reduced(identified(rows), self._reader, since), _NONE)

    def _row_by_row(self, told: Iterable[News], since: int) -> Iterator[News]:
        for news in told:
            yield self._taken(reduced(news.entries, self._reader, since), news)

    def _export(self, path: Path, since: int) -> Iterator[News]:
        array = _is_array(path)
        if array is None:
            yield from self._row_by_row(FileSource(str(path), (path,)).read(since, lambda: True), since)
            return
        rows = RowSplitter(array=array)
        slow = Decoding(str(path), since, (rows, export.Export(Shows.NOTHING)))
        with ExitStack() as stack:
            try:
                for part, found in self._ranges(stack, path, since, array=array):
                    if found is not None and rows.between:
                        yield self._taken(found, _NONE)
                    else:
                        yield from self._row_by_row(slow.feed(_text(part, self._room)), since)
            except OSError as error:
                yield unread(str(path), since, error.strerror or str(error))
        yield from self._row_by_row(slow.end(), since)

    def _ranges(
        self, stack: ExitStack, path: Path, since: int, *, array: bool
    ) -> Iterator[tuple[Range, Reduced | None]]:
        """Every range of the file, in order, with what it came to; None: it does not read as whole rows."""
        size = path.stat().st_size
        parts = ranges(path, size, array=array)
        processes = self._processes
        if processes is None:
            processes = (os.cpu_count() or 1) if size >= PARALLEL_FROM else 0
        if processes:
            pool = ProcessPoolExecutor(processes, get_context("spawn"), _begin, self._how)
            stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            yield from self._elsewhere(pool, _AHEAD * processes, parts, since, array=array)
        for part in parts:  # all of them, or those that are left when the processes died
            yield part, _reduce(self._reader, self._room, part, since, array=array)

    def _elsewhere(
        self, pool: ProcessPoolExecutor, ahead: int, parts: Iterator[Range], since: int, *, array: bool
    ) -> Iterator[tuple[Range, Reduced | None]]:
        under_way: deque[tuple[Range, Future[Reduced | None]]] = deque()
        broken = False
        while not broken:
            for part in islice(parts, ahead - len(under_way)):
                try:
                    under_way.append((part, pool.submit(_reduce_elsewhere, part, since, array)))
                except BrokenProcessPool:
                    yield from self._rest(under_way, since, array=array)
                    yield part, _reduce(self._reader, self._room, part, since, array=array)
                    return
            if not under_way:
                return
            part, future = under_way.popleft()
            broken = isinstance(future.exception(), BrokenProcessPool)
            if broken:
                under_way.appendleft((part, future))
            else:
                yield part, future.result()
        yield from self._rest(under_way, since, array=array)

    def _rest(
        self, under_way: Iterable[tuple[Range, object]], since: int, *, array: bool
    ) -> Iterator[tuple[Range, Reduced | None]]:
        for part, _ in under_way:
            yield part, _reduce(self._reader, self._room, part, since, array=array)

    def _taken(self, found: Reduced, news: News) -> News:
        self.ledger.take(found)
        self.elsewhere |= found.elsewhere
        self.inbox_error_lines += found.inbox_error_lines
        self.truncated_unknown += found.truncated_unknown
        return replace(news, entries=tuple(found.sentinels))


def _is_array(path: Path) -> bool | None:
    """Whether an export's rows are an array's or lines; None: neither, or packed."""
    with path.open("rb") as file:
        head = file.read(_HEAD).removeprefix(BYTE_ORDER_MARK)
    rows = head.lstrip(b" \t\r\n,[]")
    return b"[" in head[: len(head) - len(rows)] if rows.startswith(b"{") else None


def _text(part: Range, room: Room) -> bytes:
    data = bytes(part.read(room)[: part.length])
    return data if part.start else data.removeprefix(BYTE_ORDER_MARK)


def _reduce(reader: SignalReader, room: Room, part: Range, since: int, *, array: bool) -> Reduced | None:
    """What a range comes to; None: it does not read as whole rows, or one of them can't be read."""
    reduction = Reduction(reader, since)
    try:
        for rows in decoded(part, room, array=array):
            reduction.add_block(rows)
    except (ValueError, msgspec.DecodeError, RecursionError):
        return None
    return reduction.done()


_reader: SignalReader | None = None
_room = Room()
"""Both those of a process that reduces for another."""


def _begin(runbook: Runbook, today: dt.date) -> None:
    global _reader  # noqa: PLW0603 - set once, before anything else is asked of the process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the other's to handle
    gc.disable()  # what it makes has no cycles, and looking for them costs
    _reader = SignalReader(runbook, today)


def _reduce_elsewhere(part: Range, since: int, array: bool) -> Reduced | None:
    assert _reader is not None
    return _reduce(_reader, _room, part, since, array=array)
