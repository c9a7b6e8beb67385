"""The tables about journeys, probes and the service level objective of a watch; defaults/uptime.toml explains the keys."""

from __future__ import annotations

from postdeploy.runbook.log_tables import RunbookTable


class UptimeTable(RunbookTable, frozen=True):
    """How often the inbox is looked at during a watch. Seconds."""

    every: float
    jitter: float
    probe: float
    repeat: float
    back_off: tuple[float, ...]
    late: float
    covered: float


class SloTable(RunbookTable, frozen=True):
    """The service level objective of the inbox."""

    inbox: float
    burn_rate: float
    short: float
    long: float
    slower: float
    slower_by: float
    least: int
