"""How the inbox's own error lines read, and those that only note something: from the pieces that the runbook gives."""

from __future__ import annotations

from postdeploy.runbook.log_tables import Logs


def of_reads(logs: Logs) -> tuple[str, ...]:
    """Regular expressions of lines that say so on every route of the inbox."""
    return _whole(logs, logs.inbox_failures)


def of_actions(logs: Logs) -> tuple[str, ...]:
    """The same, for its Server Actions alone."""
    return _whole(logs, logs.action_failures)


def of_notes(logs: Logs) -> tuple[str, ...]:
    """Regular expressions of `logs.asides` and of `logs.notes`."""
    return tuple(one.replace("{reason}", logs.note_reason) for one in logs.asides + logs.notes)


def _whole(logs: Logs, failures: tuple[str, ...]) -> tuple[str, ...]:
    pieces = {"{thing}": logs.inbox_thing, "{read}": logs.inbox_read, "{does}": logs.inbox_does}
    for name, piece in pieces.items():
        failures = tuple(one.replace(name, piece) for one in failures)
    return tuple(logs.lead + one for one in failures)
