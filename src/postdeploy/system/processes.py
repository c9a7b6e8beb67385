"""Processes that work for this one: how they are started, and that none is left when it ends."""

from __future__ import annotations

import contextlib
import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import warnings
from collections.abc import Iterator

from postdeploy.system.output import undisturbed

_SET_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux' prctl."""


def way_to_start() -> str:
    """`fork` costs nothing of Python's start, and is safe where there is no other thread; macOS' frameworks start some."""
    return "fork" if sys.platform == "linux" and threading.active_count() == 1 else "spawn"


@contextlib.contextmanager
def starting() -> Iterator[None]:
    """Around what may start one: signals wait, and Python does not warn of numpy's own threads, which are idle."""
    with undisturbed(), warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def end_with_parent() -> None:
    """Let this process end when the one that started it does, however that ends. Ctrl-C is handled there."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_SET_DEATH_SIGNAL, signal.SIGKILL)
        parent = multiprocessing.parent_process()
        if parent and os.getppid() != parent.pid:  # it ended before this was asked for
            os._exit(1)
