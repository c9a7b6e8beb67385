"""All rows that there really are, in the order in which they came: what every answer of the platform is compared with."""

from __future__ import annotations

import threading
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sandbox.clock import Clock
    from sandbox.logs.rows import Answer, Row


class LogStore:
    """The rows. Written to and read from any thread."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._rows: list[Row] = []
        self._forgotten = 0
        self._places: dict[str, int] = {}
        self._of_request: defaultdict[str, list[int]] = defaultdict(list)
        self._lock = threading.Lock()

    @property
    def rows(self) -> tuple[Row, ...]:
        """The truth: every row, whatever was shown of it."""
        with self._lock:
            return tuple(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, *rows: Row) -> None:
        """Note rows that have just been written, or were written before: their time is their own."""
        with self._lock:
            for row in rows:
                self._places[row.id] = len(self._rows)
                if row.request is not None:
                    self._of_request[row.request.id].append(len(self._rows))
                self._rows.append(row)

    def settle(self, request_id: str, answer: Answer) -> None:
        """Put the status on what the request has written so far."""
        with self._lock:
            for place in self._of_request[request_id]:
                self._rows[place] = self._rows[place].settled(answer)

    @property
    def place(self) -> int:
        """How many rows there have ever been: what comes next is new to a reader who starts here."""
        return self._forgotten + len(self._rows)

    def since(self, place: int) -> list[Row]:
        """The rows that came after a `place`."""
        with self._lock:
            return self._rows[max(0, place - self._forgotten) :]

    def current(self, row: Row) -> Row:
        """The row as it reads now, or as it was if it has been forgotten since."""
        with self._lock:
            place = self._places.get(row.id)
            return row if place is None else self._rows[place]

    def clear(self) -> None:
        """Forget everything, between tests."""
        with self._lock:
            self._forgotten += len(self._rows)
            self._rows.clear()
            self._places.clear()
            self._of_request.clear()
