"""A canary that is simulated: its clock is moved by waiting, its metrics follow from a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from postdeploy.canary.exact import Share
from postdeploy.canary.lines import RevisionLines
from postdeploy.canary.metrics import RevisionAttempt, Snapshot
from postdeploy.runbook.canary_tables import CanaryTable
from postdeploy.runbook.reading import read_runbook

MINE, OTHER, THIRD = "workspace-1", "workspace-2", "workspace-3"


def table(**changed: object) -> CanaryTable:
    """The default table, with the canary's workspace."""
    return msgspec.structs.replace(read_runbook().canary, workspace=MINE, **changed)


def attempt(number: int, at: int = 0, workspace: str = MINE, *, applied: bool = False) -> RevisionAttempt:
    return RevisionAttempt(f"draft-{number}", workspace, at, applied)


def snapshot(at: int, *attempts: RevisionAttempt, enabled: tuple[str, ...] = (MINE,), **more: object) -> Snapshot:
    """`at`: in minutes."""
    return Snapshot(at=at * 60_000, enabled=frozenset(enabled), attempts=attempts, **more)  # type: ignore[arg-type]


@dataclass
class Simulated:
    """`looks(minute)` gives the snapshot, or raises."""

    looks: Callable[[int], Snapshot]
    log: Callable[[int], RevisionLines | None] = lambda _: None
    takes_over_at: float = 1e9
    seconds: float = 0.0
    source: str = "a script"
    looked: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.seconds

    def wait(self, seconds: float) -> None:
        assert seconds > 0
        self.seconds += seconds

    def look(self) -> Snapshot:
        self.looked.append(self.seconds)
        return self.looks(round(self.seconds / 60))

    def lines(self) -> RevisionLines | None:
        return self.log(round(self.seconds / 60))

    @property
    def superseded(self) -> bool:
        return self.seconds >= self.takes_over_at


def healthy(minute: int) -> Snapshot:
    """One attempt a minute, every other one applied; one decision in ten needs review, here as elsewhere and before."""
    attempts = (attempt(each, each, applied=each % 2 == 0) for each in range(1, minute + 1))
    reviews = {MINE: Share(100 + minute // 10, 1000 + minute), OTHER: Share(200 + minute // 5, 2000 + 2 * minute)}
    return snapshot(minute, *attempts, reviews=reviews)
