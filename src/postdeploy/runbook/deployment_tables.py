"""The tables about deployments: earlier verdicts, drift, the comparison run, the proof of a rollback."""

from __future__ import annotations

from postdeploy.runbook.log_tables import RunbookTable


class RecordTable(RunbookTable, frozen=True):
    """Where the record of earlier verdicts is."""

    where: str
    """As `--record` spells it; empty: no record."""


class DeploymentsTable(RunbookTable, frozen=True):
    """How often a run checks which deployment the URL serves. Seconds."""

    look: float
    """Between two requests during the checks."""
    confirm: float
    """Until the next request after a different deployment has answered."""
    watch: float
    """Between two requests while only the log is watched."""
    clock: float
    """By how much this machine's clock may differ from the target's."""


class ComparisonTable(RunbookTable, frozen=True):
    """The comparison run: the failing check on the last-good deployment and on this one, at the same moment."""

    seconds: float
    """What it may take."""
    parts: tuple[str, ...]
    """Whose checks can run at another address: those of a browser."""


class RollbackTable(RunbookTable, frozen=True):
    """How a rollback is done and proven. Seconds."""

    moved: float
    """Within this time the domain must serve the target."""
    settle: float
    """This much covered log without a new error pattern makes it a recovery; 0: the log is not watched."""
    command: str
    """Where the platform is not Vercel: the command that rolls back, with `{build}` and `{url}`; empty: `postdeploy rollback`."""
    candidates: str
    """The command that lists what production could be rolled back to."""
