"""The metrics out of what the admin page copies: totals of the last 72 hours, of which only the differences count. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass

from postdeploy.canary.metrics import RevisionTotals, Snapshot
from postdeploy.model import Blocked, UsageError
from postdeploy.runbook.canary_tables import AdminPageTable
from postdeploy.system import times

SOURCE = "the admin page"
_MISSING = object()


@dataclass(frozen=True, slots=True)
class AdminSnapshot:
    """What the page of one workspace shows at one moment."""

    stopped: bool
    """Whether the running app says that the kill switch is on."""
    enabled: bool
    """The workspace's toggle."""
    totals: RevisionTotals
    made_at: int | None
    """When the app made it, epoch milliseconds; None: it does not say."""

    def metrics(self, workspace: str, now: float) -> Snapshot:
        """As one look. `now`: epoch seconds."""
        behind = max(0.0, now - self.made_at / 1000) if self.made_at is not None else 0.0
        enabled = frozenset({workspace}) if self.enabled else frozenset[str]()
        return Snapshot(at=round(now * 1000), enabled=enabled, totals=self.totals, behind=behind)


def parse(copied: str, text: str, table: AdminPageTable) -> AdminSnapshot:
    """What the page has copied, and its text with the pills.

    Raises:
        Blocked: it is not JSON, lacks a key that the runbook names, or the page does not say whether the toggle is on.
    """
    try:
        found = json.loads(copied)
    except ValueError:
        raise Blocked(f"what {SOURCE} copies is not JSON", _CURE) from None
    if (table.toggle_on in text) == (table.toggle_off in text):
        raise Blocked(f"{SOURCE} does not say whether the workspace's toggle is on", _CURE)
    return AdminSnapshot(
        stopped=_wanted(found, table.kill_switch) is True,
        enabled=table.toggle_on in text,
        totals=RevisionTotals(_number(found, table.attempted), _number(found, table.applied)),
        made_at=_moment(found, table.made_at),
    )


def _moment(found: object, key: str) -> int | None:
    value = _value(found, key)
    if value is _MISSING:
        return None
    try:
        return times.from_text(str(value))
    except UsageError:
        raise Blocked(f"{key} in what {SOURCE} copies is not a time", _CURE) from None


def _number(found: object, key: str) -> int:
    value = _wanted(found, key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise Blocked(f"{key} in what {SOURCE} copies is not a number", _CURE)
    return value


def _wanted(found: object, key: str) -> object:
    value = _value(found, key)
    if value is _MISSING:
        raise Blocked(f"what {SOURCE} copies has no {key}", _CURE)
    return value


_CURE = "Name the keys of your app's snapshot in [canary.admin_page] of runbook.toml."


def _value(found: object, key: str) -> object:
    for step in key.split("."):
        if not isinstance(found, dict) or step not in found:
            return _MISSING
        found = found[step]
    return found
