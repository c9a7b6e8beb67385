"""Which parts a run leaves out, and why: none is left out silently."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from postdeploy.model import UsageError
from postdeploy.runbook.checks import NEEDED
from postdeploy.runbook.tables import Off, Runbook

LOGS, DEPLOYMENTS = "logs", "deployments"
RECORD = "record"
"""The earlier verdicts: no part of its own, for what was not read of them is said with every verdict."""
EVIDENCE = "evidence"
"""What a run keeps: no part of its own either."""
PREFLIGHT = "preflight"
"""What is looked at before any check; it stands in a verdict only where it failed."""
ROLLBACK, SETTLED = "rollback", "settled"
"""After a rollback: what must be so at once, and the log that must stay quiet."""
JOURNEYS = "journeys"
"""The inbox during a watch."""
RECOVERED = "recovered"
"""An inbox that failed during a watch, until it works again."""
CANARY_BEFORE, CANARY, CANARY_LOG = "canary_before", "canary", "canary_log"
"""The canary before it starts, while it is running, and what the log says of it."""
CANARY_DRAFTS = "canary_drafts"
"""What only the drafts themselves show of it."""
READS_ANSWERS = frozenset({DEPLOYMENTS, "cron", "webhooks", "environment", LOGS})
"""The parts whose checks make no requests of their own: they judge what was answered to the probes, or what the platform says."""
_NOTHING_NAMED = "nothing is named that its checks could be made for"


def left_out(runbook: Runbook, without: Collection[str], unconfigured: Mapping[str, str]) -> dict[str, str]:
    """Part → why it is not measured.

    `without`: switched off by --without. `unconfigured`: part → what is missing, for parts that need a source.

    Raises:
        UsageError: a part in `without` is unknown.
    """
    for part in without:
        if part not in runbook.parts:
            raise UsageError(f"--without {part}: unknown part. Known: {', '.join(runbook.parts)}")
    found = dict.fromkeys(without, "switched off by --without")
    for part, state in runbook.parts.items():
        if isinstance(state, Off):
            found.setdefault(part, state.off)
        elif state == "off":
            found.setdefault(part, "off in runbook.toml")
        elif state in ("configured", "optional") and part in unconfigured:
            found.setdefault(part, unconfigured[part])
    return found


def without_subjects(
    runbook: Runbook, left_out: Mapping[str, str], subjects: Mapping[str, Collection[str]]
) -> dict[str, str]:
    """Part → why it is not measured, for those that are configured and whose checks are made for nothing that is named.

    Raises:
        UsageError: such a part is required, or not even [checks] names a check of it: it would be proven by nothing.
    """
    gone = impossible(runbook)
    proven = {part for name, part in runbook.required_checks(left_out, subjects).items() if name not in gone}
    needed = [part for part in runbook.checks if runbook.parts.get(part) in NEEDED and part not in left_out]
    bare = [part for part in needed if part not in proven]
    for part in bare:
        cure = f'Name one, or write {part} = {{ off = "reason" }}.'
        if set(runbook.checks[part]) <= set(gone):
            raise UsageError(f"checks.{part} names no check that this run makes, so {part} can't be proven. {cure}")
        if runbook.parts[part] == "required":
            raise UsageError(f"parts.{part} is required, but {_NOTHING_NAMED}. {cure}")
    return dict.fromkeys(bare, _NOTHING_NAMED)


def impossible(runbook: Runbook) -> tuple[str, ...]:
    """The checks for which there are too few workspaces: in the app, or to be opened."""
    workspaces = runbook.workspaces
    if workspaces.single:
        return workspaces.need_two + workspaces.need_more
    return () if workspaces.open > fewest_workspaces(runbook) else workspaces.need_more


def fewest_workspaces(runbook: Runbook) -> int:
    """How many the smoke user must see."""
    return 1 if runbook.workspaces.single else 2
