"""One child process that a command waits for. A signal to the command is one to the child, which writes what it knows and ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

from postdeploy.system.exit_codes import ExitCode

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LOOK = 0.2
PATIENCE = 20.0
"""Seconds that a child has after the first signal; then it is killed."""


class Child:
    """The command goes on after the child's end: it reports how the run ended, interrupted or not."""

    def __init__(self) -> None:
        self.stopped: signal.Signals | None = None
        """The first signal that came."""
        self._process: subprocess.Popen[bytes] | None = None
        self._until: float | None = None

    def run(self, command: Sequence[str], environ: Mapping[str, str] | None = None) -> int:
        """Its exit code. After a signal it is not started any more."""
        if self.stopped:
            return ExitCode.INTERRUPTED
        self._process = subprocess.Popen(  # a group of its own: a terminal's Ctrl-C reaches it once, through us
            command, env=environ, process_group=0
        )
        if self.stopped:  # while it was started
            self._process.send_signal(self.stopped)
        code = self._waited(self._process)
        if code >= 0:
            return code
        return ExitCode.INTERRUPTED if self.stopped else ExitCode.INCONCLUSIVE

    def _waited(self, process: subprocess.Popen[bytes]) -> int:
        try:
            while True:
                try:
                    return process.wait(_LOOK)
                except subprocess.TimeoutExpired:
                    if self._until and time.monotonic() > self._until:
                        os.killpg(process.pid, signal.SIGKILL)
        finally:
            self._process = None

    def signals_passed_on(self) -> AbstractContextManager[None]:
        """Within: Ctrl-C, SIGTERM and SIGHUP end the child, and not this process."""
        return signals_handled(self._pass_on)

    def _pass_on(self, number: int, _frame: FrameType | None) -> None:
        self.stopped = self.stopped or signal.Signals(number)
        self._until = self._until or time.monotonic() + PATIENCE
        if self._process:
            self._process.send_signal(number)


@contextmanager
def signals_handled(handle: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Within: what is done at Ctrl-C, SIGTERM and SIGHUP. One that the caller ignores (nohup) stays ignored."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    heard = [one for one in _SIGNALS if signal.getsignal(one) is not signal.SIG_IGN]
    before = {one: signal.signal(one, handle) for one in heard}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)
