"""How often and after which pauses a question is asked again. Only for reading: nothing that changes is repeated blindly."""

from __future__ import annotations

import random
from dataclasses import dataclass

from postdeploy.vercel.errors import PlatformError


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Seconds and counts."""

    attempts: int = 4
    first: float = 0.5
    """The first pause; each next one is twice as long, with some chance so that many runners do not come at once."""
    longest: float = 60.0
    """What the platform may ask for by `Retry-After`; more than that is given up."""
    answer: float = 15.0
    """The limit for one answer."""

    def pause(self, attempt: int, error: PlatformError) -> float | None:
        """Seconds until the next attempt after this one (they count from 1), or None: give up."""
        if not error.passing or attempt >= self.attempts:
            return None
        if error.retry_after is not None:
            return error.retry_after if error.retry_after <= self.longest else None
        return min(self.first * 2.0 ** (attempt - 1) * random.uniform(0.75, 1.25), self.longest)  # noqa: S311
