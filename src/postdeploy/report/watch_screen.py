"""The screen of a watch on a terminal: a screen of its own, as editors have, so that what was printed before stays as it was."""

from __future__ import annotations

import os
from typing import TextIO

from rich.console import Console, Group
from rich.live import Live

from postdeploy.report.watch_view import WatchView, screen

_USUAL = (80, 24)


class WatchScreen:
    """Draws one view after the other, at the size that the terminal has then."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._console = Console(file=file, highlight=False)
        self._ascii = not self._console.encoding.lower().startswith("utf")
        self._live: Live | None = None

    @property
    def shown(self) -> bool:
        """Whether it covers the terminal now."""
        return self._live is not None

    def enter(self) -> None:
        """Cover the terminal."""
        if self._live is None:
            self._resize()
            self._live = Live(console=self._console, auto_refresh=False, screen=True)
            self._live.start()

    def leave(self) -> None:
        """Give the terminal back as it was."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def show(self, view: WatchView) -> None:
        """Draw it, unless the terminal was given back."""
        if self._live is not None:
            width, height = self._resize()
            lines = screen(view, width, height, ascii_only=self._ascii)
            self._live.update(Group(*lines), refresh=True)

    def _resize(self) -> tuple[int, int]:
        """Of this file: standard input and output may be others while a check runs."""
        try:
            size = os.get_terminal_size(self._file.fileno())
        except OSError:  # none, or it is gone
            return _USUAL
        width, height = size.columns or _USUAL[0], size.lines or _USUAL[1]  # a terminal that was given no size says 0
        self._console.size = (width, height)
        return width, height
