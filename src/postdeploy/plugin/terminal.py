"""Lines for the person at the terminal, or the reader of a pipeline's log."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import pytest


class Cover(Protocol):
    """What covers the terminal."""

    def aside(self) -> AbstractContextManager[None]:
        """Within, it does not."""
        ...

    def stop(self) -> None:
        """Give the terminal back."""
        ...


class Terminal:
    """Pytest's terminal. What it is given is redacted already."""

    def __init__(self, config: pytest.Config) -> None:
        self._plugins = config.pluginmanager
        self.quiet: bool = getattr(config.option, "verbose", 0) < 0  # -p no:terminal has none
        self.screen: Cover | None = None
        """That of a watch, which makes room for lines."""

    def write(self, lines: Iterable[str], **markup: bool) -> None:
        """Write lines, each from its beginning: pytest may have begun one with its dots."""
        with self.screen.aside() if self.screen else nullcontext():
            self._write(lines, markup)

    def _write(self, lines: Iterable[str], markup: dict[str, bool]) -> None:
        reporter = self.reporter
        if not reporter:
            print(*lines, sep="\n", flush=True)  # the process may be about to end
            return
        reporter.ensure_newline()
        if reporter._tw.width_of_current_line:  # noqa: SLF001 - with -q pytest itself does not look
            reporter.write_line("")
        for line in lines:
            reporter.write_line(line, **markup)
        reporter.flush()

    @property
    def reporter(self) -> Any:
        """Pytest's own; None: it is switched off."""
        return self._plugins.get_plugin("terminalreporter")

    def uncover(self) -> None:
        """A watch's screen goes for good."""
        if self.screen:
            self.screen.stop()

    def stop_capturing(self) -> None:
        """The process is about to end in the middle of a check: what is written from now on is to be seen."""
        self.uncover()
        capture = self._plugins.get_plugin("capturemanager")
        if capture:
            capture.suspend_global_capture()

    def flush(self) -> None:
        """Let everything be seen: the process is about to end."""
        if self.reporter:
            self.reporter.flush()
