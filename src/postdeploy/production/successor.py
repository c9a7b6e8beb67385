"""The deployment that took over from the one under verification."""

from __future__ import annotations

from postdeploy.production.descriptions import facts_of
from postdeploy.vercel.access import Access
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.deployments import find
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import project_state
from postdeploy.vercel.retry import BRIEF


def describe_successor(access: Access, id_: str, pinned: str | None) -> str:
    """What is known of it, for messages: its id at least. `pinned`: the id of the deployment under verification."""
    with Vercel(access, BRIEF) as vercel:
        try:
            found, project = find(vercel, id_), project_state(vercel)
            before = find(vercel, pinned) if pinned else None
        except PlatformError:
            return id_
    last = project.last_request
    earlier = bool(before and before.created_at and found.created_at and found.created_at < before.created_at)
    rolled_back = (last is not None and last.to == id_ and last.type == "rollback") or earlier
    facts = [*facts_of(found), *(["an earlier one: production was rolled back"] if rolled_back else [])]
    return f"{id_} ({', '.join(facts)})" if facts else id_
