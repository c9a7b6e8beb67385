"""What is piped in is read like the file that it was: by the block, with the same report, and never waited for."""

from __future__ import annotations

import gzip
import os
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.logs import blocks, pipe
from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import open_source
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.protocol import News, Shows
from postdeploy.logs.rows import BYTE_ORDER_MARK
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import (
    TODAY,
    Writer,
    command_line_63,
    command_line_64,
    drain_array,
    drain_batches,
    drain_lines,
    export_csv,
    export_json,
    export_json_pretty,
    export_lines,
    healthy,
    json_sequence,
    rows,
    stream,
    throws,
    utf_16_lines,
    without,
)

RUNBOOK = read_runbook()
LOG = rows([*healthy(200), *(throws(word, 60 + n) for n, word in enumerate("ABCD"))])


@contextmanager
def written(pieces: Sequence[bytes], pause: float = 0.0) -> Iterator[int]:
    """The end of a pipe from which another thread's bytes can be read."""
    here, there = os.pipe()

    def write() -> None:
        with suppress(BrokenPipeError), os.fdopen(there, "wb", buffering=0) as end:
            for piece in pieces:
                end.write(piece)
                time.sleep(pause)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield here
    finally:
        os.close(here)
        writer.join()


def no_ids(entries: Sequence[LogEntry]) -> bytes:
    return export_lines(without(entries, "request_id"))


def crlf(entries: Sequence[LogEntry]) -> bytes:
    return export_lines(entries).replace(b"\n", b"\r\n")


def marked(entries: Sequence[LogEntry]) -> bytes:
    return BYTE_ORDER_MARK + export_lines(entries)


def marked_array(entries: Sequence[LogEntry]) -> bytes:
    return BYTE_ORDER_MARK + export_json(entries)


def broken(entries: Sequence[LogEntry]) -> bytes:
    """The middle row of three ends too early, and one is no row."""
    lines = export_lines(entries).splitlines(keepends=True)
    return b"".join([*lines[:40], lines[40][:90] + b"\n", b"no row\n", *lines[41:]])


def cut_off(entries: Sequence[LogEntry]) -> bytes:
    return export_lines(entries)[:-70]


def begins_otherwise(entries: Sequence[LogEntry]) -> bytes:
    return b"Fetching the log ...\n" + export_lines(entries)


def one_row(entries: Sequence[LogEntry]) -> bytes:
    return export_lines(entries[:1])


WRITERS: tuple[Writer, ...] = (
    one_row,
    export_lines,
    export_json,
    export_json_pretty,
    export_csv,
    drain_lines,
    drain_batches,
    drain_array,
    command_line_63,
    command_line_64,
    stream,
    utf_16_lines,
    json_sequence,
    no_ids,
    crlf,
    marked,
    marked_array,
    broken,
    cut_off,
    begins_otherwise,
)


@pytest.mark.parametrize("packed", [bytes, gzip.compress, lambda text: gzip.compress(text)[:-9]], ids=["", "gz", "cut"])
@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_the_report_of_a_pipe_is_that_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Writer, packed: Callable[[bytes], bytes]
) -> None:
    """Byte for byte but for the time that it was read, however it came."""
    content = packed(write(LOG))
    file = tmp_path / "log"
    file.write_bytes(content)
    monkeypatch.setattr(time, "time_ns", lambda: 1_790_000_000_000_000_000)
    monkeypatch.setattr(pipe, "_WAIT", 0.001)
    expected = msgspec.json.encode(saved_logs.examine([str(file)], LogQuery(), RUNBOOK, TODAY))
    monkeypatch.setattr(blocks.pieces, "__defaults__", (20_000,))
    monkeypatch.setattr(pipe, "_PIECE", 3000)
    with written([content[:9], content[9:30_000], content[30_000:]], 0.01) as end:
        monkeypatch.setattr(saved_logs, "open_source", lambda *_, **__: PipeSource(str(file), end))
        report = saved_logs.examine(["-"], LogQuery(), RUNBOOK, TODAY)
    assert msgspec.json.encode(report) == expected


@pytest.mark.parametrize("write", [export_lines, export_json, export_csv, drain_lines], ids=lambda one: one.__name__)
def test_a_log_that_is_piped_in_is_read_by_the_block(write: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ingestion, "_row_by_row", counted := Counted(Ingestion._row_by_row))
    log, reading = rows(healthy(3000)), Ingestion(RUNBOOK, TODAY)
    content = write(log)
    with written([content]) as end:
        given = [*reading.read(PipeSource("stdin", end))]
    assert reading.ledger.rows == sum(one.rows for one in given) == len(log)
    assert sum(one.read for one in given) == len(content)
    assert counted.rows < len(log) / 2, "of a table the first piece holds the header"


class Counted:
    """Counts the rows that are read one by one."""

    def __init__(self, read: Callable[[Ingestion, Iterator[News], int], Iterator[News]]) -> None:
        self._read = read
        self.rows = 0

    def __get__(self, reading: Ingestion, _: object = None) -> Callable[[Iterator[News], int], Iterator[News]]:
        return lambda given, since: self._counted(reading, given, since)

    def _counted(self, reading: Ingestion, given: Iterator[News], since: int) -> Iterator[News]:
        held = [*given]
        self.rows += sum(len(one.entries) for one in held)
        return self._read(reading, iter(held), since)


