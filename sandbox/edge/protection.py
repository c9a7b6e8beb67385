"""Deployment protection: a wall for everybody without an account, and the ways around it for automation.

The secret is taken from the header or the query parameter ``x-vercel-protection-bypass``. Together with
``x-vercel-set-bypass-cookie`` it is exchanged for a cookie that is good for this host only, by a redirect to the same
address.
"""

from __future__ import annotations

import hmac
import secrets
import time
from typing import TYPE_CHECKING
from urllib.parse import quote

import jwt
from aiohttp import web

from sandbox.edge.pages import wants_html

if TYPE_CHECKING:
    from collections.abc import Collection

BYPASS = "x-vercel-protection-bypass"
SET_COOKIE = "x-vercel-set-bypass-cookie"
COOKIE = "_vercel_jwt"
LIFETIME = 24 * 3600


class Protection:
    """The wall in front of all deployments, except where people come in by a domain that it spares."""

    def __init__(self, secret: str, spared: Collection[str] = ()) -> None:
        self._secret = secret
        self._spared = spared

    def answer(self, request: web.Request) -> web.Response | None:
        """What the wall answers; None lets the request pass."""
        if request.host in self._spared:
            return None
        given = request.headers.get(BYPASS) or request.query.get(BYPASS)
        if given is not None and hmac.compare_digest(given, self._secret):
            wanted = request.headers.get(SET_COOKIE) or request.query.get(SET_COOKIE)
            return self._exchange(request, wanted) if wanted in {"true", "samesitenone"} else None
        if self._admits(request.cookies.get(COOKIE, ""), request.host):
            return None
        return _to_sign_in(request) if wants_html(request) else _unauthorized(request)

    def _exchange(self, request: web.Request, wanted: str | None) -> web.Response:
        """Hand out the cookie and send the visitor to the address without the secret in it."""
        target = request.rel_url.without_query_params(BYPASS, SET_COOKIE)
        response = web.Response(status=307, headers={"Location": str(target), "Cache-Control": "no-store, max-age=0"})
        now = int(time.time())
        claims = {"aud": request.host, "sub": "protection-bypass-automation", "iat": now, "exp": now + LIFETIME}
        response.set_cookie(
            COOKIE,
            jwt.encode(claims, self._key, algorithm="HS256"),
            path="/",
            httponly=True,
            secure=request.secure or wanted == "samesitenone",
            samesite="None" if wanted == "samesitenone" else "Lax",
        )
        return response

    def _admits(self, cookie: str, host: str) -> bool:
        try:
            jwt.decode(cookie, self._key, algorithms=["HS256"], audience=host)
        except jwt.InvalidTokenError:
            return False
        return True

    @property
    def _key(self) -> bytes:
        return hmac.digest(self._secret.encode(), COOKIE.encode(), "sha256")


def _to_sign_in(request: web.Request) -> web.Response:
    address = quote(f"{request.scheme}://{request.host}{request.rel_url}", safe="")
    nonce = secrets.token_hex(32)
    headers = {
        "Location": f"https://vercel.com/sso-api?url={address}&nonce={nonce}",
        "Cache-Control": "no-store, max-age=0",
        "X-Robots-Tag": "noindex",
        "X-Frame-Options": "DENY",
    }
    response = web.Response(status=302, text="Redirecting...\n", headers=headers)
    response.set_cookie("_vercel_sso_nonce", nonce, max_age=3600, path="/", httponly=True, samesite="Lax")
    return response


def _unauthorized(request: web.Request) -> web.Response:
    site = quote(f"{request.scheme}://{request.host}", safe="")
    body = {
        "error": {"code": "401", "message": "Protected deployment"},
        "protection": {
            "vercel_auth_enabled": True,
            "vercel_auth_callback": f"https://vercel.com/sso-api?url={site}",
            "password_enabled": False,
        },
    }
    return web.json_response(
        body, status=401, headers={"Cache-Control": "no-store, max-age=0", "X-Robots-Tag": "noindex"}
    )
