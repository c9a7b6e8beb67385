"""Which log a run judges, and how: --logs, --baseline, --deployed-at, --watch."""

from __future__ import annotations

import msgspec

from postdeploy.model import Stage, UsageError
from postdeploy.run.options import Mode, Options
from postdeploy.runbook.environment import Environment
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times

VERCEL = "vercel"
"""The source that is not a file: Vercel's API."""


class LogRequest(msgspec.Struct, frozen=True):
    """Which log is judged, and how."""

    source: str
    baseline: str | None = None
    deployed_at: int | None = None
    """Epoch milliseconds."""
    watch: float | None = None
    """Seconds from the deploy on that are waited for; None: no wait."""
    recovery: bool = False
    """Whether it is the log after a rollback: it is compared with the deployment's own past."""

    def stage(self, window: float) -> Stage:
        """What its report is about: the whole window (in seconds), the part seen until now, or the time after a rollback."""
        if self.recovery:
            return Stage.RECOVERY
        return Stage.WINDOW if (self.watch or 0.0) >= window else Stage.SMOKE


def wanted(options: Options, runbook: Runbook, environment: Environment) -> LogRequest | None:
    """The log of this run, or None: it judges none.

    After a rollback it is Vercel's unless another is given, and the run waits until it has settled.

    Raises:
        UsageError: an option can't be read, or needs a log and none is given.
    """
    source: str | None
    source, watch = options.logs or runbook.logs.source, options.watch
    recovery = options.mode is Mode.ROLLBACK
    if recovery:
        if not runbook.rollback.settle and not watch:
            return None
        source = source or (VERCEL if environment.platform else None)
        watch = watch or (f"{runbook.rollback.settle}s" if source else None)
    if not source:
        journeys = options.mode is Mode.WATCH and environment.user
        given = {
            "--baseline": options.baseline,
            "--deployed-at": options.deployed_at,
            "--watch": watch if not journeys else None,
        }
        for name in (name for name, value in given.items() if value):
            raise UsageError(
                f"{name} says how a log is judged, and no log is given. Add --logs=vercel, or --logs=FILE."
            )
        return None
    return LogRequest(
        source=source,
        baseline=options.baseline,
        deployed_at=times.from_text(options.deployed_at) if options.deployed_at else None,
        watch=times.seconds_in(watch) if watch else None,
        recovery=recovery,
    )
