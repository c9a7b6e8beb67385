"""What the journeys of a watch ended with, for the checks of every process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from postdeploy.analysis.log_report import LogReport
from postdeploy.runbook.uptime_tables import SloTable
from postdeploy.system.store import Key
from postdeploy.uptime import slo
from postdeploy.uptime.journey import Sample, UptimeReport
from postdeploy.uptime.schedule import Schedule, Step

UPTIME = Key("uptime", UptimeReport)
"""What the watch of the inbox ended with."""


@dataclass(frozen=True, slots=True)
class UptimeProgress:
    """What a watch has seen so far, and what comes next."""

    report: UptimeReport
    schedule: Schedule
    at: float
    """When that was known, epoch seconds."""

    def until_next(self, now: float) -> tuple[Step, float]:
        """What comes next, and in how many seconds."""
        step, due = self.schedule.next
        return step, max(0.0, due - self.report.seconds - (now - self.at))


RECOVERED = Key("recovered", UptimeReport)
"""The same once an inbox that failed was watched until it worked again."""
UPTIME_SO_FAR = Key("uptime-so-far", UptimeProgress)


def sentences(report: UptimeReport, table: SloTable) -> tuple[str, ...]:
    """What it says of the objective, and what so few samples cannot prove."""
    objective = table.inbox / 100
    lines = []
    for name, samples in (("journeys", report.journeys), ("probes", report.probes)):
        if samples:
            passed = sum(one.passed for one in samples)
            bound = slo.at_least(passed, len(samples))
            lines.append(
                f"{passed} of {len(samples)} {name} passed: availability at least {bound:.1%} with 95 % confidence;"
                f" median {slo.percentile(samples, 0.5):.1f} s, p95 {slo.percentile(samples, 0.95):.1f} s"
            )
    count = len(report.journeys) + len(report.probes)
    if count < slo.needed(objective):
        lines.append(
            f"{count} samples cannot prove {table.inbox:g} % ([slo] inbox): that takes {slo.needed(objective)} without a failure"
        )
    return tuple(lines)


def burning(report: UptimeReport, table: SloTable) -> str:
    """Why people should look, though nothing fails; empty: the error budget does not burn."""
    samples: list[Sample] = [*report.journeys, *report.probes]
    windows = (table.short, table.long)
    if not slo.burns(samples, table.inbox / 100, report.seconds, limit=table.burn_rate, windows=windows):
        return ""
    rate = slo.burn_rate(samples, table.inbox / 100, report.seconds, table.short)
    return f"the error budget of {table.inbox:g} % burns {rate:.0f} times too fast in the last {table.short / 60:g} minutes: investigate"


@dataclass(frozen=True, slots=True)
class UserTraffic:
    """What the log says of the objective, by the requests of users."""

    says: str
    burns: str = ""
    """Why people should look; empty: the error budget does not burn."""


def user_traffic(log: LogReport | None, table: SloTable) -> UserTraffic:
    """Failed requests, and requests with an error row: a failure that the app handles answers 200."""
    if log is None or not log.minutes:
        return UserTraffic("user traffic: not measured (no log)")
    requests, errors = (sum(one[at] for one in log.minutes) for at in (1, 2))
    share = 1 - errors / max(1, requests)
    says = f"user traffic: {errors} of {requests} requests failed or wrote an error: {share:.2%}, the objective is {table.inbox:g} %"
    rates = [_burn_rate(log.minutes, table, window) for window in (table.short, table.long)]
    if errors < _LEAST_ERRORS or min(rates) < table.burn_rate:
        return UserTraffic(says)
    burns = (
        f"user traffic burns the error budget {rates[0]:.0f} times too fast in the last {table.short / 60:g} minutes"
    )
    return UserTraffic(says, f"{burns}: investigate")


_LEAST_ERRORS = 5
"""Fewer are one user's bad minute, however few requests there are."""


def _burn_rate(minutes: Sequence[tuple[int, int, int]], table: SloTable, window: float) -> float:
    newest = minutes[-1][0]
    recent = [one for one in minutes if one[0] > newest - window / 60]
    requests, errors = (sum(one[at] for one in recent) for at in (1, 2))
    return errors / max(1, requests) / (1 - table.inbox / 100)
