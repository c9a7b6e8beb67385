"""The browser's driver, started while the rest of the run is loaded: it needs 0.4 s, in which this process would only wait.

Once it is started, Playwright marks its event loop as running in this thread. Until a check needs the browser nothing runs there, and the
mark is taken away: a project's conftest.py, or another plugin, may use asyncio while it is loaded.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from playwright.sync_api import Playwright, sync_playwright


@dataclass(frozen=True, slots=True)
class Waiting:
    """A driver that no check has asked for yet."""

    playwright: Playwright
    loop: asyncio.AbstractEventLoop

    @classmethod
    def started(cls) -> Waiting:
        """A driver, started now; this thread's event loop is free."""
        waiting = cls(_started(), asyncio.get_running_loop())
        asyncio._set_running_loop(None)  # noqa: SLF001 - what asyncio gives to event loops, and Playwright is one
        return waiting

    def taken(self) -> Playwright:
        """From now on its event loop is this thread's."""
        asyncio._set_running_loop(self.loop)  # noqa: SLF001
        return self.playwright


DRIVER: pytest.StashKey[Waiting] = pytest.StashKey()
"""There until a check takes it."""


def start_while_loading(config: pytest.Config, load: Callable[[], None]) -> None:
    """Start the driver while `load` runs in a thread, and wait for both. If it does not start, the checks try again.

    Raises:
        Exception: what `load` raises.
    """
    if DRIVER in config.stash:
        load()
        return
    with ThreadPoolExecutor(1, "loading") as thread:
        loading = thread.submit(load)
        with contextlib.suppress(Exception):
            config.stash[DRIVER] = Waiting.started()
            config.add_cleanup(lambda: _stop(config))
    loading.result()


def take(config: pytest.Config) -> Playwright:
    """The driver that was started, or one that is started now; who takes it stops it."""
    waiting = config.stash.get(DRIVER, None)
    if waiting is None:
        return _started()
    del config.stash[DRIVER]
    return waiting.taken()


def _stop(config: pytest.Config) -> None:
    if DRIVER in config.stash:
        take(config).stop()


def _started() -> Playwright:
    with _standard_error_of_its_own():
        return sync_playwright().start()


@contextlib.contextmanager
def _standard_error_of_its_own() -> Iterator[None]:
    """What is started within writes into the pipe that is our standard error, too, but opened once more: Node makes its streams
    non-blocking, and with a shared one our own writes would fail as soon as the pipe is full.
    """
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            ours = sys.stderr.fileno()
            if stat.S_ISFIFO(os.fstat(ours).st_mode):
                opened = stack.enter_context(open(f"/dev/fd/{ours}", "w", encoding="utf-8"))  # noqa: PTH123 - no place
                stack.enter_context(contextlib.redirect_stderr(opened))
        yield
