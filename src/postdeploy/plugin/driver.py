"""The browser's driver, started while the rest of the run is loaded: it needs 0.3 s, in which this process would only wait."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
import threading
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Playwright, sync_playwright

DRIVER: pytest.StashKey[Playwright] = pytest.StashKey()
"""There until a check takes it."""


def start_while_loading(config: pytest.Config, load: Callable[[], None]) -> None:
    """Start the driver while `load` runs in a thread, and wait for both. If it does not start, the checks try again."""
    loading = threading.Thread(target=load, name="loading")
    loading.start()
    with contextlib.suppress(Exception):
        config.stash[DRIVER] = _started()
        config.add_cleanup(lambda: _stop(config))
    loading.join()


def take(config: pytest.Config) -> Playwright:
    """The driver that was started, or one that is started now; who takes it stops it."""
    started = config.stash.get(DRIVER, None)
    if started is None:
        return _started()
    del config.stash[DRIVER]
    return started


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
