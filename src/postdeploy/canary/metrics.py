"""What one look at the canary's metrics shows. No text of a draft, no name and no address: only ids, flags and times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
class Snapshot:
    """One look at the metrics."""

    at: int
    """When they were read, epoch milliseconds by their own clock."""
    enabled: frozenset[str] = frozenset()
    """Ids of the workspaces whose toggle is on."""
    attempts: tuple[RevisionAttempt, ...] = ()
    """Of every draft that was attempted since the time that was asked for, its last attempt."""
    reviews: Mapping[str, Share] = field(default_factory=dict)
    """Workspace → drafts that need review, of all with a decision, since there are drafts."""
    capped: bool = False
    """Whether there were more attempts than are read."""
    behind: float = 0.0
    """Seconds that the database lags behind the one that the app writes to."""
    warning: str = ""
    """What people should know about the metrics."""
