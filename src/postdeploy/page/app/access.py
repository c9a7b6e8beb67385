"""What the app answers about the smoke user's role and memberships, as fingerprints: comparable, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from postdeploy.runbook.tables import Runbook

_OF_PEOPLE = ("conversations", "messages", "lead")
"""An answer with one of these keys is about conversations: what stands in it under `role` is a person's job."""


def access_facts(objects: Iterable[dict[str, Any]], runbook: Runbook) -> frozenset[str]:
    """A fingerprint for each role, and for each workspace of runbook.toml that the answer names."""
    items = list(objects)
    if any(key in item for item in items for key in _OF_PEOPLE):
        return frozenset()
    named = {workspace.name for workspace in runbook.workspace}
    return frozenset(
        hashlib.sha256(fact.encode()).hexdigest()[:12] for item in items for fact in _facts(item, runbook, named)
    )


def _facts(item: dict[str, Any], runbook: Runbook, named: set[str]) -> Iterator[str]:
    for key in runbook.smoke_user.role_keys:
        value = item.get(key)
        if isinstance(value, str | bool | int):
            yield f"{key}={value}"
        elif isinstance(value, list):
            yield from (f"{key}={each}" for each in value if isinstance(each, str))
    if item.get("name") in named:
        yield f"workspace={item['name']}"
