"""What the log has of the revision path: attempts that it names, exceeded deadlines, errors of the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import re2

from postdeploy.logs.entry import LogEntry
from postdeploy.runbook.tables import Runbook


@dataclass(frozen=True, slots=True)
class RevisionLines:
    """How many requests have a line of each kind."""

    seen: int = 0
    """Requests with any line of the revision path."""
    deadline: int = 0
    database: int = 0
    missing: str = ""
    """What of the log was not read; empty: nothing."""

    @property
    def errors(self) -> int:
        """Requests with an error of either kind."""
        return self.deadline + self.database


class LineReader:
    """Reads the lines of the revision path; the patterns are [canary] and [signals.database_unreachable] of the runbook."""

    def __init__(self, runbook: Runbook) -> None:
        signal = runbook.signals["database_unreachable"]
        self._path = _compiled(runbook.canary.path)
        self._deadline = _compiled(runbook.canary.deadline)
        self._database = _compiled((*signal.any, *signal.shared))

    def count(self, rows: Iterable[LogEntry], missing: str = "") -> RevisionLines:
        """Requests, not rows: one request may log the same error several times. A row without a request counts by itself."""
        seen: set[str] = set()
        deadline: set[str] = set()
        database: set[str] = set()
        for number, row in enumerate(rows):
            if not _any(self._path, row.message):
                continue
            request = row.request_id or f"row {number}"
            seen.add(request)
            if _any(self._deadline, row.message):
                deadline.add(request)
            elif _any(self._database, row.message):
                database.add(request)
        return RevisionLines(len(seen), len(deadline), len(database - deadline), missing)


def _compiled(patterns: Iterable[str]) -> list[Any]:
    return [re2.compile(one) for one in patterns]


def _any(patterns: list[Any], message: str) -> bool:
    return any(one.search(message) for one in patterns)
