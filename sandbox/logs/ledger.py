"""Brings together what the app writes and what the edge knows of the request that made it write."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.logs.invocations import LINES, closing

if TYPE_CHECKING:
    from sandbox.logs.invocations import Line
    from sandbox.logs.rows import Answer, Origin, Request
    from sandbox.logs.store import LogStore

REMEMBERED = 10_000
"""Requests that are remembered after their answer: their last lines may arrive a little later."""


@dataclass
class _Noted:
    request: Request
    lines: int = 0
    answer: Answer | None = None


class Ledger:
    """The requests under way and their rows."""

    def __init__(self, store: LogStore) -> None:
        self.store = store
        self._noted: dict[str, _Noted] = {}
        self._lock = threading.Lock()

    @property
    def under_way(self) -> int:
        """How many requests have no answer yet."""
        with self._lock:
            return sum(noted.answer is None for noted in self._noted.values())

    def begin(self, request: Request) -> None:
        """A request is passed on to a deployment."""
        with self._lock:
            self._noted[request.id] = _Noted(request)
            if len(self._noted) > REMEMBERED:
                del self._noted[next(iter(self._noted))]

    def wrote(self, request_id: str | None, origin: Origin, at: int, line: Line) -> None:
        """The app wrote something, in a request or outside of any. What is over the limit is lost, as the platform loses it."""
        with self._lock:
            noted = self._noted.get(request_id) if request_id else None
            if noted is None:
                self.store.add(line.row(origin, None, at))
                return
            noted.lines += 1
            if noted.lines > LINES:
                return
            row = line.row(noted.request.origin, noted.request, at)
            if noted.answer is not None:
                row = row.settled(noted.answer)
            self.store.add(row)

    def finish(self, request_id: str, answer: Answer) -> None:
        """The answer is complete, or there will be none."""
        with self._lock:
            noted = self._noted.get(request_id)
            if noted is None:
                return
            noted.answer = answer
            self.store.settle(request_id, answer)
            self.store.add(*closing(noted.request, answer))
