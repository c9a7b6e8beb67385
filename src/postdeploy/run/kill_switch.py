"""The kill switch of auto-send revision, out of the environment list."""

from __future__ import annotations

from postdeploy.canary.switches import KillSwitch
from postdeploy.readiness.audit import Inventory
from postdeploy.redaction import Secret


def kill_switch(listed: Inventory, name: str, live_since: int | None = None) -> KillSwitch:
    """What the list says of it. `live_since`: stands for when the running deployment was built, where the list does not know that."""
    entry = listed.production(name)
    hidden = entry is None and listed.hidden > 0
    readable = not hidden and (entry is None or isinstance(entry.value, Secret))
    changed = entry.changed_at if entry else None
    return KillSwitch(name, listed.value(name), readable, changed, listed.built_at or live_since)
