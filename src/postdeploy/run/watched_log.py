"""What the watch of a log ended with, for the checks of every process. They need no log engine for it."""

from __future__ import annotations

from dataclasses import dataclass

from postdeploy.analysis.log_report import LogReport
from postdeploy.system.store import Key


@dataclass(frozen=True, slots=True)
class WatchedLog:
    """What the watch of a log ended with, for the checks of every process."""

    report: LogReport | None
    """None: another deployment took over before the log failed this one."""


LOG = Key("log", WatchedLog)
