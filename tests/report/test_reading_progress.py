"""How far the reading of a large log is: a line that is rewritten in a terminal, else one every 10 s; nothing where it is quick."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest
from typer.testing import CliRunner

from postdeploy.analysis.ingestion import Ingestion
from postdeploy.analysis.saved_logs import LogQuery, examine
from postdeploy.cli.main import app
from postdeploy.logs.files import open_source
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.progress import shown
from postdeploy.logs.protocol import News, Source
from postdeploy.record import baselines
from postdeploy.report import reading_progress
from postdeploy.report.reading_progress import ReadingProgress
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import TODAY, drain_lines, export_lines, healthy, rows

RUNBOOK = read_runbook()
CLEAR = "\r\x1b[2K"
PIECES = 5


class Terminal(io.StringIO):
    """A terminal, as far as anyone can tell."""

    def isatty(self) -> bool:
        return True


def ticking(seconds: float) -> Callable[[], float]:
    """A clock that is so much later each time."""
    times = count()
    return lambda: next(times) * seconds


def drain(file: Path) -> Path:
    """So long that it is read in five pieces."""
    short = drain_lines(rows(healthy(50)))
    content = short.replace(b'{"id"', b'{"more": "' + b"x" * 50_000 + b'", "id"')
    assert (PIECES - 1) << 20 < len(content) < PIECES << 20
    file.write_bytes(content)
    return file


def written(source: Source, file: io.StringIO, seconds: float) -> list[str]:
    """What is written while a source is read by a clock that is so much later at each of its news."""
    progress = ReadingProgress(file, clock=ticking(seconds))
    for _ in shown(progress, source, Ingestion(RUNBOOK, TODAY, 0).read(source)):
        pass
    return file.getvalue().splitlines() if not file.isatty() else file.getvalue().split(CLEAR)


def test_a_pipeline_gets_a_line_every_10_seconds(tmp_path: Path) -> None:
    """Each piece is two news, its bytes and its rows: a piece takes 12 s by this clock."""
    file = drain(tmp_path / "drain.ndjson")
    lines = written(open_source(str(file)), io.StringIO(), 6)
    first, *_, last = lines
    assert len(lines) == PIECES - 1
    assert first.startswith(f"reading {file}: ")
    assert first.endswith(" rows, 1 of 5 MB, 0 MB/s, 46 s left")
    assert " rows, 4 of 5 MB, 0 MB/s, " in last
    counted = [int(line.split(": ")[1].split(" rows")[0].replace(",", "")) for line in lines]
    assert counted == sorted(set(counted))


def test_a_terminal_gets_one_line_that_is_gone_in_the_end(tmp_path: Path) -> None:
    before, *states, after = written(open_source(str(drain(tmp_path / "drain.ndjson"))), Terminal(), 1)
    assert (before, after) == ("", "")
    assert len(states) > PIECES
    assert all(len(state) < 80 for state in states)
    assert all(state.startswith("reading ") for state in states)


@pytest.mark.parametrize("file", [io.StringIO(), Terminal()], ids=["pipeline", "terminal"])
def test_a_short_reading_is_not_mentioned(tmp_path: Path, file: io.StringIO) -> None:
    written(open_source(str(drain(tmp_path / "drain.ndjson"))), file, 0.1)
    assert file.getvalue() == ""


def test_an_export_that_is_read_by_the_block_counts_its_rows(tmp_path: Path) -> None:
    lines = export_lines(rows(healthy(40)))
    many = (20 << 20) // len(lines)
    (tmp_path / "export").write_bytes(lines * many)
    first, second = written(open_source(str(tmp_path / "export")), io.StringIO(), 10)
    assert " rows, 8 of 21 MB, 1 MB/s, " in first
    assert " rows, 17 of 21 MB, 1 MB/s, " in second


def test_of_what_is_compressed_the_bytes_count_that_are_kept(tmp_path: Path) -> None:
    one = gzip.compress(drain(tmp_path / "drain").read_bytes())
    (tmp_path / "drain.gz").write_bytes(one + bytes(3 << 20))  # padding between members is allowed
    lines = written(open_source(str(tmp_path / "drain.gz")), io.StringIO(), 10)
    assert " of 3 MB, " in lines[0]


def test_of_a_pipe_it_is_not_known_how_much_is_left(tmp_path: Path) -> None:
    content = drain(tmp_path / "drain").read_bytes()
    ours, theirs = os.pipe()
    writing = threading.Thread(target=_write, args=(theirs, content))
    writing.start()
    lines = written(PipeSource("stdin", ours), io.StringIO(), 6)
    writing.join()
    os.close(ours)
    assert lines
    assert all(line.startswith("reading stdin: ") and line.endswith(" MB/s") for line in lines)


def _write(end: int, content: bytes) -> None:
    with os.fdopen(end, "wb") as file:
        file.write(content)


def test_nothing_is_written_while_nobody_waits(tmp_path: Path) -> None:
    file, waits = io.StringIO(), iter([False, True])
    progress = ReadingProgress(file, clock=ticking(20), begins="\n", shows=lambda: next(waits, False))
    progress.begin(open_source(str(drain(tmp_path / "drain"))))
    for each in (News(read=100), News(read=100), News(read=100)):
        progress.note(each)
    assert file.getvalue().startswith("\nreading ")
    assert file.getvalue().count("\n") == 2


def test_a_log_that_is_followed_is_silent_once_all_was_read(tmp_path: Path) -> None:
    source, file = open_source(str(drain(tmp_path / "drain"))), Terminal()
    progress = ReadingProgress(file, clock=ticking(20))
    progress.begin(source)
    progress.note(News(read=1 << 20))
    progress.note(News(read=5 << 20))
    said = file.getvalue()
    assert said.endswith(CLEAR)
    progress.note(News(read=100))
    assert file.getvalue() == said


def test_a_name_that_could_move_the_cursor_does_not(tmp_path: Path) -> None:
    found = written(open_source(str(drain(tmp_path / "a\x1b[2Jb"))), io.StringIO(), 6)
    assert "\x1b" not in "".join(found)


def test_what_is_redacted_elsewhere_is_here(tmp_path: Path) -> None:
    file = io.StringIO()
    progress = ReadingProgress(file, lambda text: text.replace("hunter2", "***"), clock=ticking(20))
    progress.begin(open_source(str(drain(tmp_path / "hunter2"))))
    progress.note(News(read=100))
    assert "hunter2" not in file.getvalue()
    assert "***" in file.getvalue()


class Closed(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_where_it_can_not_be_written_the_reading_goes_on(tmp_path: Path) -> None:
    progress = ReadingProgress(Closed(), clock=ticking(20))
    query = LogQuery(progress=progress)
    assert examine([str(drain(tmp_path / "drain"))], query, RUNBOOK, TODAY).totals.requests > 30


def test_a_baseline_shows_it_too(tmp_path: Path) -> None:
    file = io.StringIO()
    baselines.from_file(str(drain(tmp_path / "drain")), RUNBOOK, ReadingProgress(file, clock=ticking(6)))
    assert file.getvalue().count("\n") == PIECES - 1


def test_json_stands_alone_on_standard_output(tmp_path: Path, at_once: None) -> None:
    files = [str(drain(tmp_path / each)) for each in ("now", "before")]
    result = CliRunner().invoke(app, ["logs", files[0], "--baseline", files[1], "--json"])
    assert json.loads(result.stdout)["totals"]["requests"] > 30
    for each in files:
        assert f"reading {each}: " in result.stderr


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_progress, "LINE_EVERY", 0)
