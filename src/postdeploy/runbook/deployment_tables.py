"""The tables of runbook.toml about deployments: earlier verdicts, how closely the served one is watched, trial and rollback."""

from __future__ import annotations

from postdeploy.runbook.log_tables import RunbookTable


class RecordTable(RunbookTable, frozen=True):
    """Where the record of earlier verdicts is."""

    where: str
    """As `--record` spells it; empty: nowhere."""


class DeploymentsTable(RunbookTable, frozen=True):
    """How closely it is watched which deployment serves."""

    look: float
    """Seconds between two looks at what the URL serves."""
    confirm: float
    """Seconds until the next look, where another deployment has answered."""
    watch: float
    """Seconds between two looks while only the log is watched."""


class ComparisonTable(RunbookTable, frozen=True):
    """The trial of the failing check at the last good deployment's own address."""

    seconds: float
    """What it may take."""
    parts: tuple[str, ...]
    """Whose checks can be made at another address: those of a browser."""


class RollbackTable(RunbookTable, frozen=True):
    """How a rollback is waited for and proven."""

    moved: float
    """Seconds after which the domain must serve the target."""
    settle: float
    """Seconds of proven log without a new pattern after which a rollback counts as a recovery."""
