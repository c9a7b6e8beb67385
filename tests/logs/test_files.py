"""Logs from files and pipes: what is read, what is followed, and what is reported."""

from __future__ import annotations

import gzip
import os
import threading
import time
from pathlib import Path

import pytest

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.files import FileSource, open_source
from postdeploy.logs.pipe import PipeSource
from postdeploy.logs.protocol import News, Shows, Source
from postdeploy.model import UsageError
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import command_line_64, drain_lines, export_csv, export_json

ROWS = [LogEntry(at=1000 + at, message=f"row {at}", status=200, source="function") for at in range(5)]


def read(source: Source, since: int = 0) -> list[News]:
    return list(source.read(since, lambda: True))


def messages(news: list[News]) -> list[str]:
    return [entry.message for one in news for entry in one.entries]


def test_a_file_is_read_to_its_end_though_all_is_done(tmp_path: Path) -> None:
    file = tmp_path / "anything"
    file.write_bytes(export_json(ROWS))
    assert messages(read(open_source(str(file)))) == [one.message for one in ROWS]


def test_what_was_before_is_left_out(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(export_csv(ROWS))
    assert messages(read(open_source(str(file)), since=1003)) == ["row 3", "row 4"]


def test_a_source_knows_what_it_shows_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(export_csv(ROWS))
    assert Shows.STATUS | Shows.HISTORY in open_source(str(file)).shows


def test_a_pattern_names_many_files_of_any_format(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(export_json(ROWS[:2]))
    (tmp_path / "b.json").write_bytes(gzip.compress(drain_lines(ROWS[2:])))
    (tmp_path / "c.json.d").mkdir()
    assert messages(read(open_source(f"{tmp_path}/*.json*"))) == [one.message for one in ROWS]


def test_log_lines_and_requests_of_cli_64_complete_each_other(tmp_path: Path) -> None:
    (tmp_path / "logs").write_bytes(command_line_64(ROWS))
    (tmp_path / "requests").write_bytes(command_line_64(ROWS).replace(b'"type": "log"', b'"type": "request"'))
    assert Shows.STATUS | Shows.MESSAGES in open_source(f"{tmp_path}/*").shows


def test_a_drain_is_followed_while_it_grows(tmp_path: Path) -> None:
    file = tmp_path / "drain"
    content = drain_lines(ROWS)
    cut = len(content) // 2
    file.write_bytes(content[:cut])
    over = threading.Event()

    def append() -> None:
        time.sleep(0.3)
        with file.open("ab") as more:
            more.write(content[cut:])
        time.sleep(0.6)
        over.set()

    writer = threading.Thread(target=append)
    writer.start()
    found = list(open_source(str(file)).read(0, over.is_set))
    writer.join()
    assert messages(found) == [one.message for one in ROWS]
    assert sum(one.malformed for one in found) == 0


@pytest.mark.parametrize("content", [export_json(ROWS), gzip.compress(drain_lines(ROWS))], ids=["export", "gzip"])
def test_what_can_not_grow_is_not_waited_for(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    assert len(messages(list(open_source(str(file)).read(0, lambda: False)))) == len(ROWS)


def test_a_file_that_is_replaced_while_it_is_followed_is_a_gap(tmp_path: Path) -> None:
    file = tmp_path / "drain"
    file.write_bytes(drain_lines(ROWS))
    reading = FileSource("drain", (file,)).read(0, lambda: False)
    while not messages([next(reading)]):
        pass
    file.write_bytes(b"")
    assert any(one.gap and "shorter" in one.gap.why for one in reading)


def test_a_pipe_is_read_until_it_ends() -> None:
    there, here = os.pipe()
    source = PipeSource("stdin", there)
    before = source.shows
    os.write(here, drain_lines(ROWS))
    os.close(here)
    assert len(messages(list(source.read(0, lambda: False)))) == len(ROWS)
    assert (before, Shows.STATUS in source.shows) == (Shows.NOTHING, True)


def test_a_pipe_that_is_silent_gives_empty_news() -> None:
    there, here = os.pipe()
    reading = PipeSource("stdin", there).read(0, lambda: False)
    assert next(reading) == News()
    os.close(here)


def test_a_pipe_that_holds_no_log_is_a_gap_with_its_reason() -> None:
    there, here = os.pipe()
    os.write(here, b"<html>")
    os.close(here)
    [gap] = [one.gap for one in PipeSource("stdin", there).read(0, lambda: False) if one.gap]
    assert "web page" in gap.why


@pytest.mark.parametrize(
    ("spec", "says"),
    [
        ("nothing.json", "there is no file"),
        ("vercell", "in a run: vercel"),
        (".", "is a directory"),
        ("*.nothing", "no file matches"),
        ("empty", "is empty"),
        ("junk", "binary"),
        ("~nobody-of-this-name/log", "home of a user that this machine does not know"),
        ("https://[secret/x", "https address can't be read"),
        ("s3://[secret", "s3 address can't be read"),
        ("clickhouse://[secret", "clickhouse address can't be read"),
        ("spark://[secret", "spark address can't be read"),
    ],
)
def test_what_can_not_be_used_is_said_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spec: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").touch()
    (tmp_path / "junk").write_bytes(bytes(range(256)) * 4)
    with pytest.raises(UsageError, match=f"(?s)^logs: .*{says}") as raised:
        open_source(spec, runbook=read_runbook())
    assert "secret" not in str(raised.value)
