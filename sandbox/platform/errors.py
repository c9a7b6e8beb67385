"""The platform's refusals: ``{"error": {"code", "message", …}}``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aiohttp import web


@dataclass(frozen=True)
class PlatformError(Exception):
    """A request that is refused."""

    status: int
    code: str
    message: str
    details: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def response(self) -> web.Response:
        """The answer as the API writes it."""
        return web.json_response(
            {"error": {"code": self.code, "message": self.message, **self.details}},
            status=self.status,
            headers=self.headers,
        )


MISSING_TOKEN = PlatformError(
    403, "forbidden", "The request is missing an authentication token", {"missingToken": True}
)
INVALID_TOKEN = PlatformError(403, "forbidden", "Not authorized", {"invalidToken": True})
NOT_A_MEMBER = PlatformError(403, "forbidden", "You don't have permission to access this resource.")
NO_ROUTE = PlatformError(404, "not_found", "The requested API endpoint was not found.")


def not_found(what: str) -> PlatformError:
    """Something that does not exist, or not in this team."""
    return PlatformError(404, "not_found", f"{what} not found.")


def bad_request(message: str) -> PlatformError:
    """A parameter that cannot be understood."""
    return PlatformError(400, "bad_request", message)
