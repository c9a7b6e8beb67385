"""The auth service's refusals, in the two JSON shapes Supabase Auth has had.

Clients that send ``X-Supabase-Api-Version: 2024-01-01`` or later get ``{"code": "<name>", "message": …}`` and the
version echoed; others get the first shape, ``{"code": <status>, "error_code": "<name>", "msg": …}``.
"""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

VERSION_HEADER = "X-Supabase-Api-Version"
NAMED_CODES = "2024-01-01"
"""The API version from which on ``code`` is a name."""


@dataclass(frozen=True)
class AuthError(Exception):
    """A request that is refused; ``code`` is the name clients switch on."""

    status: int
    code: str
    message: str

    def response(self, request: web.Request) -> web.Response:
        """The answer, in the shape this client understands."""
        headers = {"x-sb-error-code": self.code}
        if request.headers.get(VERSION_HEADER, "") >= NAMED_CODES:
            headers[VERSION_HEADER] = NAMED_CODES
            return web.json_response({"code": self.code, "message": self.message}, status=self.status, headers=headers)
        body = {"code": self.status, "error_code": self.code, "msg": self.message}
        return web.json_response(body, status=self.status, headers=headers)


INVALID_CREDENTIALS = AuthError(400, "invalid_credentials", "Invalid login credentials")
REFRESH_TOKEN_REQUIRED = AuthError(400, "validation_failed", "refresh_token required")
REFRESH_TOKEN_NOT_FOUND = AuthError(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found")
REFRESH_TOKEN_ALREADY_USED = AuthError(400, "refresh_token_already_used", "Invalid Refresh Token: Already Used")
UNSUPPORTED_GRANT = AuthError(400, "invalid_credentials", "unsupported_grant_type")
CAPTCHA_FAILED = AuthError(
    400, "captcha_failed", "captcha protection: request disallowed (no captcha_token found in request)"
)
BAD_JSON = AuthError(400, "bad_json", "Could not parse request body as JSON")
NO_AUTHORIZATION = AuthError(401, "no_authorization", "This endpoint requires a valid Bearer token")
SESSION_NOT_FOUND = AuthError(403, "session_not_found", "Session from session_id claim in JWT does not exist")
NOT_FOUND = AuthError(404, "not_found", "404 page not found")
RATE_LIMITED = AuthError(429, "over_request_rate_limit", "Request rate limit reached")
UNEXPECTED_FAILURE = AuthError(
    500, "unexpected_failure", "Unexpected failure, please check server logs for more information"
)


def bad_jwt(reason: str) -> AuthError:
    """An access token that cannot be accepted, and why."""
    return AuthError(403, "bad_jwt", f"invalid JWT: unable to parse or verify signature, {reason}")
