"""What one look at the canary's metrics shows. No text of a draft, no name and no address: only ids, flags and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from postdeploy.canary.exact import Share


@dataclass(frozen=True, slots=True)
class RevisionAttempt:
    """The last attempt to revise a draft."""

    draft: str
    workspace: str
    at: int
    """Epoch milliseconds by the database's clock."""
    applied: bool = False


@dataclass(frozen=True, slots=True)
class RevisionTotals:
    """So many attempts and applied revisions, without saying of which drafts."""

    attempted: int = 0
    applied: int = 0

    def since(self, earlier: RevisionTotals) -> RevisionTotals:
        """What came on top. A total of the last hours loses what is older: at least so many."""
        return RevisionTotals(max(0, self.attempted - earlier.attempted), max(0, self.applied - earlier.applied))

    def __add__(self, other: RevisionTotals) -> RevisionTotals:
        return RevisionTotals(self.attempted + other.attempted, self.applied + other.applied)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One look at the metrics."""

    at: int
    """When they were read, epoch milliseconds by their own clock."""
    enabled: frozenset[str] = frozenset()
    """Ids of the workspaces whose toggle is on."""
    attempts: tuple[RevisionAttempt, ...] = ()
    """Of every draft that was attempted since the time that was asked for, its last attempt."""
    totals: RevisionTotals | None = None
    """Where no drafts are shown: how many there were of late. `attempts` and `reviews` are empty then."""
    reviews: Mapping[str, Share] = field(default_factory=dict)
    """Workspace → drafts that need review, of all with a decision, since there are drafts."""
    capped: bool = False
    """Whether there were more attempts than are read."""
    behind: float = 0.0
    """Seconds that the database lags behind the one that the app writes to."""
    warning: str = ""
    """What people should know about the metrics."""


class CanaryMetrics(Protocol):
    """Where the metrics are from."""

    source: str
    """For people."""

    def look(self) -> Snapshot:
        """One look. Raises `Blocked` where they can't be read."""
        ...
