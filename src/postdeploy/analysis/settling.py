"""Rows of a long watch that have nothing more to say: kept as numbers, so that hours of traffic fit in little memory.

A request settles some minutes after its last row, if none of its rows says anything and it did not fail. What failed or wrote a line
stays as rows: it is matched with our own requests, and shown, until the end.
"""

from __future__ import annotations

from collections.abc import Callable

from postdeploy.analysis.ledger import Ledger
from postdeploy.analysis.live_rows import LiveRows
from postdeploy.analysis.signals import RowMeaning
from postdeploy.logs.announcement import announced
from postdeploy.logs.entry import LogEntry

MOST = 40_000
"""Rows that are kept as they are. With fewer nothing settles: then every request of our own is still distinguished from those of users."""
_AFTER = 300_000
"""Milliseconds: late rows, and those that say more of the same row, have come by then."""
_FAILED = 400


class Settled:
    """What has settled."""

    def __init__(self, most: int = MOST) -> None:
        self.ledger = Ledger()
        self._most = most
        self._next = most

    @property
    def rows(self) -> int:
        """How many rows have settled."""
        return self.ledger.rows

    def take(self, rows: LiveRows, meaning: Callable[[LogEntry], RowMeaning]) -> None:
        """Take out of `rows` what has nothing more to say. It looks again after half as many more rows."""
        if len(rows) <= self._next:
            return
        requests = rows.requests()
        before = max(one.last for one in requests) - _AFTER if requests else 0
        for request in requests:
            entries = rows.of(request.id) if request.last < before else []
            if entries and all(_is_settled(row, meaning) for row in entries):
                for row in entries:
                    self.ledger.add(row, meaning(row))
                rows.forget(request)
        self._next = max(self._most, len(rows) + self._most // 2)


def _is_settled(row: LogEntry, meaning: Callable[[LogEntry], RowMeaning]) -> bool:
    return (row.status is None or 0 <= row.status < _FAILED) and meaning(row).message is None and not announced(row)
