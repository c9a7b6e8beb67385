"""What the options say about logs: --logs, --baseline, --deployed-at, --watch."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.model import UsageError
from postdeploy.runbook.tables import Runbook
from postdeploy.system import times


@dataclass(frozen=True, slots=True)
class LogRequest:
    """What the options say about logs."""

    source: str
    baseline: str | None = None
    deployed_at: int | None = None
    """Epoch milliseconds."""
    watch: float | None = None
    """Seconds from the deploy on that are waited for; None: no wait."""
    recovery: bool = False
    """Whether it is the log of a deployment that production went back to: it is compared with its own past."""


def wanted(
    runbook: Runbook, source: str | None, baseline: str | None, deployed_at: str | None, watch: str | None
) -> LogRequest | None:
    """The options as values, or None where no log is asked for.

    Raises:
        UsageError: one of them can't be read, or stands alone.
    """
    given = source or runbook.logs.source
    if not given:
        for name, value in (("--baseline", baseline), ("--deployed-at", deployed_at), ("--watch", watch)):
            if value:
                raise UsageError(
                    f"{name} says how a log is judged, and no log is given. Add --logs=vercel, or --logs=FILE."
                )
        return None
    return LogRequest(
        source=given,
        baseline=baseline,
        deployed_at=times.from_text(deployed_at) if deployed_at else None,
        watch=times.seconds_in(watch) if watch else None,
    )
