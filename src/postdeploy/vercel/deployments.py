"""Deployments: by name, by domain, those of production; and when production traffic was switched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import msgspec

from postdeploy.model import UsageError
from postdeploy.system import loopback, times
from postdeploy.vercel.client import Vercel
from postdeploy.vercel.errors import PlatformError
from postdeploy.vercel.project import AliasRequest, project_state

_PAGE = 20
_MOST_PAGES = 10
_GIT = ("github", "gitlab", "bitbucket", "git")
"""Prefixes of the metadata keys, by git host; `git`: built by the command line."""


@dataclass(frozen=True, slots=True)
class PlatformDeployment:
    """A deployment as Vercel describes it; times in epoch milliseconds by Vercel's clock."""

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
    """When its aliases were first assigned; None: unknown."""
    aliases: tuple[str, ...] = ()
    owner: str = ""
    """The team's or the user's id."""
    deleted: bool = False
    project: str = ""
    """The id of its project."""
    team: str = ""
    """The team's slug: the `--scope` of Vercel's command."""
    commit: str = ""
    """The full hash; empty where it was not built from a commit."""
    branch: str = ""
    message: str = ""
    """The commit's first line."""
    creator: str = ""
    """The user name of the person who started the build."""
    alias_error: str = ""
    """Why some of its domains were not assigned."""
    candidate: bool | None = None
    """Whether Vercel offers it for an instant rollback; None: unknown."""

    @property
    def address(self) -> str:
        """Its own address, which always leads to it; empty if Vercel does not say it."""
        return loopback.address(self.url)

    @property
    def has_been_live(self) -> bool:
        """Whether production traffic has ever been switched to it."""
        return self.state == "READY" and self.substate in ("PROMOTED", "ROLLING") and not self.deleted


@dataclass(frozen=True, slots=True)
class Switch:
    """The moment at which production traffic went to a deployment, epoch milliseconds by Vercel's clock."""

    at: int
    source: Literal["alias", "promotion", "assignment", "creation"]
    """Which fact it is taken from, from certain to assumed: a staged build is created long before it is promoted."""


@dataclass(frozen=True, slots=True)
class Alias:
    """Where a domain leads."""

    deployment: str | None
    at: int | None
    """Since when, epoch milliseconds by Vercel's clock; None: unknown."""


class _Team(msgspec.Struct):
    id: str = ""
    slug: str = ""


class _Project(msgspec.Struct):
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
    project_id: str | None = None
    project: _Project | None = None
    is_rollback_candidate: bool | None = None
    meta: object = None
    git_source: object = None
    creator: object = None
    alias_error: object = None

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
            project=self.project_id or (self.project.id if self.project else ""),
            team=self.team.slug if self.team else "",
            commit=self._of_git("CommitSha") or _text(self.git_source, "sha"),
            branch=self._of_git("CommitRef") or _text(self.git_source, "ref"),
            message=self._of_git("CommitMessage").partition("\n")[0],
            creator=_text(self.creator, "username"),
            alias_error=_text(self.alias_error, "message"),
            candidate=self.is_rollback_candidate,
        )

    def _of_git(self, fact: str) -> str:
        return next((found for where in _GIT if (found := _text(self.meta, where + fact))), "")


def _text(table: object, name: str) -> str:
    """The text under this key; empty: there is none."""
    value = table.get(name) if isinstance(table, dict) else None
    return value if isinstance(value, str) else ""


class _Pagination(msgspec.Struct):
    next: int | None = None


class _DeploymentList(msgspec.Struct):
    deployments: list[_Deployment]
    pagination: _Pagination = msgspec.field(default_factory=_Pagination)


class _Alias(msgspec.Struct, rename="camel"):
    deployment_id: str | None = None
    updated_at: int | str | None = None
    created_at: int | str | None = None


def find(vercel: Vercel, name: str) -> PlatformDeployment:
    """A deployment by its id, its host, or the domain that it serves now.

    Raises:
        PlatformError: there is none, or no answer.
    """
    found = vercel.read(f"/v13/deployments/{quote(name, safe='')}", _Deployment).value()
    if not found.id:
        raise PlatformError(f"Vercel shows {name} without an id", "Report it: the API has changed.")
    return found


