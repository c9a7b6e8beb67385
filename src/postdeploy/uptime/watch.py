"""Makes journeys and probes until the watch is over, another deployment takes over, or the inbox fails twice in a row."""

from __future__ import annotations

from typing import Protocol

from postdeploy.runbook.uptime_tables import UptimeTable
from postdeploy.uptime.journey import Sample, SampleGap, UptimeReport
from postdeploy.uptime.schedule import Schedule, Step


class Unmeasured(Exception):  # noqa: N818 - reads as a sentence: it is unmeasured
    """Nothing could be measured, which is not the deployment's fault."""


class UptimeWorld(Protocol):
    """What a watch needs of the world."""

    def monotonic(self) -> float:
        """Seconds, by a clock that never jumps."""
        ...

    def jitter(self) -> float:
        """A random number from 0 to 1."""
        ...

    def wait(self, seconds: float) -> str:
        """Let time pass. What ended the watch meanwhile, for people; empty: nothing."""
        ...

    def journey(self) -> str:
        """One journey through the inbox in a fresh context: what failed; empty: nothing. Raises `Unmeasured`."""
        ...

    def probe(self) -> str:
        """One HTTP probe: what failed; empty: nothing. Raises `Unmeasured`."""
        ...

    def note(self, so_far: UptimeReport, schedule: Schedule) -> None:
        """What is known so far, and what comes next, for the person who reads along."""
        ...


class _Uptime:
    def __init__(self, table: UptimeTable, seconds: float, world: UptimeWorld) -> None:
        self.table = table
        self.seconds = seconds
        self.world = world
        self.schedule = Schedule(probe=table.probe)
        self.journeys: list[Sample] = []
        self.probes: list[Sample] = []
        self.gaps: list[SampleGap] = []
        self.began = world.monotonic()

    @property
    def now(self) -> float:
        return self.world.monotonic() - self.began

    def run(self) -> UptimeReport:
        while True:
            self.world.note(self._report(), self.schedule)
            step, due = self.schedule.next
            planned = max(self.now, min(due, self.seconds))
            ended_by = self.world.wait(planned - self.now)
            self._note_a_jump(planned)
            if ended_by or self.now >= self.seconds:
                return self._report(ended_by=ended_by)
            if step is Step.PROBE:
                self._probe()
            elif broken := self._journey():
                return self._report(broken=broken)

    def _journey(self) -> str:
        """What failed twice, or nothing."""
        began = self.now
        try:
            says = self.world.journey()
        except Unmeasured as error:
            self.schedule = self.schedule.unmeasured(self.now, self.table)
            self.gaps.append(SampleGap(began, self.schedule.journey, str(error)))
            return ""
        self.journeys.append(Sample(began, self.now - began, not says, says))
        if not says:
            self.schedule = self.schedule.passed(began, self.world.jitter(), self.table)
        elif not self.schedule.repeats:
            self.schedule = self.schedule.failed(self.now, self.table)
        else:
            return says
        return ""

    def _probe(self) -> None:
        began = self.now
        try:
            says = self.world.probe()
        except Unmeasured as error:
            self.schedule = self.schedule.unanswered(self.now, self.table)
            self.gaps.append(SampleGap(began, min(self.schedule.next[1], self.seconds), str(error)))
            return
        self.schedule = self.schedule.probed(began, self.table)
        self.probes.append(Sample(began, self.now - began, not says, says))

    def _note_a_jump(self, planned: float) -> None:
        """The machine slept, or the process was stopped: nothing was measured meanwhile."""
        late = self.now - planned
        if late > self.table.late:
            self.gaps.append(SampleGap(self.now - late, self.now, "this machine slept, or the process was stopped"))

    def _report(self, *, broken: str = "", ended_by: str = "") -> UptimeReport:
        now = self.now
        cut = [SampleGap(one.since, min(one.until, now), one.why) for one in self.gaps]
        return UptimeReport(now, tuple(self.journeys), tuple(self.probes), tuple(cut), broken, ended_by)


def watch(table: UptimeTable, seconds: float, world: UptimeWorld) -> UptimeReport:
    """Watch for so many seconds."""
    return _Uptime(table, seconds, world).run()
