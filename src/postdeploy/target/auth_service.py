"""Asks the auth service directly: do the credentials, the app, or the service itself fail?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

from postdeploy.runbook.environment import User
from postdeploy.system.trust import authorities
from postdeploy.target.bundle import find_service
from postdeploy.target.connection import is_dns_failure, root_cause
from postdeploy.target.preflight import Target


class AuthAnswer(StrEnum):
    """What the auth service answers."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    KEY_REFUSED = "key refused"
    NO_SUCH_HOST = "no such host"
    UNUSABLE = "unusable"
    """It signs in, but the session that it issues can't be used, or not be renewed."""
    UNAVAILABLE = "unavailable"
    RATE_LIMITED = "rate limited"
    CAPTCHA = "captcha required"
    UNKNOWN = "could not be asked"


@dataclass(frozen=True, slots=True)
class AuthReply:
    """The answer, and a sentence for people."""

    answer: AuthAnswer
    sentence: str
    code: str = ""
    """The service's own word for a refusal."""


@dataclass(frozen=True, slots=True)
class AuthService:
    """The auth service that the scripts of the login page name. `timeout`: seconds for each answer."""

    target: Target
    login_path: str
    timeout: float

    def sign_in(self, user: User) -> AuthReply:
        """Try the password grant. Creates one session when accepted."""
        return self._exchange("POST", "token?grant_type=password", body=_credentials(user))[0]

    def try_session(self, user: User) -> AuthReply:
        """Sign in, use the session, renew it, and end it again: for after a failure, because it creates a session."""
        signed_in, session = self._exchange("POST", "token?grant_type=password", body=_credentials(user))
        if signed_in.answer is not AuthAnswer.ACCEPTED:
            return signed_in
        used = self.knows(str(session.get("access_token")))
        renewed, newer = self._exchange(
            "POST", "token?grant_type=refresh_token", body={"refresh_token": str(session.get("refresh_token"))}
        )
        token = newer.get("access_token") or session.get("access_token")
        self._exchange("POST", "logout?scope=local", headers={"authorization": f"Bearer {token}"})
        for reply, what in ((used, "refuses the session that it has just issued"), (renewed, "does not renew it")):
            if reply.answer is AuthAnswer.UNAVAILABLE:
                return reply
            if reply.answer is AuthAnswer.REFUSED:
                sentence = f"asked directly, the auth service signs in, but {what} ({reply.code})"
                return AuthReply(AuthAnswer.UNUSABLE, sentence, reply.code)
        return signed_in

    def renew(self, refresh_token: str) -> AuthReply:
        """Try to renew a session. Uses the refresh token up when accepted."""
        return self._exchange("POST", "token?grant_type=refresh_token", body={"refresh_token": refresh_token})[0]

    def knows(self, access_token: str) -> AuthReply:
        """Whether the session that this access token belongs to still exists. Changes nothing."""
        return self._exchange("GET", "user", headers={"authorization": f"Bearer {access_token}"})[0]

    def _exchange(
        self, method: str, what: str, *, body: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None
    ) -> tuple[AuthReply, dict[str, Any]]:
        found = find_service(self.target, self.login_path)
        if found is None:
            return AuthReply(AuthAnswer.UNKNOWN, "the served bundle does not name the auth service"), {}
        url, key = found
        sent = {"apikey": key, **(headers or {})}
        try:
            answer = httpx.request(
                method, f"{url}/auth/v1/{what}", json=body, headers=sent, timeout=self.timeout, verify=authorities()
            )
        except httpx.TimeoutException:
            sentence = f"asked directly, the auth service does not answer within {self.timeout:g} s"
            return AuthReply(AuthAnswer.UNAVAILABLE, sentence), {}
        except httpx.TransportError as error:
            if is_dns_failure(root_cause(error)):
                sentence = f"the auth service's host in the served bundle does not exist ({urlsplit(url).hostname})"
                return AuthReply(AuthAnswer.NO_SUCH_HOST, sentence), {}
            sentence = f"asked directly, the auth service can't be reached ({type(error).__name__})"
            return AuthReply(AuthAnswer.UNAVAILABLE, sentence), {}
        return _read(answer), _body(answer)


def _credentials(user: User) -> dict[str, str]:
    return {"email": user.email.reveal(), "password": user.password.reveal()}


def _read(answer: httpx.Response) -> AuthReply:
    status, body = answer.status_code, _body(answer)
    code = str(body.get("error_code") or body.get("code") or body.get("error") or status)
    if status == 200 and (body.get("access_token") or body.get("id")):
        return AuthReply(AuthAnswer.ACCEPTED, "asked directly, the auth service accepts them")
    if status >= 500:
        return AuthReply(AuthAnswer.UNAVAILABLE, f"asked directly, the auth service answers {status}")
    if status == 429:
        return AuthReply(AuthAnswer.RATE_LIMITED, "the auth service limits the rate of sign-ins (429)")
    if code == "captcha_failed":
        return AuthReply(AuthAnswer.CAPTCHA, "the auth service requires a CAPTCHA")
    if status in (401, 403) and "api key" in answer.text.casefold():
        sentence = "asked directly, the auth service refuses the key that the served bundle carries"
        return AuthReply(AuthAnswer.KEY_REFUSED, sentence)
    if status in (400, 401, 403, 422):
        return AuthReply(AuthAnswer.REFUSED, f"asked directly, the auth service refuses them too ({code})", code)
    return AuthReply(AuthAnswer.UNKNOWN, f"asked directly, the auth service answers {status}")


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
