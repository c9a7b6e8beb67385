"""Shows how far the reading of large logs is: in a terminal by one line that is rewritten, in a pipeline by a line every 10 s."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TextIO

from postdeploy.logs.progress import AmountRead
from postdeploy.logs.protocol import News, Source

LINE_EVERY = 10.0
"""Seconds before the first line where none can be rewritten, and between two."""
SHOWN_FROM, REWRITTEN_EVERY = 2.0, 0.2
"""Seconds before the line of a terminal appears, and between two of its states."""
_CLEAR = "\r\x1b[2K"
_USUAL_WIDTH = 80


class ReadingProgress:
    """In one file. What is read within two seconds is not mentioned."""

    def __init__(
        self,
        file: TextIO,
        redact: Callable[[str], str] = str,
        *,
        clock: Callable[[], float] = time.monotonic,
        begins: str = "",
        shows: Callable[[], bool] = lambda: True,
    ) -> None:
        """`begins`: what is written once before the first line, where another has begun one. `shows`: whether it may write now."""
        self._file, self._redact, self._clock = file, redact, clock
        self._begins, self._shows = begins, shows
        self._rewrites = _is_terminal(file)
        self._amount: AmountRead | None = None
        self._began = self._wrote = 0.0
        self._is_there = False

    def begin(self, source: Source) -> None:
        """From now on this source is read."""
        self._amount, self._began = AmountRead(source), self._clock()
        self._wrote = self._began + (SHOWN_FROM - REWRITTEN_EVERY if self._rewrites else 0)

    def note(self, news: News) -> None:
        """What has come."""
        amount, now = self._amount, self._clock()
        if amount is None:
            return
        amount.add(news)
        if not amount.is_under_way:
            self._clear()
        elif now - self._wrote >= (REWRITTEN_EVERY if self._rewrites else LINE_EVERY) and self._shows():
            self._write(self._redact(amount.sentence(now - self._began)))
            self._wrote = now

    def end(self) -> None:
        """It is read: the terminal is as it was."""
        self._clear()
        self._amount = None

    def _write(self, sentence: str) -> None:
        begins, self._begins = self._begins, ""
        if self._rewrites:
            self._put(f"{begins}{_CLEAR}{sentence[: _width(self._file) - 1]}")
            self._is_there = True
        else:
            self._put(f"{begins}{sentence}\n")

    def _clear(self) -> None:
        if self._is_there:
            self._is_there = False
            self._put(_CLEAR)

    def _put(self, text: str) -> None:
        with suppress(OSError, ValueError):  # it decides nothing: what can't be shown is dropped
            self._file.write(text)
            self._file.flush()


def _is_terminal(file: TextIO) -> bool:
    """Whether it shows a line that is rewritten."""
    with suppress(OSError, ValueError):
        return file.isatty() and os.environ.get("TERM") != "dumb"
    return False


def _width(file: TextIO) -> int:
    with suppress(OSError, ValueError):
        return os.get_terminal_size(file.fileno()).columns or _USUAL_WIDTH
    return _USUAL_WIDTH
