"""What saved and piped logs say, without a run: all of them is read before anything is said."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from postdeploy.analysis import saved_logs
from postdeploy.analysis.log_report import LogReport
from postdeploy.analysis.saved_logs import LogQuery
from postdeploy.logs.files import PipeSource
from postdeploy.logs.sentinel import Sentinel
from postdeploy.runbook.reading import read_runbook
from tests.logs.rows import DEPLOYED, TODAY, Sent, command_line_64, drain_lines, export_lines, healthy, rows, throws

RUNBOOK = read_runbook()


@contextmanager
def piped(pieces: Sequence[bytes], monkeypatch: pytest.MonkeyPatch, *, ends: bool = True) -> Iterator[None]:
    """What another process writes into ours, piece by piece, with a pause after each."""
    here, there = os.pipe()
    over = threading.Event()

    def write() -> None:
        for piece in pieces:
            os.write(there, piece)
            time.sleep(0.02)
        if not ends:
            over.wait()
        os.close(there)

    monkeypatch.setattr(saved_logs, "open_source", lambda spec: PipeSource(spec, here))
    writer = threading.Thread(target=write)
    writer.start()
    yield
    over.set()
    writer.join()
    os.close(here)


def proven() -> list[Sent]:
    """Sentinels all along the window."""
    times = [DEPLOYED + 30_000 * n for n in range(22)]
    names = [Sentinel(1, n, at).name for n, at in enumerate(times)]
    path = "/api/inbox/conversations"
    return [Sent(30 * n, "GET", f"{path}/{name}", 401) for n, name in enumerate(names)]


FAULTY = [*healthy(60), *proven(), *(throws(word, 60 + n) for n, word in enumerate("ABCD"))]


@pytest.mark.parametrize("newest_first", [False, True], ids=["oldest first", "newest first"])
@pytest.mark.parametrize("write", [export_lines, drain_lines, command_line_64])
def test_a_pipe_is_read_to_its_end_however_slowly_it_comes(
    write: object, newest_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = sorted(rows(FAULTY), key=lambda row: row.at, reverse=newest_first)
    content = write(log)  # type: ignore[operator]
    third = len(content) // 3
    with piped([content[:third], content[third : 2 * third], content[2 * third :]], monkeypatch):
        report = saved_logs.examine(["-"], LogQuery(), RUNBOOK, TODAY)
    assert report.fails
    assert report.totals.unique == 4


def test_a_stream_that_goes_on_is_followed_until_the_window_closes(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = iter(range(1_000_000))

    def clock() -> float:
        return DEPLOYED / 1000 + 60 * next(looks)

    with piped([export_lines(rows(FAULTY))], monkeypatch, ends=False):
        report = saved_logs.examine(["-"], LogQuery(since=DEPLOYED, follow=True), RUNBOOK, TODAY, clock)
    assert report.window.opened


def test_within_a_run_a_pipe_that_did_not_end_and_is_not_in_order_vouches_for_nothing() -> None:
    here, there = os.pipe()
    os.write(there, export_lines(sorted(rows(FAULTY), key=lambda row: -row.at))[:20_000])
    told = [one.unread for one in PipeSource("stdin", here).read(0, lambda: True) if one.unread]
    os.close(there)
    os.close(here)
    assert told == ["stdin had not ended, and its rows are not in order of time: any may still be missing"]


def test_within_a_run_a_stream_in_order_may_go_on() -> None:
    here, there = os.pipe()
    os.write(there, export_lines(sorted(rows(FAULTY), key=lambda row: row.at))[:20_000])
    assert not [one.unread for one in PipeSource("stdin", here).read(0, lambda: True) if one.unread]
    os.close(there)
    os.close(here)


def judged(sent: Sequence[Sent], monkeypatch: pytest.MonkeyPatch, **asked: object) -> LogReport:
    with piped([export_lines(rows(sent))], monkeypatch):
        return saved_logs.examine(["-"], LogQuery(**asked), RUNBOOK, TODAY)  # type: ignore[arg-type]


def test_an_empty_log_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    report = judged([], monkeypatch)
    assert not report.window.opened
    assert report.says.startswith("the log was not read")
