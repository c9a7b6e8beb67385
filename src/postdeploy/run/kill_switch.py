"""The kill switch of auto-send revision, out of the environment list."""

from __future__ import annotations

from postdeploy.canary.switches import KillSwitch
from postdeploy.readiness.audit import Inventory
from postdeploy.redaction import Secret


def kill_switch(listed: Inventory, name: str, live_since: int | None = None, running: bool | None = None) -> KillSwitch:
    """What the list says of it. `live_since`: stands for when the running deployment was built, where the list does not know that.

    `running`: what the running app says itself; None: it was not asked.
    """
    entry = listed.production(name)
    hidden = entry is None and listed.hidden > 0
    readable = not hidden and (entry is None or isinstance(entry.value, Secret))
    changed = entry.changed_at if entry else None
    return KillSwitch(name, listed.value(name), readable, changed, listed.built_at or live_since, running)
