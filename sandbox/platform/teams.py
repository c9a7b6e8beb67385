"""The team that owns the project, and the scope of a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.platform.errors import NOT_A_MEMBER, not_found

if TYPE_CHECKING:
    from aiohttp import web


@dataclass(frozen=True)
class Team:
    """A team, known by its id and by its slug."""

    id: str
    slug: str
    name: str
    created_at: int
    creator: str

    def public(self) -> dict[str, Any]:
        """The team as ``GET /v2/teams/{id}`` shows it."""
        return {
            "id": self.id,
            "slug": self.slug,
            "name": self.name,
            "avatar": None,
            "description": None,
            "createdAt": self.created_at,
            "creatorId": self.creator,
            "membership": {"role": "OWNER", "confirmed": True, "uid": self.creator, "teamId": self.id},
            "billing": {"plan": "pro"},
        }

    def named(self, id_or_slug: str) -> bool:
        """Whether this team is meant."""
        return id_or_slug in {self.id, self.slug}

    def require(self, request: web.Request, what: str) -> None:
        """Refuse a request for something of the team that is made in another scope.

        Without ``teamId`` or ``slug`` the scope is the user's own account, which owns nothing.
        """
        scope = request.query.get("teamId") or request.query.get("slug")
        if scope is None:
            raise not_found(what)
        if not self.named(scope):
            raise NOT_A_MEMBER
