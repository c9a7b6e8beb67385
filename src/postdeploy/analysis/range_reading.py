"""The ranges of a big file, read in as many processes as there are cores."""

from __future__ import annotations

import gc
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

from postdeploy.analysis.columns import Columns
from postdeploy.analysis.parts import columns_in_process, columns_of_export, start_process
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs.blocks import Buffer, Range, ranges
from postdeploy.system.processes import starting, way_to_start

PARALLEL_FROM = 256 << 20
"""Bytes of a file from which on more processes pay: each needs a third of a second to start."""
_AHEAD = 3
"""Ranges for each process that are being read or wait to be read."""
_MOST_WAITING = 3
"""How many times as many may have been read before the first of them is."""


class RangeReading:
    """Reads ranges of files of an export, each at once."""

    def __init__(
        self, reader: SignalReader, new_reader: Callable[[], SignalReader], buffer: Buffer, processes: int | None
    ) -> None:
        """`new_reader`: one for each other process; `processes`: how many of them, None: one for each core, for big files."""
        self._reader = reader
        self._new_reader = new_reader
        self._buffer = buffer
        self._processes = processes

    def parts(self, stack: ExitStack, path: Path, since: int, *, array: bool) -> Iterator[tuple[Range, Columns | None]]:
        """Every range of the file, in order, with its columns; None: it does not read as whole rows."""
        size, processes = path.stat().st_size, self._processes
        parts = ranges(path, size, array=array)
        if processes is None:
            processes = (os.cpu_count() or 1) - 1 if size >= PARALLEL_FROM else 0
        if processes:
            way = way_to_start()
            reader = (lambda: self._reader) if way == "fork" else self._new_reader
            _pause_garbage_collection(stack)
            pool = ProcessPoolExecutor(processes, get_context(way), start_process, (reader,))
            stack.callback(pool.shutdown, wait=True, cancel_futures=True)
            yield from self._in_processes(pool, _AHEAD * processes, parts, since, array=array)
        for part in parts:  # all of them, or those that are left when the processes died
            yield part, columns_of_export(self._reader, self._buffer, part, since, array=array)

    def _in_processes(
        self, pool: ProcessPoolExecutor, ahead: int, parts: Iterator[Range], since: int, *, array: bool
    ) -> Iterator[tuple[Range, Columns | None]]:
        """In order. Where this process would wait for another, it reads a part itself."""
        waiting: deque[tuple[Range, Future[Columns | None]]] = deque()
        given: deque[Future[Columns | None]] = deque()
        broken = False
        while not broken:
            while given and given[0].done():
                given.popleft()
            for part in islice(parts, ahead - len(given)):
                try:
                    with starting():
                        given.append(pool.submit(columns_in_process, part, since, array))
                except BrokenProcessPool:
                    yield from self._rest(waiting, since, array=array)
                    yield part, columns_of_export(self._reader, self._buffer, part, since, array=array)
                    return
                waiting.append((part, given[-1]))
            if not waiting:
                return
            if not waiting[0][1].done() and len(waiting) < _MOST_WAITING * ahead and (own := next(parts, None)):
                found: Future[Columns | None] = Future()
                found.set_result(columns_of_export(self._reader, self._buffer, own, since, array=array))
                waiting.append((own, found))
                continue
            part, future = waiting.popleft()
            broken = isinstance(future.exception(), BrokenProcessPool)
            if broken:
                waiting.appendleft((part, future))
            else:
                yield part, future.result()
        yield from self._rest(waiting, since, array=array)

    def _rest(
        self, waiting: Iterable[tuple[Range, object]], since: int, *, array: bool
    ) -> Iterator[tuple[Range, Columns | None]]:
        for part, _ in waiting:
            yield part, columns_of_export(self._reader, self._buffer, part, since, array=array)


def _pause_garbage_collection(stack: ExitStack) -> None:
    """Until the stack is left: what is read has no cycles, and looking for them costs."""
    if gc.isenabled():
        gc.disable()
        stack.callback(gc.enable)
        stack.callback(gc.freeze)  # before: or all that was read is looked through at once
