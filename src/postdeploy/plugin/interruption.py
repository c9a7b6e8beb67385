"""The end of a run before its time: Ctrl-C, SIGTERM of a runner that is cancelled, SIGHUP of a terminal that is closed.

No exception flies through the browser's driver or another library: a thread of its own writes what is known, and the process ends. Its
children end with it: the browser's driver when its pipe does, a worker and a comparison run when they see that their parent is gone.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_INTERRUPTED = 2
_LOOK = 0.2


class Interruption:
    """From the first moment of a run; `on_end` is replaced as soon as there is something to write."""

    def __init__(self) -> None:
        self.on_end: Callable[[str], object] = _nothing_known
        """Called with the signal's name; the process ends after it."""
        self._earlier: dict[signal.Signals, object] = {}
        self._began = False

    def begin(self) -> None:
        """From now on these signals end the run. One that the caller ignores (nohup) stays ignored."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                self._earlier[number] = signal.signal(number, self._handle)

    def stop(self) -> None:
        """The run has ended by itself."""
        for number, earlier in self._earlier.items():
            signal.signal(number, earlier)  # type: ignore[arg-type]  # what signal.signal returned
        self._earlier = {}

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self._began:  # a second Ctrl-C
            os._exit(_INTERRUPTED)
        self._began = True
        # Not here: the main thread may hold a lock that writing needs.
        threading.Thread(target=self._end, args=(signal.Signals(number).name,), daemon=True).start()

    def _end(self, name: str) -> None:
        try:
            self.on_end(name)
        finally:
            os._exit(_INTERRUPTED)


def _nothing_known(name: str) -> None:
    print(f"\nsmoke: interrupted ({name}) before anything was verified.", file=sys.stderr, flush=True)


def end_with(parent: int) -> None:
    """In a child of a run: end as soon as the parent is gone. A terminal's Ctrl-C is for the parent alone."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_watch, args=(parent,), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        threading.Event().wait(_LOOK)
    os._exit(_INTERRUPTED)
