"""The auth service's endpoints, under ``/auth/v1`` as on a Supabase project."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jwt
from aiohttp import web

from sandbox.auth import errors
from sandbox.auth.condition import Condition
from sandbox.auth.sessions import Session, Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiohttp.typedefs import Handler

    from sandbox.auth.keys import Keys
    from sandbox.auth.users import User

PREFIX = "/auth/v1"
OPEN = {f"{PREFIX}/.well-known/jwks.json"}
"""Paths that want no api key."""
LIFETIME = 3600
"""Seconds an access token is good for; the default of a Supabase project."""


class AuthService:
    """Signs users in, renews their tokens and signs them out, unless its condition keeps it from doing so."""

    def __init__(self, url: str, keys: Keys, users: Iterable[User], clock: Callable[[], float] = time.time) -> None:
        self.condition = Condition.HEALTHY
        self.left_hanging = 0
        """How many requests it has left hanging."""
        self._issuer = url + PREFIX
        self._keys = keys
        self._users = {user.email: user for user in users}
        self._clock = clock
        self._sessions = Sessions(clock)
        self._hanging = asyncio.Event()
        self.lifetime = LIFETIME
        """Seconds for which an access token is valid."""

    def application(self) -> web.Application:
        """The service as an aiohttp application."""
        application = web.Application(middlewares=[self._cross_origin, self._conditions, self._api_key, self._refusals])
        application.add_routes(
            [
                web.post(f"{PREFIX}/token", self._token),
                web.get(f"{PREFIX}/user", self._user),
                web.post(f"{PREFIX}/logout", self._logout),
                web.get(f"{PREFIX}/settings", self._settings),
                web.get(f"{PREFIX}/health", self._health),
                web.get(f"{PREFIX}/.well-known/jwks.json", self._jwks),
            ]
        )
        return application

    @property
    def sign_ins(self) -> int:
        """The number of sign-ins so far."""
        return self._sessions.begun

    @property
    def renewals(self) -> int:
        """The number of renewed sessions so far."""
        return self._sessions.renewed

    def user(self, email: str) -> User:
        """The user with this address."""
        return self._users[email]

    def end_all_sessions(self, email: str) -> None:
        """Sign a user out everywhere."""
        self._sessions.end_all(self._users[email])

    def switch(self, condition: Condition) -> None:
        """Change the condition; requests that hang are dropped. Call it in the service's event loop."""
        self.condition = condition
        self._hanging.set()
        self._hanging = asyncio.Event()

    # -- what every request goes through, outermost first ---------------------------------------------------------

    @web.middleware
    async def _cross_origin(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Let browsers of any origin call the service, as Supabase does."""
        if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
            response: web.StreamResponse = web.Response(status=204)
            response.headers["Access-Control-Allow-Methods"] = "GET,HEAD,PUT,PATCH,POST,DELETE,OPTIONS"
            asked = request.headers.get("Access-Control-Request-Headers", "*")
            response.headers["Access-Control-Allow-Headers"] = asked
            response.headers["Access-Control-Max-Age"] = "3600"
        else:
            response = await handler(request)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = f"X-Total-Count, Link, {errors.VERSION_HEADER}"
        return response

    @web.middleware
    async def _conditions(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.condition is Condition.HANGING:
            self.left_hanging += 1
            await self._hanging.wait()
            if request.transport is not None:
                request.transport.abort()
        if self.condition is Condition.FAILING:
            return errors.UNEXPECTED_FAILURE.response(request)
        return await handler(request)

    @web.middleware
    async def _api_key(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """The gateway in front of the service: without the project's key nothing is answered."""
        key = request.headers.get("apikey") or request.query.get("apikey")
        if request.path in OPEN or key in {self._keys.anon_key, self._keys.service_key}:
            return await handler(request)
        if key:
            hint = "Double check your Supabase `anon` or `service_role` API key."
            return web.json_response({"message": "Invalid API key", "hint": hint}, status=401)
        hint = "No `apikey` request header or url param was found."
        return web.json_response({"message": "No API key found in request", "hint": hint}, status=401)

    @web.middleware
    async def _refusals(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except errors.AuthError as refusal:
            return refusal.response(request)
        except web.HTTPNotFound:
            return errors.NOT_FOUND.response(request)

    # -- endpoints ------------------------------------------------------------------------------------------------

    async def _token(self, request: web.Request) -> web.Response:
        grants = {"password": self._sign_in, "refresh_token": self._refresh}
        grant = grants.get(request.query.get("grant_type", ""))
        if grant is None:
            raise errors.UNSUPPORTED_GRANT
        if self.condition is Condition.RATE_LIMITED:
            raise errors.RATE_LIMITED
        try:
            body = await request.json()
        except json.JSONDecodeError as error:
            raise errors.BAD_JSON from error
        session, refresh_token = grant(body)
        return web.json_response(self._grant(session, refresh_token), headers={"Cache-Control": "no-store"})

    def _sign_in(self, body: dict[str, Any]) -> tuple[Session, str]:
        if self.condition is Condition.CAPTCHA_REQUIRED:
            raise errors.CAPTCHA_FAILED
        user = self._users.get(str(body.get("email", "")).lower())
        if user is None or not user.knows(str(body.get("password", ""))):
            raise errors.INVALID_CREDENTIALS
        user.last_sign_in_at = datetime.fromtimestamp(self._clock(), UTC)
        return self._sessions.begin(user)

    def _refresh(self, body: dict[str, Any]) -> tuple[Session, str]:
        token = body.get("refresh_token")
        if not token:
            raise errors.REFRESH_TOKEN_REQUIRED
        if self.condition in (Condition.REFRESH_REJECTED, Condition.ISSUES_EXPIRED, Condition.FORGETS):
            raise errors.REFRESH_TOKEN_NOT_FOUND
        return self._sessions.refresh(str(token))

    async def _user(self, request: web.Request) -> web.Response:
        return web.json_response(self._session(request).user.public())

    async def _logout(self, request: web.Request) -> web.Response:
        session = self._session(request)
        match request.query.get("scope", "global"):
            case "local":
                self._sessions.end(session)
            case "others":
                self._sessions.end_all(session.user, but=session)
            case _:
                self._sessions.end_all(session.user)
        return web.Response(status=204)

    async def _settings(self, _request: web.Request) -> web.Response:
        return web.json_response(
            {
                "external": {"email": True, "google": True, "phone": False, "anonymous_users": False},
                "disable_signup": False,
                "mailer_autoconfirm": False,
                "phone_autoconfirm": False,
                "sms_provider": "",
                "saml_enabled": False,
            }
        )

    async def _health(self, _request: web.Request) -> web.Response:
        description = "GoTrue is a user registration and authentication API"
        return web.json_response({"version": "v2.190.0", "name": "GoTrue", "description": description})

    async def _jwks(self, _request: web.Request) -> web.Response:
        return web.json_response(self._keys.jwks(), headers={"Cache-Control": "public, max-age=600"})

    # -- tokens ---------------------------------------------------------------------------------------------------

    def _session(self, request: web.Request) -> Session:
        """The session whose access token the request carries."""
        if self.condition is Condition.FORGETS:
            raise errors.bad_jwt("session is not known")
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise errors.NO_AUTHORIZATION
        try:
            claims = self._keys.verify(token)
        except jwt.ExpiredSignatureError as error:
            raise errors.bad_jwt("token has invalid claims: token is expired") from error
        except jwt.InvalidTokenError as error:
            raise errors.bad_jwt("token is unverifiable") from error
        return self._sessions.find(str(claims["session_id"]))

    def _grant(self, session: Session, refresh_token: str) -> dict[str, Any]:
        """What a successful sign-in or refresh answers."""
        now = int(self._clock()) - (2 * self.lifetime if self.condition is Condition.ISSUES_EXPIRED else 0)
        return {
            "access_token": self._keys.sign(self._claims(session, now)),
            "token_type": "bearer",
            "expires_in": self.lifetime,
            "expires_at": now + self.lifetime,
            "refresh_token": refresh_token,
            "user": session.user.public(),
            "weak_password": None,
        }

    def _claims(self, session: Session, now: int) -> dict[str, Any]:
        user = session.user.public()
        return {
            "iss": self._issuer,
            "sub": session.user.id,
            "aud": "authenticated",
            "exp": now + self.lifetime,
            "iat": now,
            "email": session.user.email,
            "phone": "",
            "app_metadata": user["app_metadata"],
            "user_metadata": user["user_metadata"],
            "role": "authenticated",
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": session.signed_in_at}],
            "session_id": session.id,
            "is_anonymous": False,
        }
