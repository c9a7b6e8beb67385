"""The driver is started once, beside what else the run loads, and stopped whether or not a check took it."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Error

from postdeploy.plugin import driver
from postdeploy.plugin.driver import DRIVER, start_while_loading, take

_LONG = 30.0
_REAL = """
import os, types, pytest
from postdeploy.plugin.driver import take
driver = take(types.SimpleNamespace(stash=pytest.Stash()))
print(os.get_blocking(2))
driver.stop()
"""


class Fake:
    """Stands for Playwright's; `start` waits until the rest is being loaded, and leaves its event loop as this thread's."""

    def __init__(self, loaded: threading.Event, *, starts: bool = True) -> None:
        self.loaded, self.starts = loaded, starts
        self.started = self.stopped = 0
        self.loop = asyncio.new_event_loop()

    def start(self) -> Fake:
        assert self.loaded.wait(_LONG), "nothing is loaded while the driver starts"
        self.started += 1
        if not self.starts:
            raise Error("no driver")
        asyncio._set_running_loop(self.loop)
        return self

    def stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[Fake]:
    made = Fake(threading.Event())
    monkeypatch.setattr(driver, "sync_playwright", lambda: made)
    yield made
    asyncio._set_running_loop(None)
    made.loop.close()


@pytest.fixture
def config() -> Any:
    cleanups: list[object] = []
    return SimpleNamespace(stash=pytest.Stash(), add_cleanup=cleanups.append, cleanups=cleanups)


def test_it_starts_while_the_rest_is_loaded(fake: Fake, config: Any) -> None:
    start_while_loading(config, fake.loaded.set)
    waiting: object = config.stash[DRIVER].playwright
    assert (waiting, fake.started) == (fake, 1)


def test_its_event_loop_is_this_threads_once_a_check_has_taken_it(fake: Fake, config: Any) -> None:
    start_while_loading(config, fake.loaded.set)
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()
    take(config)
    assert asyncio.get_running_loop() is fake.loop


def test_what_loading_raises_is_raised_once_the_driver_is_there(fake: Fake, config: Any) -> None:
    def load() -> None:
        fake.loaded.set()
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        start_while_loading(config, load)
    for clean in config.cleanups:
        clean()
    assert (fake.started, fake.stopped) == (1, 1)


def test_who_takes_it_stops_it(fake: Fake, config: Any) -> None:
    start_while_loading(config, fake.loaded.set)
    taken: object = take(config)
    assert taken is fake
    for clean in config.cleanups:
        clean()
    assert (fake.started, fake.stopped) == (1, 0)


def test_one_that_no_check_took_is_stopped_at_the_end(fake: Fake, config: Any) -> None:
    start_while_loading(config, fake.loaded.set)
    for clean in config.cleanups:
        clean()
    assert fake.stopped == 1


def test_one_that_does_not_start_is_the_checks_to_report(fake: Fake, config: Any) -> None:
    fake.starts = False
    start_while_loading(config, fake.loaded.set)
    assert (DRIVER in config.stash, config.cleanups, fake.loaded.is_set()) == (False, [], True)
    with pytest.raises(Error, match="no driver"):
        take(config)


def test_without_one_it_is_started_when_it_is_needed(fake: Fake, config: Any) -> None:
    fake.loaded.set()
    taken: object = take(config)
    assert taken is fake


@pytest.mark.processes
@pytest.mark.skipif(
    not Path("/proc/self/fd").exists(), reason="only there is a pipe that is opened again one of its own"
)
def test_the_real_one_leaves_our_pipe_as_it_is() -> None:
    """Node makes the streams it has non-blocking: with a shared one our own writes failed once the pipe was full."""
    done = subprocess.run([sys.executable, "-c", _REAL], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
