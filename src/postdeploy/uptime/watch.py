"""Makes journeys and probes until the watch is over, another deployment takes over, or the inbox fails twice in a row."""

from __future__ import annotations

from collections.abc import Callable
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

    def wait(self, seconds: float) -> bool:
        """Let time pass. Whether the watch was ended meanwhile."""
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
    def __init__(self, table: UptimeTable, seconds: float, world: UptimeWorld, before: UptimeReport) -> None:
        """`before`: what was seen until now, of an inbox that has failed if it was."""
        self._table = table
        self._seconds = seconds
        self._world = world
        self._schedule = Schedule(probe=table.probe)
        self._journeys = list(before.journeys)
        self._probes = list(before.probes)
        self._gaps = list(before.gaps)
        self._broken, self._failed_at, self._works_since = before.broken, before.failed_at, before.works_since
        self._began = world.monotonic() - before.seconds
        if before.broken:
            self._schedule = self._schedule.broke(before.journeys[-1].at, before.seconds, table)

    @property
    def _now(self) -> float:
        return self._world.monotonic() - self._began

    @property
    def broken(self) -> bool:
        return bool(self._broken)

    @property
    def works_again(self) -> bool:
        return self._works_since is not None

    def run(self, enough: Callable[[_Uptime], bool]) -> UptimeReport:
        while not enough(self):
            self._world.note(self._report(), self._schedule)
            step, due = self._schedule.next
            planned = max(self._now, min(due, self._seconds))
            is_ended = self._world.wait(planned - self._now)
            self._note_a_jump(planned)
            if is_ended or self._now >= self._seconds:
                break
            self._probe() if step is Step.PROBE else self._journey()
        return self._report()

    def _journey(self) -> None:
        began = self._now
        try:
            says = self._world.journey()
        except Unmeasured as error:
            self._schedule = self._schedule.unmeasured(self._now, self._table)
            self._gaps.append(SampleGap(began, self._schedule.journey, str(error)))
            return
        self._journeys.append(Sample(began, self._now - began, not says, says))
        if not says:
            self._passed(began)
        elif self._schedule.repeats or self._schedule.broken:
            self._failed(says)
            self._schedule = self._schedule.broke(began, self._now, self._table)
        else:
            self._schedule = self._schedule.failed(self._now, self._table)

    def _failed(self, says: str) -> None:
        """Twice in a row, or once more while the inbox is broken: what counts is what was seen first."""
        if not self._broken:
            self._broken, self._failed_at = says, self._journeys[-2].at

    def _passed(self, began: float) -> None:
        if self._schedule.broken and self._schedule.repeats:
            self._works_since = self._journeys[-2].at
        self._schedule = self._schedule.passed(began, self._world.jitter(), self._table)

    def _probe(self) -> None:
        began = self._now
        try:
            says = self._world.probe()
        except Unmeasured as error:
            self._schedule = self._schedule.unanswered(self._now, self._table)
            self._gaps.append(SampleGap(began, min(self._schedule.next[1], self._seconds), str(error)))
            return
        self._schedule = self._schedule.probed(began, self._table)
        self._probes.append(Sample(began, self._now - began, not says, says))

    def _note_a_jump(self, planned: float) -> None:
        """The machine slept, or the process was stopped: nothing was measured meanwhile."""
        late = self._now - planned
        if late > self._table.late:
            self._gaps.append(SampleGap(self._now - late, self._now, "this machine slept, or the process was stopped"))

    def _report(self) -> UptimeReport:
        now = self._now
        return UptimeReport(
            now,
            tuple(self._journeys),
            tuple(self._probes),
            tuple(SampleGap(one.since, min(one.until, now), one.why) for one in self._gaps),
            self._broken,
            self._failed_at,
            self._works_since,
        )


def watch(table: UptimeTable, seconds: float, world: UptimeWorld) -> UptimeReport:
    """Watch for so many seconds, unless the inbox fails twice in a row or another deployment takes over."""
    return _Uptime(table, seconds, world, UptimeReport(0.0)).run(lambda uptime: uptime.broken)


def watch_recovery(table: UptimeTable, seconds: float, world: UptimeWorld, broken: UptimeReport) -> UptimeReport:
    """After that the inbox was broken: go on for what is left of so many seconds, or until two journeys in a row pass."""
    return _Uptime(table, seconds, world, broken).run(lambda uptime: uptime.works_again)
