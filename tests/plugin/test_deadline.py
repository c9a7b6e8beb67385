"""The end of a run that does not end by itself."""

from __future__ import annotations

import queue
import threading

from postdeploy.plugin.deadline import Deadline


def test_it_expires_with_the_seconds_that_have_passed() -> None:
    expired: queue.SimpleQueue[float] = queue.SimpleQueue()
    Deadline(expired.put).set(0.05)
    assert expired.get(timeout=10) == 0.05


def test_a_later_one_takes_its_place() -> None:
    expired: list[float] = []
    deadline = Deadline(expired.append)
    deadline.set(0.05)
    deadline.set(60.0)
    threading.Event().wait(0.2)
    deadline.cancel()
    assert expired == []


def test_it_can_be_cancelled() -> None:
    expired: list[float] = []
    deadline = Deadline(expired.append)
    deadline.set(0.05)
    deadline.cancel()
    threading.Event().wait(0.2)
    assert expired == []
