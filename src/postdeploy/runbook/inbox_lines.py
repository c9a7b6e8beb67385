"""How the inbox's own error lines read: from the pieces that the runbook gives."""

from __future__ import annotations

from postdeploy.runbook.log_tables import Logs


def of_reads(logs: Logs) -> tuple[str, ...]:
    """Regular expressions of lines that say so on every route of the inbox."""
    return _whole(logs, logs.inbox_failures)


def of_actions(logs: Logs) -> tuple[str, ...]:
    """The same, for its Server Actions alone."""
    return _whole(logs, logs.action_failures)


def _whole(logs: Logs, failures: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(logs.lead + one.replace("{thing}", logs.inbox_thing) for one in failures)