def production(vercel: Vercel, *, candidates: bool = False) -> Iterator[PlatformDeployment]:
    """The project's production deployments, newest creation first. `candidates`: only those that Vercel offers as rollback targets.

    Raises:
        PlatformError: there is no answer.
    """
    query: dict[str, str | int] = {"projectId": vercel.access.project, "target": "production", "limit": _PAGE}
    if candidates:
        query |= {"state": "READY", "rollbackCandidate": "true"}
    for _ in range(_MOST_PAGES):
        page = vercel.read("/v7/deployments", _DeploymentList, **query)
        yield from (one.value() for one in page.deployments)
        if page.pagination.next is None:
            return
        query["until"] = page.pagination.next


def alias(vercel: Vercel, domain: str) -> Alias | None:
    """Where a domain leads according to Vercel's alias table; None: it is not listed, as a deployment's own host is not.

    Raises:
        PlatformError: there is no answer.
    """
    try:
        found = vercel.read(f"/v4/aliases/{quote(domain, safe='')}", _Alias)
    except PlatformError as error:
        if error.status == 404:
            return None
        raise
    return Alias(found.deployment_id, _milliseconds(found.updated_at) or _milliseconds(found.created_at))


def switched(vercel: Vercel, domain: str, deployment: PlatformDeployment) -> Switch:
    """When production traffic at this domain was switched to this deployment.

    Raises:
        PlatformError: neither a switch nor a creation is known.
    """
    found = alias(vercel, domain)
    if found and found.deployment == deployment.id and found.at:
        return Switch(found.at, "alias")
    asked = project_state(vercel).last_request
    if asked and asked.to == deployment.id and asked.status == "succeeded" and asked.at:
        return Switch(asked.at, "promotion")
    if deployment.alias_assigned:
        return Switch(deployment.alias_assigned, "assignment")
    if deployment.created_at:
        return Switch(deployment.created_at, "creation")
    raise PlatformError(f"Vercel does not say when {deployment.id} went live", "Give --deployed-at=TIME.")


def previous(vercel: Vercel, current: PlatformDeployment) -> PlatformDeployment | None:
    """The deployment that was live before this one, for the baseline; None: there was none. It is never a newer one.

    The last request may name it; else it is the newest of those that production was not rolled back from.

    Raises:
        PlatformError: there is no answer.
    """
    asked = project_state(vercel).last_request
    if asked and asked.to == current.id and asked.from_ not in (None, current.id):
        try:
            before = find(vercel, asked.from_ or "")
        except PlatformError as error:
            if error.status != 404:
                raise
        else:
            if not before.deleted and not _is_newer(before, current):
                return before
    listed = {one.id: one for one in production(vercel, candidates=True)}
    live = [
        one for one in listed.values() if one.has_been_live and one.id != current.id and not _is_newer(one, current)
    ]
    kept = [one for one in live if not was_rolled_back_from(one, asked, listed)]
    return max(kept or live, key=lambda one: one.created_at or 0, default=None)


def _is_newer(one: PlatformDeployment, other: PlatformDeployment) -> bool:
    """Whether it is known to be built after the other."""
    return (one.created_at or 0) > (other.created_at or 0) > 0


def was_rolled_back_from(
    one: PlatformDeployment, asked: AliasRequest | None, known: Mapping[str, PlatformDeployment | None]
) -> bool:
    """Whether production was rolled back from it, as far as the last request shows.

    That request names two deployments that were live one after the other, so what was built between the older of them and the request,
    and has been live, is either the other one or was left behind before; what the request itself promoted is not.
    """
    if asked is None or asked.at is None or asked.status in ("failed", "skipped") or one.created_at is None:
        return False
    to, before = known.get(asked.to), known.get(asked.from_ or "")
    goes_back = bool(to and before and _is_newer(before, to)) or before is None
    older = to if goes_back else before
    if one.id == asked.to or (one.id == asked.from_ and not goes_back) or not one.has_been_live:
        return False
    return older is not None and older.created_at is not None and older.created_at < one.created_at < asked.at


def _milliseconds(time: int | str | None) -> int | None:
    """Vercel writes times as numbers, and in places as ISO."""
    if not isinstance(time, str):
        return time
    try:
        return times.from_text(time)
    except UsageError:
        return None
