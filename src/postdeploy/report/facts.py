"""What is known of a run besides its verdict."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from postdeploy.analysis.log_report import LogReport
from postdeploy.model import CheckResult, Deployment, PlatformIdentity, Stage
from postdeploy.record.prerequisites import RollbackPrerequisites

if TYPE_CHECKING:
    from postdeploy.record.entries import RecordedVerdict
    from postdeploy.rollback.proof import Recovery
    from postdeploy.uptime.journey import UptimeLatency
    from postdeploy.verdict.comparison import Comparison


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a report contains besides the verdict."""

    run_id: str
    started: dt.datetime
    finished: dt.datetime
    url: str
    deployment: Deployment | None
    checks: int
    results: tuple[CheckResult, ...] = ()
    preflight: CheckResult | None = None
    """How the preflight ended, if it did not pass."""
    role: str = ""
    """The deployment's production state, where it is not simply live."""
    stage: Stage = Stage.SMOKE
    complete: bool = False
    """Whether the run ended; until then a verdict is what is known by now."""
    log: LogReport | None = None
    uptime: UptimeLatency | None = None
    """How long the journeys and probes of a watch took."""
    platform: PlatformIdentity | None = None
    prerequisites: RollbackPrerequisites | None = None
    """What a rollback would need, where Vercel can be asked."""
    recovery: Recovery | None = None
    """What production was rolled back to, where that is to be proven."""
    compared: tuple[Comparison, ...] = ()
    """What failed, tried on both deployments."""
    history: tuple[RecordedVerdict, ...] = ()
    """The verdicts of earlier runs, from old to new."""
