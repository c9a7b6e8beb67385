"""Who is asking: bearer tokens and the user they belong to."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.platform.errors import INVALID_TOKEN, MISSING_TOKEN

if TYPE_CHECKING:
    from aiohttp import web


@dataclass(frozen=True)
class Account:
    """A user with one token. The token is of word characters only: the ``vercel`` command accepts no others."""

    id: str
    username: str
    email: str
    token: str
    default_team: str

    def public(self) -> dict[str, Any]:
        """The user as ``GET /v2/user`` shows it."""
        return {
            "id": self.id,
            "username": self.username,
            "email": self.email,
            "name": self.username.title(),
            "avatar": None,
            "version": "northstar",
            "defaultTeamId": self.default_team,
        }


def is_anonymous(request: web.Request) -> bool:
    """Whether the request carries no token at all."""
    return "Authorization" not in request.headers


def authenticate(request: web.Request, account: Account) -> None:
    """Refuse the request unless it carries the account's token."""
    if is_anonymous(request):
        raise MISSING_TOKEN
    scheme, _, token = request.headers["Authorization"].partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(token.encode(), account.token.encode()):
        raise INVALID_TOKEN
