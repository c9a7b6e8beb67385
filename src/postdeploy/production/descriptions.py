"""Deployments, requests and switches in words, for messages."""

from __future__ import annotations

from collections.abc import Iterator

from postdeploy.system import times
from postdeploy.system.loopback import address
from postdeploy.vercel.deployments import PlatformDeployment
from postdeploy.vercel.project import AliasRequest

_SHORT = 7
"""Characters of a commit's hash that people read."""


def describe_deployment(deployment: PlatformDeployment) -> str:
    """`dpl_1, commit abc1234, https://…`."""
    facts = [deployment.id]
    facts += [f"commit {deployment.commit[:_SHORT]}"] if deployment.commit else []
    facts += [address(deployment.url)] if deployment.url else []
    return ", ".join(facts)


def facts_of(deployment: PlatformDeployment) -> Iterator[str]:
    """`commit abc1234`, `created 2026-11-25 12:00 UTC`, as far as known."""
    if deployment.commit:
        yield f"commit {deployment.commit[:_SHORT]}"
    if deployment.created_at:
        yield f"created {times.to_the_minute(deployment.created_at)}"


def describe_request(request: AliasRequest) -> str:
    """`a rollback to dpl_1 (2026-11-25 12:00:07 UTC, succeeded)`."""
    what = {"promote": "a promotion of", "rollback": "a rollback to"}.get(request.type, "a switch to")
    facts = [one for one in (describe_time(request.at), request.status) if one]
    return f"{what} {request.to}" + (f" ({', '.join(facts)})" if facts else "")


def describe_time(at: int | None) -> str:
    """Epoch milliseconds → `2026-11-25 12:00:07 UTC`; empty: unknown."""
    return "" if at is None else f"{times.date_and_time(at)} UTC"


def on_or_off(value: bool | None) -> str:
    """A switch in words."""
    return "unknown" if value is None else "on" if value else "off"
