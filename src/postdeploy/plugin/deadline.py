"""The end of a run that does not end by itself: nothing that a page does may keep the verdict back."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Deadline:
    """One at a time."""

    def __init__(self, expire: Callable[[float], None]) -> None:
        """`expire` is called in a thread of its own, with the seconds that have passed."""
        self._expire = expire
        self._timer: threading.Timer | None = None

    def set(self, seconds: float) -> None:
        """From now on so many seconds, in place of an earlier deadline."""
        self.cancel()
        self._timer = threading.Timer(seconds, self._expire, (seconds,))
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """There is none any more."""
        if self._timer:
            self._timer.cancel()
