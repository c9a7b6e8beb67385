"""Vercel's clock, read from the `Date` header of its answers; durations by our monotonic clock.

The header has whole seconds, so each answer only bounds the difference of the clocks: Vercel's time was within that second at
some moment between request and answer. The bounds of several answers are intersected.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from postdeploy.system import times

_DRIFT = 1e-4
"""How far two clocks may run apart, in seconds per second: older bounds widen by it."""


@dataclass(slots=True)
class Clock:
    """Vercel's time as well as it is known; until an answer has been seen, our own. Thread-safe."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    _least: float | None = None
    _most: float = 0.0
    _learnt: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def learn(self, answer: httpx.Response, asked: float) -> None:
        """Take the time from an answer that has just arrived; `asked`: when its request was sent, monotonic seconds."""
        if "age" in answer.headers:
            return  # from a cache: the date is old
        date = times.from_http(answer.headers.get("date", ""))
        if date is None:
            return
        came = self.monotonic()
        least, most = date - came, date + 1.0 - asked
        with self._lock:
            if self._least is not None:
                drift = (came - self._learnt) * _DRIFT
                known_least, known_most = self._least - drift, self._most + drift
                if max(least, known_least) <= min(most, known_most):  # else a clock was set: start over
                    least, most = max(least, known_least), min(most, known_most)
            self._least, self._most, self._learnt = least, most, came

    def now(self) -> int:
        """The most likely time, epoch milliseconds."""
        return (self.earliest() + self.latest()) // 2

    def earliest(self) -> int:
        """Vercel's clock shows at least this, epoch milliseconds."""
        with self._lock:
            return int((self._base(self._least)) * 1000)

    def latest(self) -> int:
        """Vercel's clock shows at most this, epoch milliseconds."""
        with self._lock:
            return int((self._base(self._most)) * 1000) + 1

    def offset(self) -> float:
        """By how many seconds Vercel's clock is ahead of ours."""
        return self.now() / 1000 - self.wall()

    def _base(self, bound: float | None) -> float:
        return self.wall() if self._least is None or bound is None else self.monotonic() + bound
