"""What comes next in a watch, and when. Pure: a schedule is a value, each event gives the next one.

Two journeys begin at least `every` seconds apart, so no 10 minutes see more than two; only the repeat of a failed one comes in between.
What cannot be measured is tried again after 1, 2, then 5 minutes: a service that is down is not asked more often because it is down.
Once the inbox is broken, probes come after 1, 2, then every 5 minutes, and journeys as rarely as before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from postdeploy.runbook.uptime_tables import UptimeTable


class Step(StrEnum):
    """What is done next."""

    JOURNEY = "journey"
    PROBE = "probe"


@dataclass(frozen=True, slots=True)
class Schedule:
    """When the next journey and the next probe are due; seconds since the watch began."""

    journey: float = 0.0
    probe: float = 0.0
    repeats: bool = False
    """Whether the next journey repeats one that failed."""
    gaps: int = 0
    """How many times in a row nothing could be measured, or a broken inbox was probed."""
    broken: bool = False
    """Whether the inbox has failed twice in a row: it is only looked whether it works again."""

    @property
    def next(self) -> tuple[Step, float]:
        """What comes next, and when."""
        if self.journey <= self.probe:
            return Step.JOURNEY, self.journey
        return Step.PROBE, self.probe

    def passed(self, began: float, jitter: float, table: UptimeTable) -> Schedule:
        """After a journey that passed. `jitter`: 0 to 1."""
        if self.broken:
            return replace(self, journey=began + table.repeat, repeats=True, gaps=0)
        return replace(self, journey=began + table.every + jitter * table.jitter, repeats=False, gaps=0)

    def failed(self, now: float, table: UptimeTable) -> Schedule:
        """After a journey that failed: once more, soon. No probe comes in between."""
        again = now + table.repeat
        return replace(self, journey=again, probe=max(self.probe, again), repeats=True, gaps=0)

    def broke(self, began: float, now: float, table: UptimeTable) -> Schedule:
        """After a journey that failed again: `began` is when it did."""
        first = self if self.broken else replace(self, probe=now + table.back_off[0], gaps=1, broken=True)
        return replace(first, journey=began + table.every, repeats=False)

    def unmeasured(self, now: float, table: UptimeTable) -> Schedule:
        """After a journey that could not be made: later, and each time later still. The probes wait as well."""
        again = now + self._pause(table)
        return replace(self, journey=again, probe=max(self.probe, again), gaps=self.gaps + 1)

    def unanswered(self, now: float, table: UptimeTable) -> Schedule:
        """After a probe that could not be made: both wait. A journey that is due later stays there."""
        again = now + self._pause(table)
        return replace(self, journey=max(self.journey, again), probe=again, gaps=self.gaps + 1)

    def _pause(self, table: UptimeTable) -> float:
        return table.back_off[min(self.gaps, len(table.back_off) - 1)]

    def probed(self, now: float, table: UptimeTable) -> Schedule:
        """After a probe."""
        if self.broken:
            return replace(self, probe=now + self._pause(table), gaps=self.gaps + 1)
        return replace(self, probe=now + table.probe, gaps=0)
