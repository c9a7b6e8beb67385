"""What one journey, one probe, one gap and their latency are. Seconds since the watch began, by a clock that never jumps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sample:
    """One journey through the inbox, or one HTTP probe."""

    at: float
    seconds: float
    """How long it took."""
    passed: bool
    says: str = ""
    """What failed, for people."""


@dataclass(frozen=True, slots=True)
class SampleGap:
    """A time in which nothing could be measured, which is not the deployment's fault."""

    since: float
    until: float
    why: str

    @property
    def seconds(self) -> float:
        """How long it was."""
        return self.until - self.since


@dataclass(frozen=True, slots=True)
class UptimeReport:
    """What a watch saw of the inbox."""

    seconds: float
    """How long it was watched."""
    journeys: tuple[Sample, ...] = ()
    probes: tuple[Sample, ...] = ()
    gaps: tuple[SampleGap, ...] = ()
    broken: str = ""
    """What failed twice in a row, 30 s apart; empty: nothing did."""
    failed_at: float | None = None
    """When the first of the journeys began that failed in a row; None: none did twice."""
    works_since: float | None = None
    """When the first of two journeys in a row began that passed after that; None: it was not seen."""

    @property
    def covered(self) -> float:
        """Seconds of the watch without its gaps."""
        return max(0.0, self.seconds - sum(one.seconds for one in self.gaps))


@dataclass(frozen=True, slots=True)
class Latency:
    """The samples that passed; seconds."""

    count: int = 0
    median: float = 0.0
    p95: float = 0.0


@dataclass(frozen=True, slots=True)
class UptimeLatency:
    """How long the journeys and the probes of one watch took."""

    journeys: Latency = Latency()
    probes: Latency = Latency()
