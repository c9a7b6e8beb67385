"""Reading a log by the block gives the same as reading it row by row, whatever it holds."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from postdeploy.analysis import ingestion, range_reading, structured_lines
from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.request_kinds import PRODUCTION
from postdeploy.analysis.signal_reader import SignalReader
from postdeploy.logs import blocks, pipe
from postdeploy.logs.attribution import identified
from postdeploy.logs.entry import LogEntry, label
from postdeploy.logs.files import FileSource, open_source
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.protocol import News, Shows, Source
from postdeploy.logs.sentinel import REFUSED, answered
from postdeploy.model import UsageError
from postdeploy.runbook.log_tables import OwnSignal
from postdeploy.runbook.reading import read_runbook
from tests.analysis import plain
from tests.logs.rows import (
    ENTRIES,
    EXPORTS,
    RECORDS,
    REWRITTEN,
    Writer,
    drain_array,
    drain_batches,
    drain_lines,
    export_csv,
    export_json,
    export_lines,
)
from tests.properties import tried

RUNBOOK = read_runbook()
TODAY = dt.date(2026, 11, 25)
SENTINEL = "/api/inbox/conversations/70d3b107-0001-8abc-9def-0199b1b1b1b1"


def contents(ledger: Ledger) -> tuple[Any, ...]:
    """What a ledger holds, without the numbers by which it happens to name things."""
    ledger._compact()
    rows = [
        (
            int(row["request"]),
            ledger.messages[row["message"]],
            ledger.routes[row["route"]],
            int(row["status"]),
            ledger.deployments[row["deployment"]],
            int(row["at"]),
        )
        for row in ledger._compacted
    ]
    examples = {ledger.messages[number]: example for number, example in ledger._examples.items()}
    return sorted(rows, key=repr), examples, ledger.rows


def one_by_one(source: FileSource, since: int) -> tuple[Any, ...]:
    """The reference: every row read by itself."""
    ledger, reader = Ledger(), SignalReader(RUNBOOK, TODAY)
    sentinels, other_environments = [], set()
    shows = source.shows
    has_ids = Shows.REQUEST_ID in shows
    given_news = list(source.read(since, lambda: True))
    entries = [entry for news in given_news for entry in news.entries]
    in_use = [one for one in entries if not answered(one) and one.environment in PRODUCTION]
    named = [one for one in entries if one not in in_use or one.request_id or not one.path]
    entries = (
        [*named, *identified(one for one in in_use if one.path and not one.request_id)]
        if has_ids
        else identified(entries)
    )
    left_out = plain.sentinels(entries, shows, SignalReader(RUNBOOK, TODAY))
    refused = {one.request_id or one.path for one in left_out if one.status == REFUSED}
    others = [one for one in entries if answered(one) and one not in left_out]
    for entry in [*(one for one in entries if not answered(one)), *left_out, *identified(others)]:
        if entry in left_out:
            if entry.status == REFUSED or (entry.request_id or entry.path) not in refused:
                sentinels += [entry] * entries.count(entry)
        elif entry.environment not in PRODUCTION:
            other_environments.add(label(str(entry.environment)))
        else:
            ledger.add(entry, reader.read(entry))
    return (
        contents(ledger),
        sum(one.malformed for one in given_news),
        sorted(sentinels, key=repr),
        other_environments,
        reader.inbox_error_lines,
        reader.truncated_unknown,
    )


@contextmanager
def as_pipe(file: Path) -> Iterator[PipeSource]:
    """The same bytes as if they were piped in."""
    descriptor = os.open(file, os.O_RDONLY)
    try:
        yield PipeSource("export", descriptor)
    finally:
        os.close(descriptor)


def by_the_block(source: Source, since: int, processes: int = 0) -> tuple[Any, ...]:
    reading = Ingestion(RUNBOOK, TODAY, processes)
    given_news = list(reading.read(source, since))
    return (
        contents(reading.ledger),
        sum(one.malformed for one in given_news),
        sorted((entry for one in given_news for entry in one.entries), key=repr),
        reading.other_environments,
        reading.inbox_error_lines,
        reading.truncated_unknown,
    )


@pytest.fixture(scope="module")
def small_ranges() -> Any:
    """Ranges and blocks of some rows, so that little files have many."""
    patch = pytest.MonkeyPatch()

    def set_lengths(length: int) -> None:
        patch.setattr(blocks.ranges, "__kwdefaults__", {"length": length})
        patch.setattr(blocks.pieces, "__defaults__", (length,))
        patch.setattr(ingestion, "_PIECE", length)
        patch.setattr(blocks, "_READ", max(1, length // 10))
        patch.setattr(pipe, "_PIECE", max(1, length // 7))
        patch.setattr(pipe, "_SHOWN_EVERY", -1.0 if length % 2 else 1.0)
        patch.setattr(blocks.decoded, "__kwdefaults__", {"length": max(1, length // 3)})

    yield set_lengths
    patch.undo()


MESSAGES = st.one_of(
    st.just(""),
    st.sampled_from(
        [
            "\N{VECTOR OR CROSS PRODUCT} Error: P1001\n    at x (1)\n digest: '1'",
            " \N{VECTOR OR CROSS PRODUCT} Error: P1001\n    at y (2)\n digest: '2'",
            "AuthApiError: Invalid Refresh Token",
            "counts loaded\n open: 3",
            'a list [{"a":1},{"b":2}],',
            '},{"b',
        ]
    ),
    st.text(st.characters(codec="utf-8"), max_size=12),
)


@st.composite
def exports(draw: st.DrawFn) -> list[LogEntry]:
    rows = draw(ENTRIES)
    return [
        msgspec.structs.replace(
            one,
            message=draw(MESSAGES),
            level=draw(st.sampled_from(["", "error", "warning", "info", "debug", "Error", "fatal"])),
            path=draw(
                st.sampled_from(["/", "/inbox", "/api/inbox/counts", "/api/x/17", "/a//b", "/icon.png", "", SENTINEL])
            ),
            request_id=draw(st.sampled_from([None, "a-1-1", "a-1-2", "iad1::a-1-1", "iad1::"])),
        )
        for one in rows
        for _ in range(draw(st.integers(1, 3)))
    ]


def test_a_rewritten_table_is_read_by_the_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_ranges: Callable[[int], None]
) -> None:
    rows = [LogEntry(at=1000 + at, path="/x", status=200, request_id=f"a-{at}-1") for at in range(2000)]
    for write in REWRITTEN[:5]:
        file = tmp_path / write.__name__
        file.write_bytes(write(rows))
        small_ranges(20_000)
        reading = Ingestion(RUNBOOK, TODAY)
        monkeypatch.setattr(reading, "_row_by_row", counted := Counted(reading._row_by_row))
        list(reading.read(FileSource("export", (file,))))
        assert reading.ledger.rows == len(rows)
        assert counted.rows < len(rows) / 5, "the first piece holds the header"


INSERTED = (b"", b'"', b",", b"\r", b"{", b"}", b"\\", b"\n", b"},{", b"\xff", b"\\ud83d", b"\x1f\x8b", b"[", b"null")


def cut_off(text: bytes) -> bytes:
    """Compressed, without its end."""
    return gzip.compress(text)[:-9]


@tried(300)
@given(
    rows=exports(),
    write=st.sampled_from([*EXPORTS, *REWRITTEN, *RECORDS, drain_lines, drain_batches]),
    length=st.integers(40, 3000),
    since=st.sampled_from([0, 1_750_000_000_000]),
    packed=st.sampled_from([bytes, gzip.compress, cut_off]),
    changes=st.lists(st.tuples(st.integers(0, 60_000), st.sampled_from(INSERTED)), max_size=3),
)
@example(
    rows=[LogEntry(at=1_700_000_000_000, message="m", path="/", status=500, source="function")],
    write=drain_batches,
    length=40,
    since=0,
    packed=cut_off,
    changes=[(-1, b'"')],
)
def test_by_the_block_is_one_by_one(
    *,
    tmp_path_factory: pytest.TempPathFactory,
    small_ranges: Callable[[int], None],
    rows: list[LogEntry],
    write: Writer,
    length: int,
    since: int,
    packed: Callable[[bytes], bytes],
    changes: list[tuple[int, bytes]],
) -> None:
    content = bytearray(write(rows))
    for at, inserted in changes:
        place = at % len(content)
        content[place : place + 1] = inserted
    file = tmp_path_factory.getbasetemp() / "export"
    file.write_bytes(packed(bytes(content)))
    try:
        source = FileSource("export", (file,))
    except UsageError:
        return
    small_ranges(length)
    expected = one_by_one(source, since)
    assert by_the_block(source, since) == expected
    with as_pipe(file) as piped:
        assert by_the_block(piped, since) == expected


@pytest.mark.parametrize("write", [export_json, export_lines], ids=["array", "lines"])
@pytest.mark.parametrize("way", ["fork", "spawn"])
def test_other_processes_read_the_same(
    tmp_path: Path, write: Writer, way: str, monkeypatch: pytest.MonkeyPatch, small_ranges: Callable[[int], None]
) -> None:
    monkeypatch.setattr(range_reading, "way_to_start", lambda: way)
    rows = [
        LogEntry(
            at=1000 + at, message="P1001" * (at % 7 == 0), path=f"/{at % 5}", status=500, request_id=f"a-{at // 3}-1"
        )
        for at in range(900)
    ]
    file = tmp_path / "export"
    content = write(rows)
    file.write_bytes(content.replace(b'"timestampInMs":1500', b'"timestampInMs":'))
    small_ranges(20_000)
    source = FileSource("export", (file,))
    assert by_the_block(source, 0, processes=2) == one_by_one(source, 0)


@pytest.mark.parametrize("content", [drain_array, lambda rows: gzip.compress(drain_array(rows))])
def test_what_can_not_be_read_by_the_block_is_read_row_by_row(tmp_path: Path, content: Writer) -> None:
    file = tmp_path / "file"
    file.write_bytes(content([LogEntry(at=1, status=500, method="POST", path="/", source="function")]))
    reading = Ingestion(RUNBOOK, TODAY)
    list(reading.read(open_source(str(file))))
    assert reading.ledger.tally().actions == 1


@pytest.mark.parametrize("write", [*EXPORTS, drain_lines, drain_batches])
@pytest.mark.parametrize("end", [b'"', b"}", b'x",', b'{"', b"]"])
def test_what_is_cut_off_is_decided_to_its_end(
    tmp_path: Path, write: Writer, end: bytes, small_ranges: Callable[[int], None]
) -> None:
    """In whatever pieces it came: the last row may end where they do, or go on."""
    file = tmp_path / "file"
    for long in range(12):
        one = LogEntry(at=1, message="m" * long, path="/", status=500, request_id="a-1-1", source="function")
        file.write_bytes(cut_off(write([one] * 3).rstrip()[: -1 if end == b"]" else None] + end))
        source = FileSource("file", (file,))
        for length in (40, 64, 300):
            small_ranges(length)
            expected = one_by_one(source, 0)
            assert by_the_block(source, 0) == expected
            with as_pipe(file) as piped:
                assert by_the_block(piped, 0) == expected


def test_a_table_whose_quotes_stand_within_cells_is_cut_as_row_by_row(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(
        export_csv([LogEntry(at=at, path="/x", request_id=f"a-{at}-1") for at in (1, 2, 3, 4)]).replace(b"/x", b'/"x')
    )
    source = FileSource("export", (file,))
    assert by_the_block(source, 0) == one_by_one(source, 0)


def test_what_a_drain_delivers_again_is_read_once(tmp_path: Path, small_ranges: Callable[[int], None]) -> None:
    file = tmp_path / "drain"
    rows = [LogEntry(at=at, path="/x", request_id=f"a-{at}-1") for at in range(40)]
    file.write_bytes(drain_lines(rows) + b"no row\n" + drain_lines(rows) + drain_lines(rows[:9]))
    source = FileSource("drain", (file,))
    for length in (1, 400, 4000, 40_000):
        small_ranges(length)
        assert by_the_block(source, 0) == one_by_one(source, 0)
        assert by_the_block(source, 0)[0][2] == len(rows)


def test_a_table_may_be_cut_anywhere(tmp_path: Path, small_ranges: Callable[[int], None]) -> None:
    file = tmp_path / "export.csv"
    content = export_csv([LogEntry(at=at, path="/x", message="a\nb", request_id=f"a-{at}-1") for at in (1, 2, 3)])
    file.write_bytes(content)
    source = FileSource("export", (file,))
    expected = one_by_one(source, 0)
    for length in range(1, len(content) + 1, 3):
        small_ranges(length)
        assert by_the_block(source, 0) == expected


@pytest.mark.parametrize(
    "write", [export_json, export_lines, export_csv, drain_lines], ids=["array", "lines", "csv", "drain"]
)
def test_a_compressed_log_is_read_once_and_by_the_block(
    tmp_path: Path, write: Writer, monkeypatch: pytest.MonkeyPatch, small_ranges: Callable[[int], None]
) -> None:
    rows = [LogEntry(at=1000 + at, path=f"/{at % 5}", status=200, request_id=f"a-{at // 3}-1") for at in range(9000)]
    file = tmp_path / "export.gz"
    file.write_bytes(gzip.compress(write(rows)))
    small_ranges(20_000)
    reading = Ingestion(RUNBOOK, TODAY)
    monkeypatch.setattr(reading, "_row_by_row", counted := Counted(reading._row_by_row))
    given_news = list(reading.read(FileSource("export", (file,))))
    assert reading.ledger.rows == sum(one.rows for one in given_news) == len(rows)
    assert sum(one.read for one in given_news) == file.stat().st_size
    assert counted.rows < len(rows) / 5, "the first piece of a table holds its header"


class Counted:
    """Counts the rows that are read one by one."""

    def __init__(self, read: Callable[[Iterable[News], int], Iterator[News]]) -> None:
        self._read = read
        self.rows = 0

    def __call__(self, given: Iterable[News], since: int) -> Iterator[News]:
        given = [*given]
        self.rows += sum(len(one.entries) for one in given)
        return self._read(given, since)


def test_processes_that_die_are_replaced_by_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_ranges: Callable[[int], None]
) -> None:
    file = tmp_path / "export"
    file.write_bytes(export_lines([LogEntry(at=at, request_id=f"a-{at}-1", source="function") for at in range(300)]))
    small_ranges(3000)
    monkeypatch.setattr(range_reading, "start_process", _die)
    source = FileSource("export", (file,))
    assert by_the_block(source, 0, processes=2) == one_by_one(source, 0)


def _die(*_: object) -> None:
    raise SystemExit


@given(st.lists(MESSAGES, max_size=40))
def test_messages_match_together_as_they_match_alone(messages: list[str]) -> None:
    reader = SignalReader(RUNBOOK, TODAY)
    alone = [at for at, one in enumerate(messages) if reader.patterns.decide(one) or structured_lines.is_error(one)]
    assert reader.meaningful(messages) == alone


@pytest.mark.parametrize(
    "pattern", [r"^tail$", r"\Atail", r"(?-m:^tail$)", r"\btail\b", r"(?i)TAIL$", r"(^|x)tail", r"\Btail\B"]
)
def test_a_pattern_may_be_anchored_to_the_ends_of_the_text(pattern: str) -> None:
    own = msgspec.json.decode(json.dumps({"name": "own", "pattern": pattern, "says": "x"}), type=OwnSignal)
    reader = SignalReader(msgspec.structs.replace(RUNBOOK, signal=(own,)), TODAY)
    messages = ["tail", "a\ntail", "tail\nb", "xtailx", "x", "tail ", " tail"] * 3
    assert reader.meaningful(messages) == [
        at for at, one in enumerate(messages) if reader.patterns._set.Match(one.encode())
    ]
