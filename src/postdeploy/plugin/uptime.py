"""The watch of the inbox in the process that a person started: its progress, and what it says of the objective."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from postdeploy.model import Severity
from postdeploy.run.run import Run
from postdeploy.runbook.parts import JOURNEYS
from postdeploy.verdict.verdict import Finding

if TYPE_CHECKING:
    from postdeploy.analysis.log_report import LogReport
    from postdeploy.plugin.log import RunLog
    from postdeploy.plugin.terminal import Terminal


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


def uptime_notes(run: Run, log: LogReport | None) -> Iterator[Finding]:
    """What is known so far, if the run ends before the watch of the inbox has."""
    if run.plan.uptime is None:
        return
    from postdeploy.run.watched_inbox import UPTIME, UPTIME_SO_FAR, sentences, user_traffic

    so_far = run.store.get(UPTIME_SO_FAR)
    if report := run.store.get(UPTIME) or (so_far.report if so_far else None):
        said = (*sentences(report, run.runbook.slo), user_traffic(log, run.runbook.slo).says)
        yield from (Finding(JOURNEYS, Severity.NOTE, one) for one in said)
