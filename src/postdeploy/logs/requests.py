"""From rows to requests, where rows do not name theirs: by path, method, status and time. Estimated, which the report says."""

from __future__ import annotations

from collections.abc import Container, Hashable
from dataclasses import dataclass, field
from functools import lru_cache

from postdeploy.logs.entry import LogEntry
from postdeploy.logs.matching import TOLERANCE

_UNCAUGHT = "⨯ "
"""How the framework begins the one line that says that a request failed."""
_ESTIMATED = "~"
"""How an estimated request id begins."""

NEVER = 1 << 62
"""After all that can happen, milliseconds."""

RowOrder = tuple[int, str, str, str]
"""Time, source, message, name: the order in which rows are looked at."""


@dataclass(slots=True, eq=False)
class LoggedRequest:
    """A request, by its rows."""

    id: str
    estimated: bool = False
    """Whether no source names it."""
    rows: dict[Hashable, LogEntry] = field(default_factory=dict)
    """By what a row is known by."""
    begun: int = NEVER
    """When the first row that names it was written, epoch milliseconds."""
    first: int = NEVER
    """When the first of all its rows was."""
    last: int = -NEVER
    status: int | None = None
    kinds: frozenset[str] = frozenset()
    """Of its rows, those of which a request can have only one."""

    @property
    def entries(self) -> list[LogEntry]:
        """Its rows, in order of time."""
        return sorted(self.rows.values(), key=row_order)

    def may_have(self, entry: LogEntry) -> bool:
        """Whether a row that names no request can be of this one."""
        if not self.first - TOLERANCE <= entry.at <= (self.first if self.estimated else self.last) + TOLERANCE:
            return False
        return self.is_like(entry.status) and unique_kind(entry) not in self.kinds

    def is_like(self, status: int | None) -> bool:
        """Whether a row with this status can be of it."""
        return status is None or self.status is None or status == self.status

    def take(self, key: Hashable, entry: LogEntry) -> None:
        """One more row."""
        self.rows[key] = entry
        self.first, self.last = min(self.first, entry.at), max(self.last, entry.at)
        if entry.request_id:
            self.begun = min(self.begun, entry.at)
        if entry.status is not None:
            self.status = entry.status if self.status is None else max(self.status, entry.status)
        if kind := unique_kind(entry):
            self.kinds = _with(self.kinds, kind)

    def lose(self, keys: Container[Hashable]) -> None:
        """These rows are not of it after all."""
        left = {key: row for key, row in self.rows.items() if key not in keys}
        self.rows, self.status, self.kinds = {}, None, frozenset()
        self.begun, self.first, self.last = NEVER, NEVER, -NEVER
        for key, row in left.items():
            self.take(key, row)


def is_estimated(request_id: str | None) -> bool:
    """Whether an id was made where no source names the request."""
    return (request_id or "").startswith(_ESTIMATED)


def estimated(key: Hashable, entry: LogEntry) -> LoggedRequest:
    """A request that no source names, of which this is the first row."""
    request = LoggedRequest(f"{_ESTIMATED}{entry.row_id or f'{entry.at}.{key}'}", estimated=True)
    request.take(key, entry)
    return request


def unique_kind(entry: LogEntry) -> str:
    """The kind of this row, if a request can have only one of the kind; else empty."""
    if entry.message:
        return _UNCAUGHT if entry.message.lstrip().startswith(_UNCAUGHT) else ""
    return f"{entry.source} without a message"


def row_order(entry: LogEntry) -> RowOrder:
    """By time."""
    return (entry.at, entry.source, entry.message, entry.row_id or "")


@lru_cache(maxsize=1000)
def _with(kinds: frozenset[str], kind: str) -> frozenset[str]:
    return kinds | {kind}
