"""How long journeys and probes took, and whether that is slower than it was: a warning, never more."""

from __future__ import annotations

from collections.abc import Sequence

from postdeploy.runbook.uptime_tables import SloTable
from postdeploy.uptime.journey import Latency, Sample, UptimeLatency, UptimeReport
from postdeploy.uptime.slo import percentile


def latency(samples: Sequence[Sample]) -> Latency:
    """Of the samples that passed."""
    passed = [one for one in samples if one.passed]
    return Latency(len(passed), round(percentile(passed, 0.5), 3), round(percentile(passed, 0.95), 3))


def of_watch(report: UptimeReport) -> UptimeLatency:
    """What a watch's verdict keeps for later ones."""
    return UptimeLatency(latency(report.journeys), latency(report.probes))


def slowed_down(report: UptimeReport, table: SloTable) -> list[str]:
    """What got slower during the watch: the last `short` seconds against those of `long` before, in sentences."""
    lines = []
    turn = report.seconds - table.short
    for name, samples in (("journeys", report.journeys), ("probes", report.probes)):
        now = latency([one for one in samples if one.at > turn])
        before = latency([one for one in samples if turn - table.long < one.at <= turn])
        minutes = f"the last {table.short / 60:g} minutes"
        lines += compared(f"{name} of {minutes}", now, before, "before", table)
    return lines


def slower_than(report: UptimeReport, before: UptimeLatency, when: str, table: SloTable) -> list[str]:
    """What is slower than in an earlier watch, in sentences. `when`: which one that was, for people."""
    now = of_watch(report)
    pairs = (("journeys", now.journeys, before.journeys), ("probes", now.probes, before.probes))
    return [line for name, after, earlier in pairs for line in compared(name, after, earlier, when, table)]


def compared(name: str, now: Latency, before: Latency, when: str, table: SloTable) -> list[str]:
    """One sentence if both the median and p95 are clearly slower, by at least `least` samples each; else none."""
    enough = min(now.count, before.count) >= table.least
    pairs = ((now.median, before.median), (now.p95, before.p95))
    if not enough or not all(after >= table.slower * earlier + table.slower_by for after, earlier in pairs):
        return []
    return [f"{name}: p95 {now.p95:.1f} s instead of {before.p95:.1f} s {when}: investigate"]
