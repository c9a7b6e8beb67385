"""What one request leaves in the logs: three or four rows with the same id and the same status."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sandbox.logs.rows import Row

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sandbox.logs.rows import Answer, Level, Origin, Request, Stream

LINES = 256
"""Lines that are kept of one request."""
LINE = 256 * 1024
"""Characters that are kept of one line."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one write of the app came to: a ``console.error`` with a stack is one line with line breaks in it."""

    message: str
    level: Level = "error"
    stream: Stream = "stderr"
    system: bool = False

    def row(self, origin: Origin, request: Request | None, at: int) -> Row:
        """The row of it; the status follows when the request is answered."""
        message = self.message[:LINE]
        return Row(at, origin, "function", request, self.level, message, self.stream, system=self.system)


def closing(request: Request, answer: Answer) -> list[Row]:
    """The rows by which the platform notes the request itself, besides what the app wrote."""
    cache = {"static": "HIT", "cache": "PRERENDER"}.get(answer.served_by, "MISS")
    own = Row(
        request.at,
        request.origin,
        answer.served_by,
        request,
        status=answer.status,
        crashed=answer.crashed,
        duration_ms=answer.duration_ms if answer.served_by == "function" else None,
        cache=cache,
    )
    before = Row(request.at, request.origin, "middleware", request, status=answer.status, duration_ms=1)
    return [before, own] if answer.middleware else [own]


def invocation(request: Request, answer: Answer, lines: Iterable[Line] = ()) -> list[Row]:
    """All rows of a request, one millisecond from line to line; for tests that have no app."""
    kept = list(lines)[:LINES]
    written = [line.row(request.origin, request, request.at + 1 + number) for number, line in enumerate(kept)]
    rows = [row.settled(answer) for row in written] + closing(request, answer)
    return [replace(row, id=_id(request, number)) for number, row in enumerate(rows)]


def _id(request: Request, number: int) -> str:
    """The same rows have the same ids in every run, whenever that is, so that troubles that follow from them come again."""
    without_time = request.id.rpartition("-")[2]
    return hashlib.blake2b(f"{without_time} {number}".encode(), digest_size=12).hexdigest()
