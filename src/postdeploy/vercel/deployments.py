"""Which deployment serves production, since when, and which one did before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from urllib.parse import quote

import msgspec

from postdeploy.vercel.client import Vercel
from postdeploy.vercel.errors import PlatformError

_PAGE = 20
_MOST_PAGES = 10


@dataclass(frozen=True, slots=True)
class PlatformDeployment:
    """A deployment as the platform knows it; times in epoch milliseconds by the platform's clock."""

    id: str
    url: str = ""
    """Its own host, without scheme."""
    created_at: int | None = None
    state: str = ""
    """READY, ERROR, …"""
    substate: str = ""
    """STAGED never saw production traffic, ROLLING sees a part of it, PROMOTED has seen it."""
    target: str = ""
    """production, staging, or empty: a preview."""
    alias_assigned: int | None = None
    """When its aliases were assigned first; None: not told."""
    aliases: tuple[str, ...] = ()
    owner: str = ""
    """The team's or the user's id."""
    deleted: bool = False

    @property
    def has_been_live(self) -> bool:
        """Whether production traffic has ever been switched to it."""
        return self.state == "READY" and self.substate in ("PROMOTED", "ROLLING") and not self.deleted


@dataclass(frozen=True, slots=True)
class Switch:
    """The moment at which production traffic went to a deployment, epoch milliseconds by the platform's clock."""

    at: int
    told_by: Literal["alias", "promotion", "assignment", "creation"]
    """What is known it by, from certain to assumed: a staged build is created long before it is promoted."""


class _Team(msgspec.Struct):
    id: str = ""


class _Deployment(msgspec.Struct, rename="camel"):
    id: str = ""
    uid: str = ""
    url: str | None = None
    created_at: int | None = None
    created: int | None = None
    ready_state: str | None = None
    state: str | None = None
    ready_substate: str | None = None
    target: str | None = None
    alias_assigned: int | bool | None = None
    alias: list[str] | None = None
    owner_id: str | None = None
    team: _Team | None = None
    deleted: int | bool | None = None

    def value(self) -> PlatformDeployment:
        assigned = self.alias_assigned
        return PlatformDeployment(
            id=self.id or self.uid,
            url=self.url or "",
            created_at=self.created_at or self.created,
            state=self.ready_state or self.state or "",
            substate=self.ready_substate or "",
            target=self.target or "",
            alias_assigned=assigned if isinstance(assigned, int) and not isinstance(assigned, bool) else None,
            aliases=tuple(self.alias or ()),
            owner=self.owner_id or (self.team.id if self.team else ""),
            deleted=bool(self.deleted),
        )


class _Pagination(msgspec.Struct):
    next: int | None = None


class _List(msgspec.Struct):
    deployments: list[_Deployment]
    pagination: _Pagination = msgspec.field(default_factory=_Pagination)


class _Alias(msgspec.Struct, rename="camel"):
    deployment_id: str | None = None
    updated_at: int | str | None = None
    created_at: int | str | None = None


class _AliasRequest(msgspec.Struct, rename="camel"):
    to_deployment_id: str = ""
    from_deployment_id: str | None = None
    job_status: str = ""
    requested_at: int | None = None


class _Project(msgspec.Struct, rename="camel"):
    last_alias_request: _AliasRequest | None = None


def find(vercel: Vercel, name: str) -> PlatformDeployment:
    """A deployment by its id, its host, or the domain that it serves now.

    Raises:
        PlatformError: there is none, or the platform does not say.
    """
    found = vercel.read(f"/v13/deployments/{quote(name, safe='')}", _Deployment).value()
    if not found.id:
        raise PlatformError(f"the platform shows {name} without an id", "Report it: the API has changed.")
    return found


def production(vercel: Vercel, *, candidates: bool = False) -> Iterator[PlatformDeployment]:
    """The project's production deployments, newest creation first. `candidates`: those one can roll back to.

    Raises:
        PlatformError: the platform does not say.
    """
    query: dict[str, str | int] = {"projectId": vercel.access.project, "target": "production", "limit": _PAGE}
    if candidates:
        query |= {"state": "READY", "rollbackCandidate": "true"}
    for _ in range(_MOST_PAGES):
        page = vercel.read("/v7/deployments", _List, **query)
        yield from (one.value() for one in page.deployments)
        if page.pagination.next is None:
            return
        query["until"] = page.pagination.next


def switched(vercel: Vercel, domain: str, deployment: PlatformDeployment) -> Switch:
    """When production traffic at this domain was switched to this deployment.

    Raises:
        PlatformError: the platform knows neither a switch nor a creation.
    """
    alias = _alias(vercel, domain)
    if alias and alias.deployment_id == deployment.id:
        at = _milliseconds(alias.updated_at) or _milliseconds(alias.created_at)
        if at:
            return Switch(at, "alias")
    asked = _last_alias_request(vercel)
    if asked and asked.to_deployment_id == deployment.id and asked.job_status == "succeeded" and asked.requested_at:
        return Switch(asked.requested_at, "promotion")
    if deployment.alias_assigned:
        return Switch(deployment.alias_assigned, "assignment")
    if deployment.created_at:
        return Switch(deployment.created_at, "creation")
    raise PlatformError(
        f"the platform does not say when {deployment.id} came into production", "Give --deployed-at=TIME."
    )


def previous(vercel: Vercel, current: PlatformDeployment) -> PlatformDeployment | None:
    """The deployment that was in production before this one, for the baseline; None: there was none.

    The newest creation is not it after a rollback: the last switch says what it switched from.

    Raises:
        PlatformError: the platform does not say.
    """
    asked = _last_alias_request(vercel)
    if asked and asked.to_deployment_id == current.id and asked.from_deployment_id not in (None, current.id):
        try:
            before = find(vercel, asked.from_deployment_id or "")
        except PlatformError as error:
            if error.status != 404:
                raise
        else:
            if not before.deleted:
                return before
    live = (one for one in production(vercel, candidates=True) if one.has_been_live and one.id != current.id)
    return max(live, key=lambda one: one.created_at or 0, default=None)


def _alias(vercel: Vercel, domain: str) -> _Alias | None:
    try:
        return vercel.read(f"/v4/aliases/{quote(domain, safe='')}", _Alias)
    except PlatformError as error:
        if error.status == 404:
            return None  # the deployment's own host has no alias
        raise


def _last_alias_request(vercel: Vercel) -> _AliasRequest | None:
    path = f"/v9/projects/{quote(vercel.access.project, safe='')}"
    return vercel.read(path, _Project, rollbackInfo="true").last_alias_request


def _milliseconds(time: int | str | None) -> int | None:
    """The platform writes times as numbers, and in places as ISO."""
    if not isinstance(time, str):
        return time
    try:
        return int(datetime.fromisoformat(time).timestamp() * 1000)
    except ValueError:
        return None
