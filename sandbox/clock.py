"""The platform's clock: the real time and an offset that a test sets, so that two days pass without waiting for them.

It governs what the platform dates: log rows, request ids, deployments, and the ``Date`` header of its API. The app
with its edge and the auth service keep the real time: their tokens would expire.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from email.utils import formatdate


class Clock:
    """Real time plus ``offset`` seconds. A negative offset is a platform whose clock is slow."""

    def __init__(self, offset: float = 0.0) -> None:
        self.offset = offset

    @property
    def now(self) -> datetime:
        """What the platform takes for the time."""
        return datetime.fromtimestamp(time.time() + self.offset, UTC)

    @property
    def milliseconds(self) -> int:
        """The same as the platform writes it."""
        return self.at(time.time() * 1000)

    def at(self, real: float) -> int:
        """What the clock showed at a real moment; both in milliseconds."""
        return int(real + self.offset * 1000)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.offset += seconds

    def set(self, moment: datetime) -> None:
        """Make it this moment now."""
        self.offset = moment.timestamp() - time.time()

    def http_date(self) -> str:
        """The ``Date`` header (RFC 9110 §5.6.7)."""
        return formatdate(self.now.timestamp(), usegmt=True)

    @staticmethod
    def iso(milliseconds: int) -> str:
        """A moment as the platform's newer APIs write it."""
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
