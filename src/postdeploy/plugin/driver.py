"""The browser's driver, started while the rest of the run is loaded: it needs 0.3 s, in which this process would only wait."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

import pytest
from playwright.sync_api import Playwright, sync_playwright

DRIVER: pytest.StashKey[Playwright] = pytest.StashKey()
"""There until a check takes it."""


def start_while_loading(config: pytest.Config, load: Callable[[], None]) -> None:
    """Start the driver while `load` runs in a thread, and wait for both. If it does not start, the checks try again."""
    loading = threading.Thread(target=load, name="loading")
    loading.start()
    with contextlib.suppress(Exception):
        config.stash[DRIVER] = sync_playwright().start()
        config.add_cleanup(lambda: _stop(config))
    loading.join()


def take(config: pytest.Config) -> Playwright:
    """The driver that was started, or one that is started now; who takes it stops it."""
    started = config.stash.get(DRIVER, None)
    if started is None:
        return sync_playwright().start()
    del config.stash[DRIVER]
    return started


def _stop(config: pytest.Config) -> None:
    if DRIVER in config.stash:
        take(config).stop()
