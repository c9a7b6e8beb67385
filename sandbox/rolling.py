"""A rolling release: two deployments are live at once, and the production domain splits its visitors between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass
class RollingRelease:
    """One release, from its start to its end."""

    current: str
    """The deployment that served everybody before."""
    canary: str
    """The deployment that serves a part of the visitors."""
    started_at: int
    stages: tuple[int, ...] = (10, 50, 100)
    """The share of visitors, in percent, that each stage sends to the canary. The last one is the end."""
    stage: int = 0
    state: Literal["ACTIVE", "COMPLETE", "ABORTED"] = "ACTIVE"
    queued: str | None = None
    """The deployment that was to be promoted meanwhile, and waits for the end."""
    changed_at: int = 0

    @property
    def active(self) -> bool:
        """Whether two deployments are live."""
        return self.state == "ACTIVE"

    @property
    def percentage(self) -> int:
        """The share of visitors that the canary serves now."""
        return self.stages[self.stage]

    def end(self, how: Literal["COMPLETE", "ABORTED"], now: int) -> None:
        """Serve everybody with one deployment again."""
        self.state, self.changed_at = how, now

    def deployment_for(self, bucket: float) -> str:
        """The deployment that serves a visitor whose bucket, 0 to 100, was drawn when the release began."""
        return self.canary if bucket < self.percentage else self.current