def test_what_comes_slowly_is_shown_before_its_block_is_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """And a silent pipe gives empty news, so that what is shown can change."""
    monkeypatch.setattr(pipe, "_WAIT", 0.001)
    content = export_lines(LOG[:60])
    half = content.index(b"\n", len(content) // 2) + 20
    here, there = os.pipe()
    os.write(there, content[:half])
    reading = Ingestion(RUNBOOK, TODAY).read(PipeSource("stdin", here))
    seen = 0
    while seen < content[:half].count(b"\n"):
        seen += next(reading).rows
    assert next(reading).rows == 0
    os.write(there, content[half:])
    os.close(there)
    assert seen + sum(one.rows for one in reading) == 60
    os.close(here)


def test_what_comes_without_a_pause_is_shown_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe that is never silent and never fast: rows are counted once a second, here with each piece."""
    monkeypatch.setattr(pipe, "_SHOWN_EVERY", 0.0)
    monkeypatch.setattr(pipe, "_PIECE", 2000)
    content = export_lines(LOG)
    with written([content]) as end:
        shown = [one.rows for one in Ingestion(RUNBOOK, TODAY).read(PipeSource("stdin", end))]
    assert len([each for each in shown if each]) > len(content) / 4000
    assert sum(shown) == len(LOG)


def test_a_pipe_that_is_followed_is_read_as_it_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """No row waits for a block: half a line is waited for, a whole one is there at once."""
    monkeypatch.setattr(PipeSource, "read_by", None)
    here, there = os.pipe()
    reading = Ingestion(RUNBOOK, TODAY).read(PipeSource("stdin", here), done=lambda: False)
    for line in export_lines(LOG[:20]).splitlines(keepends=True):
        os.write(there, line)
        assert sum(next(reading).rows for _ in range(2)) == 1, "its bytes, then its row"
    os.close(there)
    os.close(here)


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gz"])
def test_an_empty_pipe_proves_nothing(monkeypatch: pytest.MonkeyPatch, packed: Callable[[bytes], bytes]) -> None:
    with written([packed(b"")]) as end:
        monkeypatch.setattr(saved_logs, "open_source", lambda *_, **__: PipeSource("stdin", end))
        report = saved_logs.examine(["-"], LogQuery(), RUNBOOK, TODAY)
    assert (report.proof.proven, report.fails) == (False, False)
    assert report.blocked or report.proof.missing


def stopped(content: bytes) -> list[News]:
    """What a pipe brings that is followed, and still open when the time is over."""
    here, there = os.pipe()
    os.write(there, content)
    is_over = iter([False, False, True, True])
    given = [*PipeSource("stdin", here).read(0, lambda: next(is_over, True))]
    os.close(there)
    os.close(here)
    return given


@pytest.mark.parametrize(
    "write", [export_lines, command_line_63, command_line_64, stream], ids=lambda one: one.__name__
)
def test_the_last_row_of_a_pipe_that_has_not_ended_counts_without_its_end_of_line(
    write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipe, "_WAIT", 0.001)
    content = write(LOG[:20])
    whole, bare = stopped(content), stopped(content.rstrip(b"\n"))
    assert [one.entries for one in bare if one.entries][-1][-1] == [one.entries for one in whole if one.entries][-1][-1]
    assert sum(len(one.entries) for one in bare) == sum(len(one.entries) for one in whole)


def test_half_a_row_or_half_a_gzip_is_not_passed_over_when_the_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipe, "_WAIT", 0.001)
    content = export_lines(LOG[:20])
    assert sum(one.malformed for one in stopped(content[:-9])) == 1
    assert [one.gap for one in stopped(gzip.compress(content)[:-9]) if one.gap] != []


@pytest.mark.parametrize("packed", [bytes, gzip.compress], ids=["plain", "gz"])
def test_a_long_pipe_is_held_piece_by_piece(packed: Callable[[bytes], bytes]) -> None:
    once = export_lines(rows(healthy(2000)))
    piece = packed(once)
    repeated = (60 << 20) // len(once)
    reading = Ingestion(RUNBOOK, TODAY)
    with written([piece] * repeated) as end:
        tracemalloc.start()
        for _ in reading.read(PipeSource("stdin", end)):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert reading.ledger.rows == repeated * once.count(b"\n")
    assert peak < 60 << 20, f"{peak >> 20} MB"


def test_a_named_pipe_is_read_like_the_file(tmp_path: Path) -> None:
    file, fifo = tmp_path / "log", tmp_path / "fifo"
    file.write_bytes(export_lines(LOG))
    os.mkfifo(fifo)
    writing = threading.Thread(target=lambda: fifo.write_bytes(file.read_bytes()))
    writing.start()
    source = open_source(str(fifo))
    reading, expected = Ingestion(RUNBOOK, TODAY), Ingestion(RUNBOOK, TODAY)
    for given, log in ((source, reading), (open_source(str(file)), expected)):
        for _ in log.read(given):
            pass
    writing.join()
    assert Shows.STATUS in source.shows
    assert reading.ledger.tally() == expected.ledger.tally()
    assert reading.ledger.rows == len(LOG)


def test_a_pipe_that_breaks_is_a_gap_and_what_came_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    content = export_lines(LOG)
    given = iter([content])

    def read(*_: object) -> bytes:
        try:
            return next(given)
        except StopIteration:
            raise OSError(5, "Input/output error") from None

    here, there = os.pipe()
    os.write(there, b"x")
    monkeypatch.setattr(os, "read", read)
    reading = Ingestion(RUNBOOK, TODAY)
    gaps = [one.gap.why for one in reading.read(PipeSource("stdin", here)) if one.gap]
    assert gaps == ["stdin: Input/output error"]
    assert reading.ledger.rows == len(LOG)
    os.close(there)
    os.close(here)
