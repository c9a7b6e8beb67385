"""What the options say about logs: --logs, --baseline, --deployed-at, --watch."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from postdeploy.model import UsageError
from postdeploy.runbook.tables import Runbook

_DURATION = re.compile(r"^(\d+(?:\.\d+)?)(ms|s|m|h)?$")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, None: 1.0}


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
        deployed_at=moment(deployed_at) if deployed_at else None,
        watch=duration(watch) if watch else None,
    )


def duration(text: str) -> float:
    """`10m`, `90s`, `1h` → seconds.

    Raises:
        UsageError: it is none.
    """
    found = _DURATION.match(text.strip())
    seconds = float(found[1]) * _UNITS[found[2]] if found else 0.0
    if not 0 < seconds <= 24 * 3600:
        raise UsageError(f"--watch {text!r} is no duration. Write 10m, 90s or 1h.")
    return seconds


def moment(text: str) -> int:
    """An ISO time with its zone, or epoch seconds or milliseconds → epoch milliseconds.

    Raises:
        UsageError: it is none.
    """
    if text.isdecimal():
        number = int(text)
        return number if number > 10**11 else number * 1000
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no time. Write 2026-11-25T12:00:00Z, or epoch milliseconds.") from None
    if at.tzinfo is None:
        raise UsageError(f"{text!r} names no time zone. Write {text}Z for UTC, or {text}+02:00.")
    return round(at.timestamp() * 1000)
