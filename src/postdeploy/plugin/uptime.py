"""What the journeys of a watch say of the objective, for the first screen."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.model import Severity
from postdeploy.run.run import Run
from postdeploy.runbook.parts import JOURNEYS
from postdeploy.verdict.verdict import Finding


def uptime_notes(run: Run) -> Iterator[Finding]:
    """Nothing before the watch of the inbox has ended."""
    if run.plan.uptime is None:
        return
    from postdeploy.run.watched_inbox import UPTIME, sentences

    if report := run.store.get(UPTIME):
        yield from (Finding(JOURNEYS, Severity.NOTE, one) for one in sentences(report, run.runbook.slo))
