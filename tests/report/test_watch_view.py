"""The screen of a watch: what it says at any size, in any terminal, and its line in a pipeline's log."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TextIO

import pyte
import pytest

from bench.watch_views import DEPLOYMENT, URL, incident, quiet, troubled
from postdeploy.analysis.log_report import LogReport, LogTotals
from postdeploy.model import Stage
from postdeploy.report.watch_screen import WatchScreen
from postdeploy.report.watch_view import WatchView, one_line, screen


class Emulator:
    """A terminal that keeps what it shows, and what it is sent."""

    def __init__(self, ours: int, theirs: int) -> None:
        self._ours, self._theirs = ours, theirs
        self.sent = b""
        self._screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self.resize(80, 24)
        self._reader.start()

    def resize(self, columns: int, lines: int) -> None:
        fcntl.ioctl(self._theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        self._screen.resize(lines, columns)

    def _read(self) -> None:
        with suppress(OSError):
            while piece := os.read(self._ours, 65536):
                self.sent += piece
                self._stream.feed(piece)

    def end(self) -> list[str]:
        """What stands there, after all was sent."""
        os.close(self._theirs)
        self._reader.join(5)
        return [line.rstrip() for line in self._screen.display]


@contextmanager
def terminal(**environ: str) -> Iterator[tuple[TextIO, Emulator]]:
    ours, theirs = os.openpty()
    emulator = Emulator(ours, theirs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TERM", "xterm-256color")
        for name in ("COLUMNS", "LINES", "NO_COLOR"):
            patch.delenv(name, raising=False)
        for name, value in environ.items():
            patch.setenv(name, value)
        with os.fdopen(os.dup(theirs), "w", encoding="utf-8") as file:
            yield file, emulator
    with suppress(OSError):
        os.close(ours)


def shown(view: WatchView, size: tuple[int, int] = (80, 24), **environ: str) -> tuple[list[str], bytes]:
    with terminal(**environ) as (file, emulator):
        emulator.resize(*size)
        covering = WatchScreen(file)
        covering.enter()
        covering.show(view)
        file.close()
        return emulator.end(), emulator.sent


def test_one_screen_says_it_all() -> None:
    lines, _ = shown(troubled())
    text = "\n".join(lines)
    for part in (
        f"postdeploy watch  {DEPLOYMENT}  {URL}",
        "24:00 left of 60:00",
        "a journey failed: it is repeated once before it counts",
        "1404 requests, 3 unique Server Action errors (3 allowed)",
        "NEW     14  POST /  TypeError",
        "known    9  POST /  Failed to find Server Action",
        "6 of 7 journeys passed, the last FAILED: the list fails, 1 gaps",
        "journey (the repeat) in 0:21",
        "availability at least",
    ):
        assert part in text, text
    assert any("▁" in line or "█" in line for line in lines)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 18), (40, 12), (20, 6), (8, 3), (1, 1)], ids=str)
@pytest.mark.parametrize("view", [quiet(), troubled(), quiet(log=None, left=None, inbox=None, slo=())], ids=range(3))
def test_it_fits_every_size(view: WatchView, size: tuple[int, int]) -> None:
    width, height = size
    lines = screen(view, width, height)
    assert len(lines) <= height
    assert max(line.cell_len for line in lines) <= width
    assert not any("\n" in line.plain for line in lines)


def test_a_terminal_that_is_resized_is_drawn_anew_without_remains() -> None:
    with terminal() as (file, emulator):
        covering = WatchScreen(file)
        covering.enter()
        covering.show(troubled())
        for size in ((60, 18), (100, 30), (80, 24)):
            file.flush()
            emulator.resize(*size)
            covering.show(troubled())
        file.close()
        resized = emulator.end()
    assert resized == shown(troubled())[0]


def test_a_terminal_that_was_given_no_size_is_a_usual_one() -> None:
    with terminal() as (file, emulator):
        emulator.resize(80, 24)
        fcntl.ioctl(file.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
        covering = WatchScreen(file)
        covering.enter()
        covering.show(quiet())
        file.close()
        assert emulator.end() == shown(quiet())[0]


def test_afterwards_the_terminal_is_as_it_was() -> None:
    with terminal() as (file, emulator):
        covering = WatchScreen(file)
        covering.enter()
        covering.show(quiet())
        covering.leave()
        covering.show(quiet())  # draws nothing
        file.close()
        emulator.end()
    entered, left = emulator.sent.index(b"\x1b[?1049h"), emulator.sent.index(b"\x1b[?1049l")
    assert entered < left
    assert emulator.sent.rindex(b"\x1b[?25h") > emulator.sent.rindex(b"\x1b[?25l")  # the cursor is there
    assert DEPLOYMENT.encode() not in emulator.sent[left:]


def test_without_colour_it_says_the_same() -> None:
    plain, sent = shown(troubled(), NO_COLOR="1")
    coloured, with_colours = shown(troubled())
    assert plain == coloured
    assert b"\x1b[31m" in with_colours
    assert b"\x1b[31m" not in sent


def test_the_threshold_is_drawn_and_said() -> None:
    over = replace(troubled(), log=LogReport(stage=Stage.WINDOW, says="", totals=LogTotals(unique=4)))
    assert "■■■■" in "\n".join(line.plain for line in screen(over, 80, 24))
    assert "OVER THE THRESHOLD" in "\n".join(line.plain for line in screen(over, 80, 24))
    assert "□□□" in "\n".join(line.plain for line in screen(quiet(), 80, 24))


def test_more_incidents_than_fit_are_counted() -> None:
    many = tuple(incident(each, f"error {each}", new=True) for each in range(30))
    view = quiet(log=LogReport(stage=Stage.WINDOW, says="", incidents=many))
    text = "\n".join(line.plain for line in screen(view, 80, 24))
    assert "more" in text
    assert "next" in text


def test_an_encoding_without_blocks_gets_ascii() -> None:
    text = "".join(line.plain for line in screen(quiet(), 80, 24, ascii_only=True))
    assert text.isascii(), text


def test_a_pipeline_reads_one_line() -> None:
    assert one_line(quiet()) == (
        "watching: 49:00 left of 60:00, 325 requests, 0 unique Server Action errors (3 allowed), 3 of 3 journeys passed,"
        " the last took 1.8 s; no failure; PASS is only given at the end"
    )
    assert "log" not in one_line(quiet(reads_log=False))
