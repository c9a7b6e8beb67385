"""What all looks at the metrics add up to: a lower bound, because what happens twice between two looks is seen once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from postdeploy.canary.exact import Share
from postdeploy.canary.lines import RevisionLines
from postdeploy.canary.metrics import RevisionAttempt, RevisionTotals, Snapshot

NOTHING = Share(0, 0)


@dataclass(frozen=True, slots=True)
class Progress:
    """What was seen of the canary until now."""

    workspace: str
    since: int
    until: int
    """By the clock of the metrics, epoch milliseconds."""
    enabled: tuple[frozenset[str], ...] = ()
    """Each set of enabled workspaces that was seen, in order."""
    attempts: Mapping[str, int] = field(default_factory=dict)
    """Draft of the canary's workspace that was attempted in the window → how often it was attempted since the deploy, at least."""
    earlier: int = 0
    """How many of these had been attempted before the window as well."""
    applied: int = 0
    """How many of these attempts were applied."""
    elsewhere: Mapping[str, int] = field(default_factory=dict)
    """Other workspace → how many of its drafts were attempted."""
    reviews: Share = NOTHING
    """Drafts of the workspace that were decided in the window, and need review."""
    reviews_before: Share = NOTHING
    """… that were decided before."""
    reviews_elsewhere: Share = NOTHING
    """… of the other workspaces, in the window."""
    totals: RevisionTotals | None = None
    """Where the metrics show no drafts: what there was in the window, at least."""
    lines: RevisionLines | None = None
    """What the log has of the revision path; None: it is not read."""
    behind: float = 0.0
    """Seconds that the database lagged behind at the last look."""
    capped: bool = False
    warnings: tuple[str, ...] = ()

    @property
    def attempted(self) -> int:
        """How many attempts there were in the workspace in the window, at least."""
        return self.totals.attempted if self.totals else sum(self.attempts.values()) - self.earlier

    @property
    def repeated(self) -> int:
        """How many drafts were attempted more than once."""
        return sum(count > 1 for count in self.attempts.values())

    @property
    def drafts(self) -> int:
        """How many drafts were attempted."""
        return len(self.attempts)

    @property
    def skipped(self) -> int:
        """Drafts of the workspace that were decided in the window without an attempt, at least."""
        return max(0, self.reviews.of - self.drafts)


class Looks:
    """Adds one look after the other. What it keeps grows with the drafts that were attempted, not with the looks."""

    def __init__(self, workspace: str) -> None:
        self._workspace = workspace
        self._first: Snapshot | None = None
        self._last: Snapshot | None = None
        self._seen: dict[str, RevisionAttempt] = {}
        self._counts: Counter[str] = Counter()
        self._earlier: dict[str, int] = {}
        """Draft → when it had been attempted at the first look."""
        self._enabled: list[frozenset[str]] = []
        self._totals: RevisionTotals | None = None
        self._warnings: dict[str, None] = {}
        self._capped = False

    def add(self, snapshot: Snapshot) -> None:
        """One more look."""
        if self._first is None:
            self._first = snapshot
            self._earlier = {one.draft: one.at for one in snapshot.attempts}
        if snapshot.totals:
            before = self._last.totals if self._last and self._last.totals else snapshot.totals
            self._totals = (self._totals or RevisionTotals()) + snapshot.totals.since(before)
        self._last = snapshot
        if not self._enabled or self._enabled[-1] != snapshot.enabled:
            self._enabled.append(snapshot.enabled)
        for one in snapshot.attempts:
            earlier = self._seen.get(one.draft)
            self._counts[one.draft] += earlier is None or earlier.at != one.at
            self._seen[one.draft] = one
        self._capped = self._capped or snapshot.capped
        if snapshot.warning:
            self._warnings[snapshot.warning] = None

    @property
    def latest(self) -> Snapshot | None:
        """The last look."""
        return self._last

    def progress(self, lines: RevisionLines | None = None) -> Progress | None:
        """What they add up to; None before the first."""
        if self._first is None or self._last is None:
            return None
        now = [one for one in self._seen.values() if self._earlier.get(one.draft) != one.at]
        mine = [one for one in now if one.workspace == self._workspace]
        others = Counter(one.workspace for one in now if one.workspace != self._workspace)
        before = self._first.reviews.get(self._workspace, NOTHING)
        return Progress(
            workspace=self._workspace,
            since=self._first.at,
            until=self._last.at,
            enabled=tuple(self._enabled),
            attempts={one.draft: self._counts[one.draft] for one in mine},
            earlier=sum(one.draft in self._earlier for one in mine),
            applied=self._totals.applied if self._totals else sum(one.applied for one in mine),
            totals=self._totals,
            elsewhere=dict(others),
            reviews=self._last.reviews.get(self._workspace, NOTHING) - before,
            reviews_before=before,
            reviews_elsewhere=self._elsewhere(self._last) - self._elsewhere(self._first),
            lines=lines,
            behind=self._last.behind,
            capped=self._capped,
            warnings=tuple(self._warnings),
        )

    def _elsewhere(self, snapshot: Snapshot) -> Share:
        return sum((share for name, share in snapshot.reviews.items() if name != self._workspace), NOTHING)
