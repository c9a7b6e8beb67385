"""The watch of the inbox in the process that a person started: its progress, and what it says of the objective."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from postdeploy.model import Severity
from postdeploy.run.run import Run
from postdeploy.runbook.parts import JOURNEYS
from postdeploy.system import times
from postdeploy.uptime.latency import of_watch, slower_than
from postdeploy.verdict.verdict import Finding

if TYPE_CHECKING:
    from postdeploy.analysis.log_report import LogReport
    from postdeploy.plugin.log import RunLog
    from postdeploy.plugin.terminal import Terminal
    from postdeploy.record.entries import RecordedVerdict
    from postdeploy.uptime.journey import UptimeLatency, UptimeReport


def start_watches(run: Run, log: RunLog | None, terminal: Terminal) -> None:
    """Begin to read the log; where the run waits for it or for the inbox, show how far it is."""
    if log:
        log.start()
    waits = run.plan.uptime is not None or (run.plan.log is not None and run.plan.log.watch is not None)
    if not waits or run.plan.only:
        return
    from postdeploy.plugin.watch_progress import WatchProgress

    progress = WatchProgress(run, log.watch if log else None, quiet=terminal.quiet)
    terminal.screen = progress
    progress.start()


def uptime_latency(run: Run) -> UptimeLatency | None:
    """How long journeys and probes took until now; None: there were none."""
    report = uptime_seen(run)
    return of_watch(report) if report and report.journeys else None


def uptime_seen(run: Run) -> UptimeReport | None:
    """What is known so far of the inbox, also where the run ends before the watch has; None: no journey was asked for, or made."""
    if run.plan.uptime is None:
        return None
    from postdeploy.run.watched_inbox import RECOVERED, UPTIME, UPTIME_SO_FAR

    so_far = run.store.get(UPTIME_SO_FAR)
    return run.store.get(RECOVERED) or run.store.get(UPTIME) or (so_far.report if so_far else None)


def uptime_notes(run: Run, log: LogReport | None, before: RecordedVerdict | None) -> Iterator[Finding]:
    """What that says of the objective, and what is slower than in the watch `before`."""
    report = uptime_seen(run)
    if report is None:
        return
    from postdeploy.run.watched_inbox import sentences, user_traffic

    said = (*sentences(report, run.runbook.slo), user_traffic(log, run.runbook.slo).says)
    yield from (Finding(JOURNEYS, Severity.NOTE, one) for one in said)
    if before and before.uptime:
        when = f"in the watch of {before.served.name}, {times.ago(time.time() - before.at.timestamp())} ago"
        slower = slower_than(report, before.uptime, when, run.runbook.slo)
        yield from (Finding(JOURNEYS, Severity.WARN, one) for one in slower)
