"""The project: what serves production by its word, what was asked of it last, and whether a new build goes live by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import msgspec

from postdeploy.vercel.client import Vercel

Job = Literal["pending", "in-progress", "succeeded", "failed", "skipped"]


@dataclass(frozen=True, slots=True)
class AliasRequest:
    """The last promotion or rollback that somebody asked for."""

    to: str
    from_: str | None
    """What was live before it; None: nothing, or not told."""
    status: str
    """pending, in-progress, succeeded, failed or skipped."""
    type: str
    """promote or rollback; empty: not told."""
    at: int | None
    """When it was asked for, epoch milliseconds by the platform's clock."""

    @property
    def pending(self) -> bool:
        """Whether the platform is still at it."""
        return self.status in ("pending", "in-progress")


@dataclass(frozen=True, slots=True)
class RollbackNote:
    """What somebody wrote beside an instant rollback, and when."""

    text: str
    at: int | None


@dataclass(frozen=True, slots=True)
class ProjectState:
    """What matters of a project for what serves production. Its secrets are not even decoded."""

    id: str = ""
    name: str = ""
    auto_assign: bool | None = None
    """Whether a new production build gets the domains by itself; None: not told, and then nothing may rest on it.

    False means an instant rollback that pins them, or somebody's decision to release by hand: `pinned_by_rollback`.
    """
    production: str | None = None
    """The deployment that serves production by the project's word; the domain's word counts more."""
    last_request: AliasRequest | None = None
    note: RollbackNote | None = None
    rolling_configured: bool = False

    @property
    def pinned_by_rollback(self) -> bool | None:
        """Whether an instant rollback keeps new builds from going live; None: it may as well be a decision, nobody can tell.

        An instant rollback switches the assignment off, and any promotion switches it on. So it is the rollback's doing if that
        was the last that was asked for, and a decision if the last was a promotion.
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


class _Note(msgspec.Struct, rename="camel"):
    description: str | None = None
    created_at: int | None = None


class _ProjectAnswer(msgspec.Struct, rename="camel"):
    id: str = ""
    name: str = ""
    auto_assign_custom_domains: bool | None = None
    targets: _Targets | None = None
    last_alias_request: _Request | None = None
    rollback_description: _Note | None = None
    rolling_release: object = None

    def value(self) -> ProjectState:
        asked, note = self.last_alias_request, self.rollback_description
        live = self.targets.production if self.targets else None
        return ProjectState(
            id=self.id,
            name=self.name,
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
            note=RollbackNote(note.description or "", note.created_at) if note else None,
            rolling_configured=bool(self.rolling_release),
        )


def project_path(vercel: Vercel, version: str = "v9") -> str:
    """Where the project is asked for."""
    return f"/{version}/projects/{quote(vercel.access.project, safe='')}"


def project_state(vercel: Vercel) -> ProjectState:
    """The project as it is now.

    Raises:
        PlatformError: the platform does not say.
    """
    return vercel.read(project_path(vercel), _ProjectAnswer, rollbackInfo="true").value()
