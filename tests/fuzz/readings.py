"""The ways in which a log is read, and what must be the same whichever is taken."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator
from pathlib import Path

from postdeploy.analysis import ingestion
from postdeploy.analysis.column_builder import columns_of
from postdeploy.analysis.columns import Columns
from postdeploy.analysis.range_reading import RangeReading
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs import blocks
from postdeploy.logs.decoding import Decoding
from postdeploy.logs.format_reader import Format
from postdeploy.logs.formats import UnknownFormatError
from postdeploy.logs.protocol import News
from postdeploy.runbook.reading import read_runbook

RUNBOOK, TODAY = read_runbook(), dt.date(2026, 11, 25)
READER = SignalReader(RUNBOOK, TODAY)
"""Patterns are compiled once."""
_BUFFER = blocks.Buffer()
_RANGE, _LINES, _BLOCK, _READ, _PIECE = blocks.RANGE, blocks.PIECE, blocks.BLOCK, blocks._READ, ingestion._PIECE


def scratch(name: str) -> Path:
    """A file in memory, if the machine has that."""
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)) / name


def decoded(pieces: list[bytes]) -> tuple[tuple[object, ...], Format | None]:
    """The rows of a stream and what else it says, and its format; nothing: its format is not known."""
    decoding = Decoding("fuzz")
    try:
        news = [*(news for piece in pieces for news in decoding.feed(piece)), *decoding.end()]
    except UnknownFormatError:
        return (), None
    entries = [entry for each in news for entry in each.entries]
    others = [
        each.gap.why if each.gap else each.note or each.unread
        for each in news
        if not each.entries and not each.malformed
    ]
    return (entries, sum(each.malformed for each in news), others, decoding.shows), decoding.format


def row_by_row(pieces: list[bytes]) -> tuple[tuple[object, ...], Format | None]:
    """What a stream holds, row by row, and its format."""
    decoding = Decoding("fuzz")
    news = [*(news for piece in pieces for news in decoding.feed(piece)), *decoding.end()]
    return outcome([(columns_of(each.entries, READER), each) for each in news]), decoding.format


def by_the_block(path: Path, length: int, name: Format = Format.EXPORT) -> tuple[object, ...]:
    """What the file holds, by the block."""
    blocks.ranges.__kwdefaults__ = {"length": length}
    blocks.decoded.__kwdefaults__ = {"length": 1 + length // 3}
    blocks.pieces.__defaults__, blocks._READ, ingestion._PIECE = (length,), 1 + length // 10, length
    reading = _Recorded()
    try:
        for _ in reading.read_export(path, name):
            pass
    finally:
        blocks.pieces.__defaults__, blocks._READ, ingestion._PIECE = (_LINES,), _READ, _PIECE
        blocks.ranges.__kwdefaults__ = {"length": _RANGE}
        blocks.decoded.__kwdefaults__ = {"length": _BLOCK}
    return outcome(reading.recorded)


class _Recorded(ingestion.Ingestion):
    """Keeps what the ledger would take."""

    def __init__(self) -> None:
        self.recorded: list[tuple[Columns, News]] = []
        self._reader = READER
        self._buffer = _BUFFER
        self._ranges = RangeReading(READER, lambda: READER, _BUFFER, 0)

    def read_export(self, path: Path, name: Format) -> Iterator[News]:
        """One export."""
        return self._file(path, name, 0)

    def _take(self, columns: Columns, news: News) -> News:
        self.recorded.append((columns, news))
        return news


def outcome(those: list[tuple[Columns, News]]) -> tuple[object, ...]:
    """All that must be the same: what a ledger would hold, and what is passed on."""
    first: dict[object, int] = {}
    examples: dict[object, tuple[int, str]] = {}
    sums = [0, 0, 0, 0]
    sentinels, others = [], set()
    for found, news in those:
        for request, message, route, status, deployment, at in found.numbers().T.tolist():
            row = (
                found.ids[request],
                found.messages[message - 1] if message else None,
                found.routes[route],
                status,
                found.deployments[deployment],
            )
            first[row] = min(at, first.get(row, at))
        for meaning, example in zip(found.messages, found.examples, strict=True):
            examples[meaning] = min(examples.get(meaning, example), example)
        more = (found.rows, news.malformed, found.inbox_error_lines, found.truncated_unknown)
        sums = [one + another for one, another in zip(sums, more, strict=True)]
        sentinels += found.sentinels
        others |= found.other_environments
    return first, examples, sums, sentinels, others
