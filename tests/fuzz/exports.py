"""Looks for an export that reads differently by the block than row by row: `python -m tests.fuzz.exports -runs=1000000`.

Needs atheris (`pip install --group fuzz`). Options are libFuzzer's; a folder of inputs found before may follow them. The
first bytes of an input choose the sizes of ranges and blocks, the rest is the file.
"""

from __future__ import annotations

import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["postdeploy.logs", "postdeploy.analysis.ingestion", "postdeploy.analysis.columns"]
):
    from postdeploy.analysis import ingestion
    from postdeploy.logs import blocks
    from postdeploy.logs.decoding import Decoding
    from postdeploy.logs.format_reader import Format
    from postdeploy.logs.formats import UnknownFormatError

from postdeploy.analysis.columns import Columns, columns_of
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs.protocol import News
from postdeploy.runbook.reading import read_runbook

_SEEDS = Path(__file__).parent / "seeds"
_SETTINGS = 2
_RUNBOOK, _TODAY = read_runbook(), dt.date(2026, 11, 25)
_READER = SignalReader(_RUNBOOK, _TODAY)
_BUFFER = blocks.Buffer()
_FILE = Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if Path("/dev/shm").is_dir() else None)) / "export"


def one(data: bytes) -> None:
    """One input."""
    if len(data) <= _SETTINGS:
        return
    content = data[_SETTINGS:]
    try:
        expected, name = row_by_row([content])
    except UnknownFormatError:
        expected, name = (), None
    if data[0] % 2 or name is not Format.EXPORT:
        length = 8 + data[1] * 4
        pieces = [content[at : at + length] for at in range(0, len(content), length)]
        try:
            found, _ = row_by_row(pieces)
        except UnknownFormatError:
            found = ()
        assert found == expected, "the rows depend on the pieces"
        return
    _FILE.write_bytes(content)
    if ingestion._is_array(_FILE) is not None:
        assert by_the_block(16 + data[1] * 8) == expected, "the rows depend on the way of reading"


def row_by_row(pieces: list[bytes]) -> tuple[tuple[object, ...], Format | None]:
    """What a stream holds, row by row, and its format."""
    decoding = Decoding("fuzz")
    news = [*(news for piece in pieces for news in decoding.feed(piece)), *decoding.end()]
    return outcome([(columns_of(each.entries, _READER), each) for each in news]), decoding.format


def by_the_block(length: int) -> tuple[object, ...]:
    """What the file holds, by the block."""
    blocks.ranges.__kwdefaults__ = {"length": length}
    blocks.decoded.__kwdefaults__ = {"length": 1 + length // 3}
    reading = _Recorded()
    for _ in reading.read_export(_FILE):
        pass
    return outcome(reading.recorded)


class _Recorded(ingestion.Ingestion):
    """Keeps what the ledger would take."""

    def __init__(self) -> None:
        self.recorded: list[tuple[Columns, News]] = []
        self._reader = _READER
        self._buffer = _BUFFER
        self._processes = 0

    def read_export(self, path: Path) -> Iterator[News]:
        """One export."""
        return self._export(path, 0)

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


def main() -> None:
    """Fuzz."""
    inputs = shutil.copytree(_SEEDS, _FILE.with_name("seeds"))  # libFuzzer keeps there what it finds
    atheris.Setup([*sys.argv, str(inputs)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
