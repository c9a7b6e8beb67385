"""The table about the canary of auto-send revision; defaults/canary.toml explains the keys."""

from __future__ import annotations

from postdeploy.runbook.log_tables import RunbookTable


class AdminPageTable(RunbookTable, frozen=True):
    """What the admin page shows, and how it is read."""

    path: str
    shown: str
    refresh: str
    copy: str
    toggle_on: str
    toggle_off: str
    kill_switch: str
    attempted: str
    applied: str
    made_at: str


class CanaryTable(RunbookTable, frozen=True):
    """What the canary is, and when it fails. Seconds."""

    workspace: str
    kill_switch: str
    watch: float
    poll: float
    looks: int
    level: float
    least_attempts: int
    review: tuple[str, ...]
    applied_at_most: float
    errors_at_most: float
    path: tuple[str, ...]
    deadline: tuple[str, ...]
    fresh: float
    statement_timeout: float
    most_attempts: int
    tries: int
    role: str
    admin_page: AdminPageTable
