"""How often a read is repeated, and after which pauses. Writes are never repeated."""

from __future__ import annotations

import random
from dataclasses import dataclass

from postdeploy.vercel.errors import PlatformError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Seconds and counts."""

    attempts: int = 4
    first: float = 0.5
    """The first pause; each next one is twice as long, with jitter so that many runners do not retry at once."""
    longest: float = 60.0
    """The longest pause. A longer `Retry-After` ends the attempts."""
    answer: float = 15.0
    """The time limit of one request."""

    def pause(self, attempt: int, error: PlatformError) -> float | None:
        """Seconds to wait after this attempt (counted from 1) before the next one, or None: give up."""
        if not error.passing or attempt >= self.attempts:
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.longest else None
        return min(self.first * 2.0 ** (attempt - 1) * random.uniform(0.75, 1.25), self.longest)  # noqa: S311


BRIEF = RetryPolicy(attempts=2, longest=5.0, answer=5.0)
"""For reads that the checks, or the person reading a FAIL, wait for."""
ONE_RETRY = RetryPolicy(attempts=2, answer=10.0)
"""For reads that are repeated anyway, every second or so."""
