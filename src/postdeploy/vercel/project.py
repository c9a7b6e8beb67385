"""The project: its production deployment, the last promotion or rollback, and whether new builds go live automatically."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

import msgspec

from postdeploy.vercel.client import Vercel


@dataclass(frozen=True, slots=True)
class AliasRequest:
    """The last promotion or rollback that was requested."""

    to: str
    from_: str | None
    """The deployment that was live before; None: none, or unknown."""
    status: str
    """pending, in-progress, succeeded, failed or skipped."""
    type: str
    """promote or rollback; empty: unknown."""
    at: int | None
    """When it was requested, epoch milliseconds by Vercel's clock."""

    @property
    def pending(self) -> bool:
        """Whether it is still in progress."""
        return self.status in ("pending", "in-progress")


@dataclass(frozen=True, slots=True)
class ProjectState:
    """The facts of a project that concern production. Its secrets are not decoded."""

    id: str = ""
    auto_assign: bool | None = None
    """Whether a new production build gets the domains automatically; None: unknown.

    False: an instant rollback pins the domains, or the team promotes by hand; see `pinned_by_rollback`.
    """
    production: str | None = None
    """The deployment that the project names as production; what the domain resolves to takes precedence."""
    last_request: AliasRequest | None = None
    rollback_reason: str = ""
    """The reason given for the last instant rollback."""

    @property
    def pinned_by_rollback(self) -> bool | None:
        """Whether an instant rollback keeps new builds from going live; None: unknown.

        An instant rollback switches automatic assignment off, and any promotion switches it on. So where it is off, a rollback did
        it if that was the last request, and a person if the last request was a promotion.
        """
        if self.auto_assign is not False:
            return False
        asked = self.last_request
        if asked is None or asked.status == "failed":
            return None
        return {"rollback": True, "promote": False}.get(asked.type)


class _Request(msgspec.Struct, rename="camel"):
    to_deployment_id: str | None = None
    from_deployment_id: str | None = None
    job_status: str | None = None
    requested_at: int | None = None
    type: str | None = None


class _Target(msgspec.Struct):
    id: str = ""


class _Targets(msgspec.Struct):
    production: _Target | None = None


class _Note(msgspec.Struct):
    description: str | None = None


class _ProjectAnswer(msgspec.Struct, rename="camel"):
    id: str = ""
    auto_assign_custom_domains: bool | None = None
    targets: _Targets | None = None
    last_alias_request: _Request | None = None
    rollback_description: _Note | None = None

    def value(self) -> ProjectState:
        asked, note = self.last_alias_request, self.rollback_description
        live = self.targets.production if self.targets else None
        return ProjectState(
            id=self.id,
            auto_assign=self.auto_assign_custom_domains,
            production=live.id or None if live else None,
            last_request=AliasRequest(
                to=asked.to_deployment_id,
                from_=asked.from_deployment_id,
                status=asked.job_status or "",
                type=asked.type or "",
                at=asked.requested_at,
            )
            if asked and asked.to_deployment_id
            else None,
            rollback_reason=(note.description if note else None) or "",
        )


def project_path(vercel: Vercel, version: str = "v9") -> str:
    """The API's path of the project."""
    return f"/{version}/projects/{quote(vercel.access.project, safe='')}"


def project_state(vercel: Vercel) -> ProjectState:
    """The project as it is now.

    Raises:
        PlatformError: there is no answer.
    """
    return vercel.read(project_path(vercel), _ProjectAnswer, rollbackInfo="true").value()
