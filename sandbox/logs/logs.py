"""The log platform as one thing: the rows, what is offered of them, and what goes wrong on the way."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from sandbox.logs.faults import LogFaults
from sandbox.logs.ledger import Ledger
from sandbox.logs.plan import Plan
from sandbox.logs.store import LogStore

if TYPE_CHECKING:
    from typing import Literal

    from sandbox.clock import Clock
    from sandbox.logs.rows import Row

    Counted = Literal["rate_limited", "failing", "hanging", "cuts", "rejected_reconnects"]

QUIET = 0.2
"""Seconds without a row after which no more are expected, also where the machine is busy."""


class Logs:
    """Used from any thread; `plan` and `faults` take effect with the next request."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.store = LogStore(clock)
        self.ledger = Ledger(self.store)
        self.plan = Plan()
        self.streams = 0
        """Live streams opened since the faults were set."""
        self._lock = threading.Lock()
        self.faults = LogFaults()

    @property
    def faults(self) -> LogFaults:
        """The troubles that are switched on."""
        return self._faults

    @faults.setter
    def faults(self, faults: LogFaults) -> None:
        with self._lock:
            self._faults = faults
            self.streams = 0
            self._left: dict[Counted, int] = {
                "rate_limited": faults.rate_limited,
                "failing": faults.failing,
                "hanging": faults.hanging,
                "cuts": faults.cuts,
                "rejected_reconnects": faults.rejected_reconnects,
            }

    def spend(self, trouble: Counted) -> bool:
        """Whether a trouble that is counted happens once more."""
        with self._lock:
            happens = self._left[trouble] > 0
            self._left[trouble] -= happens
            return happens

    @property
    def truth(self) -> tuple[Row, ...]:
        """All rows that really happened, whatever anybody was shown."""
        return self.store.rows

    def wait_until_quiet(self, within: float = 5.0) -> None:
        """Wait until all requests are answered and no row has come for a moment: rows follow answers by milliseconds.

        Raises `TimeoutError` after ``within`` seconds.
        """
        deadline = time.monotonic() + within
        before = None
        while before != (now := (self.ledger.under_way, self.store.place)) or now[0]:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{now[0]} requests are still under way")
            before = now
            time.sleep(QUIET)

    def history(self, start: int | None = None, end: int | None = None) -> list[Row]:
        """The rows that the histories can show by now, oldest first, each once; of requests between these times, if they are given."""
        faults, now = self.faults, self.clock.milliseconds
        oldest = now - self.plan.retention * 1000
        rows = [row for row in self.store.rows if _came_between(row, start, end)]
        seen = [row for row in rows if row.at >= oldest and faults.due(row) <= now]
        return sorted((row for row in seen if not faults.loses(row, live=False)), key=lambda row: (row.at, row.id))

    def shown(self, message: str) -> tuple[str, bool]:
        """A message as the APIs show it, and whether that is less than all of it."""
        most = self.plan.message if self.faults.truncated_at is None else self.faults.truncated_at
        return message[:most], len(message) > most


def _came_between(row: Row, start: int | None, end: int | None) -> bool:
    at = row.request.at if row.request else row.at
    return (start is None or at >= start) and (end is None or at <= end)
