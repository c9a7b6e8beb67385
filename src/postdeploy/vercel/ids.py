"""What an id of Vercel's looks like."""

from __future__ import annotations

from typing import TypeGuard


def is_deployment_id(name: str | None) -> TypeGuard[str]:
    """Whether this is Vercel's id of a deployment; pages may name a deployment otherwise, by a build id for example."""
    return name is not None and name.startswith("dpl_")
