"""What a watch of the canary ended with, for the checks of every process."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.canary.progress import Progress
from postdeploy.canary.rules import CanaryFinding, CanaryRule
from postdeploy.model import Severity


@dataclass(frozen=True, slots=True)
class CanaryReport:
    """What was seen, and what it means."""

    source: str
    """Where the metrics are from, for people."""
    seen: Progress | None
    """None: the metrics could not be read once."""
    findings: tuple[CanaryFinding, ...] = ()
    unread: str = ""
    """Why the metrics can't be read; empty: they can."""
    cure: str = ""
    stale: str = ""
    """Why they are not those of now."""
    too_few: str = ""
    """Why there was too little traffic to judge."""
    detects: str = ""
    """What could have been detected."""
    gaps: tuple[str, ...] = ()
    """Times at which the metrics could not be read."""
    seconds: float = 0.0
    """How long it was watched."""
    whole: bool = False
    """Whether the window was watched to its end."""

    @property
    def fails(self) -> bool:
        """Whether a rule fails."""
        return any(one.severity is Severity.FAIL for one in self.findings)

    @property
    def proves(self) -> bool:
        """Whether silence means that all is well."""
        return bool(self.seen) and self.whole and not (self.unread or self.stale or self.too_few)

    def about(self, rule: CanaryRule, severity: Severity) -> list[str]:
        """What it found of this rule, in sentences."""
        return [one.sentence for one in self.findings if one.rule is rule and one.severity is severity]

    @property
    def says(self) -> str:
        """The numbers, in a line."""
        if self.seen is None:
            return f"no metrics from {self.source}"
        seen = self.seen
        return (
            f"{self.seconds / 60:.3g} minutes, metrics from {self.source}: {seen.attempted} attempts, {seen.applied} applied,"
            f" {seen.reviews.count} need review, {seen.skipped} skipped"
        )
