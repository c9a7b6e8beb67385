"""The live stream: rows as lines of JSON, from the moment on when a reader connected.

It knows no request id, no query string and no user agent. Status and rows belong together, so what a request writes is
held back until it is answered, but not for long.
"""

from __future__ import annotations

import heapq
import itertools
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.logs.logs import Logs
    from sandbox.logs.rows import Row

HELD = 1000
"""Milliseconds that a row waits for its status."""
REPEATED = 1000
"""Milliseconds within which a row comes again."""


class LiveStream:
    """What one reader of one deployment's stream gets. Asked again and again for what is due."""

    def __init__(self, logs: Logs, deployment_id: str) -> None:
        self._logs = logs
        self._deployment_id = deployment_id
        self._place = logs.store.place
        self._held: list[Row] = []
        self._coming: list[tuple[int, int, Row]] = []
        self._order = itertools.count()

    def due(self) -> list[bytes]:
        """The lines that are due by now."""
        self._take_in()
        now = self._logs.clock.milliseconds
        lines = []
        while self._coming and self._coming[0][0] <= now:
            lines.append(self._line(heapq.heappop(self._coming)[2]))
        return lines

    def _take_in(self) -> None:
        arrived = self._logs.store.since(self._place)
        self._place += len(arrived)
        waiting, self._held = self._held + arrived, []
        for row in map(self._logs.store.current, waiting):
            if row.origin.deployment_id != self._deployment_id:
                continue
            if self._waits(row):
                self._held.append(row)
            else:
                self._schedule(row)

    def _waits(self, row: Row) -> bool:
        return row.request is not None and row.status is None and self._logs.clock.milliseconds < row.at + HELD

    def _schedule(self, row: Row) -> None:
        faults = self._logs.faults
        if faults.loses(row, live=True) or _is_summary_of_middleware(row):
            return
        due = faults.due(row)
        heapq.heappush(self._coming, (due, next(self._order), row))
        if faults.repeats(row):
            again = due + int(faults.chance(row, "repeated") * REPEATED)
            heapq.heappush(self._coming, (again, next(self._order), row))

    def _line(self, row: Row) -> bytes:
        line = json.dumps(self.fields(row), ensure_ascii=False, separators=(",", ":")).encode()
        if self._logs.faults.chance(row, "malformed") < self._logs.faults.malformed:
            line = line[: len(line) // 2]
        return line + b"\n"

    def fields(self, row: Row) -> dict[str, Any]:
        """Exactly what the stream shows of a row."""
        message, truncated = self._logs.shown(row.message)
        request = row.request
        return {
            "rowId": row.id,
            "timestampInMs": row.at,
            "level": row.level or "info",
            "message": message,
            "messageTruncated": truncated,
            "source": _source(row),
            "domain": request.host if request else row.origin.host,
            "requestMethod": request.method if request else "",
            "requestPath": request.path if request else "",
            "responseStatusCode": row.status or 0,
        }


def delimiter(at: int, seconds: float) -> bytes:
    """The last line of a stream that has lasted as long as it may."""
    fields = {
        "rowId": "",
        "timestampInMs": at,
        "level": "error",
        "message": f"Exceeded query duration limit of {seconds / 60:g} minutes",
        "messageTruncated": False,
        "source": "delimiter",
        "domain": "",
        "requestMethod": "",
        "requestPath": "",
        "responseStatusCode": 0,
    }
    return json.dumps(fields).encode() + b"\n"


def _source(row: Row) -> str:
    if row.is_request:
        return "request"
    return "edge-middleware" if row.kind == "middleware" else "serverless"


def _is_summary_of_middleware(row: Row) -> bool:
    """That the middleware ran is not a row of its own here; what it writes is."""
    return row.kind == "middleware" and not row.message
